"""What the first screen says where there is nothing to offer."""

from pathlib import Path

from api.access import EngineAccess
from rag.engine import build_index
from rag.settings import load_settings
from ui.chat_tab import beginning
from ui.texts import TEXTS


def test_it_says_that_it_is_not_ready(tmp_path: Path) -> None:
    access = EngineAccess(load_settings(home=tmp_path / "none"))
    assert beginning(access, "ar") == ([], TEXTS["ar"].not_ready)


def test_it_says_that_there_are_no_articles(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    empty = tmp_path / "articles"
    empty.mkdir()
    build_index(settings, [empty])
    assert beginning(EngineAccess(settings), "fr") == ([], TEXTS["fr"].no_articles)
