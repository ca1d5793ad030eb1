"""A transformer model in place of the embedded one, from the folder to the answer."""

from pathlib import Path

import pytest

from rag.answer.body import answer_body
from rag.engine import Engine
from rag.errors import IndexMismatch
from rag.indexing import build_index
from rag.records import Question
from rag.settings import Settings


@pytest.mark.parametrize("kind", ["plain", "e5", "prompted"])
def test_any_model_indexes_and_answers(
    kind: str, tiny_folders: dict[str, Path], tmp_path: Path, seeds: Path
) -> None:
    settings = Settings(
        home=tmp_path / "home", embedding_model=str(tiny_folders[kind]), device="cpu"
    )
    report = build_index(settings, [seeds])
    assert not report.failed
    # The tiny models read 16 tokens: what is cut off is told.
    assert all(outcome.truncated > 0 for outcome in report.outcomes)
    engine = Engine.open(settings)
    body = answer_body(engine.ask(Question("كم وزيرا شارك في اجتماع روما؟")))
    assert body["status"] in ("answered", "abstained")
    assert body["index"]["embedding_model"] == str(tiny_folders[kind])
    with pytest.raises(IndexMismatch, match="embedding model"):
        Engine.open(Settings(home=settings.home))
