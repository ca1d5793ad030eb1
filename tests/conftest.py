"""The five articles, indexed once a session by the real engine with the embedded model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.engine import Engine, build_index
from rag.evaluation.gold import GoldQuestion, read_gold
from rag.settings import Settings

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="session")
def seeds() -> Path:
    return SEEDS


@pytest.fixture(scope="session")
def gold() -> list[GoldQuestion]:
    return read_gold(SEEDS / "questions.jsonl")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the five articles in it."""
    folder = tmp_path_factory.mktemp("isnad") / "home"
    report = build_index(Settings(home=folder), [SEEDS])
    assert not report.failed
    return folder


@pytest.fixture(scope="session")
def settings(home: Path) -> Settings:
    return Settings(home=home)


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    opened = Engine.open(settings)
    yield opened
    opened.close()
