"""Files are prepared in processes of their own as they are in a thread, in order, or it is told."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.corpus.extracted import Limits
from rag.errors import IndexUnavailable
from rag.index import ingest, prepare, store, workers
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


def lines_of(count: int) -> list[str]:
    """Articles as lines of JSON; every seventh is none, and every eleventh is there twice."""
    texts = (
        f"Article {n - n % 11 // 10} tells of the {n - n % 11 // 10} herrings."
        for n in range(count)
    )
    return ["{bad" if n % 7 == 3 else json.dumps({"text": text}) for n, text in enumerate(texts)]


@pytest.mark.usefixtures("processes")
def test_lines_are_prepared_in_pieces_as_they_are_at_once(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("\n".join(["", *lines_of(60), ""]), "utf-8")
    whole = sync(tmp_path / "one", encoder, [file])
    monkeypatch.setattr(ingest, "_BYTES_A_BATCH", 200)
    assert len(prepare.pieces(File("many.jsonl", file.read_bytes(), {}), 200)) > 10
    assert sync(tmp_path / "many", encoder, [file]) == whole
    assert rows(tmp_path / "many") == rows(tmp_path / "one")
    assert [o.detail.split(":")[0] for o in whole.outcomes[1:]] == [
        f"line {n}" for n in range(5, 62, 7)
    ]
    assert "articles of it are indexed already" in whole.outcomes[0].detail


def test_a_file_of_pieces_is_replaced_at_once_or_not(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, home = tmp_path / "many.jsonl", tmp_path / "home"
    monkeypatch.setattr(ingest, "_BYTES_A_BATCH", 200)
    file.write_text("\n".join(f'{{"text": "Article {n} tells of herrings."}}' for n in range(40)))
    assert sync(home, encoder, [file]).articles == 40
    before = rows(home)
    file.write_text("\n".join(f'{{"text": "Article {n} tells of bread."}}' for n in range(40)))
    put, seen = store.put, []

    def failing(connection: sqlite3.Connection, *rest: Any) -> list[int]:
        if len(seen) == 5:
            raise sqlite3.OperationalError("database or disk is full")
        seen.append(rows(home))  # as another connection has it meanwhile
        return put(connection, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(store, "put", failing)
        with pytest.raises(IndexUnavailable, match="disk is full"):
            sync(home, encoder, [file])
    assert rows(home) == before
    assert all(found == before for found in seen)
    assert [o.action for o in sync(home, encoder, [file]).outcomes] == ["changed"]
    assert [o.action for o in sync(home, encoder, [file]).outcomes] == ["unchanged"]


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
