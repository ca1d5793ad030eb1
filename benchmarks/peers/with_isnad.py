"""Isnad, by `rag.engine`: what `isnad index` and `POST /search` call.

A passage is an article, which Isnad may cut into several: more are asked for than are wanted, and
an article counts by its best one.
"""

from pathlib import Path

from benchmarks.peers.worker import TOP, Search
from embeddings import EMBEDDED, MODEL_FOLDER
from rag.engine import Engine
from rag.indexing import build_index
from rag.settings import Settings

_ASKED_FOR = 2 * TOP


def load(model: str) -> str:
    """The name of the encoder; the engine loads it, which takes hundredths of a second when it is
    the embedded one."""
    return EMBEDDED if Path(model).resolve() == MODEL_FOLDER else model


def index(loaded: str, source: Path, folder: Path) -> None:
    """As `isnad index PASSAGES` does."""
    report = build_index(_settings(loaded, folder), [source])
    if report.failed:
        raise ValueError([o.detail for o in report.outcomes if o.action == "failed"][:3])


def opened(loaded: str, folder: Path) -> Search:
    """As a server does on starting."""
    engine = Engine.open(_settings(loaded, folder))

    def one(question: str) -> list[str]:
        hits = engine.search(question, top_k=_ASKED_FOR)
        return list(dict.fromkeys((hit.article.url or "").rpartition("/")[2] for hit in hits))[:TOP]

    def many(questions: list[str]) -> list[list[str]]:
        return list(map(one, questions))  # two threads take the interpreter from each other

    return Search(one, many)


def _settings(model: str, folder: Path) -> Settings:
    return Settings(home=folder, embedding_model=model)
