"""What the first screen says where there is nothing to offer."""

from pathlib import Path

from api.access import EngineAccess
from rag.engine import build_index
from rag.settings import load_settings
from ui.texts import TEXTS
from ui.window import Window


def test_it_says_that_it_is_not_ready(tmp_path: Path) -> None:
    window = Window(EngineAccess(load_settings(home=tmp_path / "none")))
    assert window.beginning(TEXTS["ar"]) == ([], TEXTS["ar"].not_ready)


def test_it_says_that_there_are_no_articles(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    empty = tmp_path / "articles"
    empty.mkdir()
    build_index(settings, [empty])
    window = Window(EngineAccess(settings))
    assert window.beginning(TEXTS["fr"]) == ([], TEXTS["fr"].no_articles)
