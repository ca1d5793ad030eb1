"""Files are prepared in processes of their own as they are in a thread, in order, or it is told."""

import sqlite3
from pathlib import Path

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.corpus.extracted import Limits
from rag.errors import IndexUnavailable
from rag.index import ingest, store, workers
from rag.index.build import sync
from rag.index.prepare import File, Preparer
from rag.index.workers import Workers

TABLES = (
    'SELECT id, article, start, "end", parts, language, vector, part_vectors, crc FROM chunks',
    "SELECT * FROM articles",
    "SELECT word, sound, vector FROM vocabulary ORDER BY word",
    "SELECT * FROM sketches",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(workers.os, "sched_getaffinity", lambda _: {0, 1})


def rows(home: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(home / store.FILE)
    found = [connection.execute(query).fetchall() for query in TABLES]
    connection.close()
    return found


def test_processes_make_the_index_that_a_thread_makes(
    seeds: Path, tmp_path: Path, encoder: Encoder, request: pytest.FixtureRequest
) -> None:
    sync(tmp_path / "one", encoder, [seeds])
    request.getfixturevalue("processes")
    request.getfixturevalue("monkeypatch").setattr(ingest, "_BYTES_A_BATCH", 1)
    sync(tmp_path / "many", encoder, [seeds])
    assert rows(tmp_path / "many") == rows(tmp_path / "one")


@pytest.mark.usefixtures("processes")
def test_results_come_in_the_order_of_the_files(encoder: Encoder) -> None:
    many = Workers(Preparer(encoder, Limits()))
    texts = ["A short text about herrings.", "A longer text about bread. " * 400]
    try:
        for n in range(12):
            many.submit([File(f"{n}.txt", texts[n % 2].encode(), {})])
            assert len(list(many.finished())) <= 1
        lengths = [
            len(done.files[0].documents[0].chunks) for done in many.finished(all_of_them=True)
        ]
    finally:
        many.close()
    assert len(lengths) == 4
    assert [length > 1 for length in lengths] == [False, True, False, True]


@pytest.mark.usefixtures("processes")
def test_a_process_that_is_killed_is_told(encoder: Encoder) -> None:
    many = Workers(Preparer(encoder, Limits()))
    try:
        many.submit([File("a.txt", b"A short text about herrings.", {})])
        list(many.finished(all_of_them=True))
        for process in many._processes:
            process._process.kill()
        many.submit([File("b.txt", b"A short text about bread.", {})])
        with pytest.raises(IndexUnavailable, match="was ended"):
            list(many.finished(all_of_them=True))
    finally:
        many.close()
