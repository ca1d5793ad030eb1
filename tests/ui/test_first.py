"""What is shown before anything was asked."""

from html import unescape
from pathlib import Path

import pytest

from api.access import EngineAccess
from rag.engine import Engine
from rag.indexing import build_index
from rag.settings import Settings, load_settings
from ui.first import first_screen
from ui.markup import shown
from ui.suggestions import example_questions
from ui.texts import NAMES, TEXTS, Language


def test_it_says_that_it_is_not_ready(tmp_path: Path) -> None:
    access = EngineAccess(load_settings(home=tmp_path / "none"))
    assert shown(TEXTS["ar"].not_ready) in first_screen(access, "ar")


def test_without_articles_it_invites_to_add_some(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    empty = tmp_path / "articles"
    empty.mkdir()
    build_index(settings, [empty])
    screen = first_screen(EngineAccess(settings), "fr")
    assert shown(TEXTS["fr"].empty_how) in screen
    assert 'data-do="articles"' in screen


@pytest.mark.parametrize("language", TEXTS)
def test_it_names_the_articles_and_what_could_be_asked(
    settings: Settings, engine: Engine, language: Language
) -> None:
    screen = unescape(first_screen(EngineAccess(settings), language))
    assert TEXTS[language].about in screen
    for article in engine.articles():
        for known in (article.title, article.author, article.published):
            assert known is None or known in screen
    assert screen.count(f">{NAMES['ar']}<") == len(engine.articles())
    examples = example_questions(engine, TEXTS[language])
    assert len(examples) == 4
    assert all(example.offered in screen for example in examples)
