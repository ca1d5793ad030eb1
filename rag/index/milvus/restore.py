"""Make a data folder's store of the copy in Milvus: after the folder was lost, or to leave Milvus.

The store is the one that was copied, to the last chunk's number, so that it goes on writing to the
same copy. Uploads come back as files; other articles' files are expected where they were.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

import numpy as np
from pymilvus import MilvusClient

from rag.corpus.text import analysed
from rag.errors import IndexMissing, IndexUnavailable
from rag.index import derived, near, store
from rag.index.files import save_roots
from rag.index.lock import writing
from rag.index.milvus import records, schema
from rag.index.milvus.schema import name
from rag.index.milvus.state import Published, published
from rag.index.milvus.write import Progress, remember
from rag.index.opened import Passage
from rag.index.rows import article_row, chunk_row
from rag.records import Document

_WORDS_A_BATCH = 1_000


def restore(
    client: MilvusClient, home: Path, *, progress: Progress = lambda done, total: None
) -> None:
    """Make the store in ``home`` of what is searched in Milvus.

    Raises:
        IndexMissing: there is nothing in Milvus.
        IndexMismatch: what is there was written by another version.
        IndexUnavailable: there is an index in ``home``, or it cannot be written.
    """
    state = published(client)
    if state is None:
        raise IndexMissing("there is no index in Milvus to copy")
    if store.has_index(home):
        raise IndexUnavailable(f"{home} holds an index already; name a new folder with --home")
    made_with = state.manifest
    made_with.check(embedding_model=made_with.embedding_model, dimension=made_with.dimension)
    schema.load(client, state.lineage)
    with writing(home), closing(store.connect(home, write=True)) as connection:
        store.begin(connection)
        store.create_schema(connection)
        store.write_manifest(connection, state.manifest)
        _restore_files(client, connection, home, state)
        _restore_chunks(client, connection, state, progress)
        _restore_words(client, connection, state)
        store.go_on_from(connection, state.copied)
        connection.execute("COMMIT")
        derived.catch_up(home, connection, state.lineage)
        save_roots(home, store.roots(connection))
        remember(home, state)


def _bodies(client: MilvusClient, state: Published, condition: str) -> Iterator[tuple[str, str]]:
    """Owner and whole body of the records that meet ``condition``."""
    rows = records.every(client, name(state.lineage, "records"), condition, ["id", "n", "body"])
    for key, body in records.joined(rows).items():
        yield key.partition(":")[2], body


def _restore_files(
    client: MilvusClient, connection: sqlite3.Connection, home: Path, state: Published
) -> None:
    """The roots, what was removed, and each file with its articles."""
    for _, root in _bodies(client, state, f'kind == "{records.ROOT}"'):
        store.add_root(connection, root)
    for _, article in _bodies(client, state, f'kind == "{records.REMOVED}"'):
        store.add_removed(connection, article)
    for key, body in _bodies(client, state, f'kind == "{records.FILE}"'):
        file = records.file_of(body)
        store.put_file(connection, file)
        of_file = f'file == "{key}" and kind == '
        texts = dict(_bodies(client, state, f'{of_file}"{records.TEXT}"'))
        for article_id, article in _bodies(client, state, f'{of_file}"{records.ARTICLE}"'):
            document = Document(records.article_of(article)[0], texts[article_id])
            store.put(connection, [(file.path, article_row(document), [])])
        for _, data in _bodies(client, state, f'{of_file}"{records.UPLOAD}"'):
            (home / file.path).parent.mkdir(parents=True, exist_ok=True)
            (home / file.path).write_bytes(records.bytes_of(data))


def _restore_chunks(
    client: MilvusClient, connection: sqlite3.Connection, state: Published, progress: Progress
) -> None:
    """The chunks, and of each article what tells near duplicates."""
    done = 0
    for article_id, group in groupby(_passages(client, state), lambda p: p[0].chunk.article_id):
        hashes = b""
        for passage, language in group:
            row = chunk_row(
                passage.chunk, language, passage.text, passage.vector, passage.part_vectors
            )
            store.put_chunk(connection, passage.id, row)
            hashes += analysed(passage.text).hashes
            done += 1
        near.put_sketch(connection, article_id, near.sketch(hashes))
        progress(done, state.passages)


def _passages(client: MilvusClient, state: Published) -> Iterator[tuple[Passage, str]]:
    """Every passage with its language, by id."""
    fields = records.PASSAGE_FIELDS
    for row in records.every(client, name(state.lineage, "passages"), "", fields):
        parts = row["part_vectors"]
        if not parts:
            owner = f'kind == "{records.PARTS}" and owner == "{row["id"]}"'
            ((_, parts),) = _bodies(client, state, owner)
        yield records.passage_of(row, parts), row["language"]


def _restore_words(client: MilvusClient, connection: sqlite3.Connection, state: Published) -> None:
    rows = list(records.every(client, name(state.lineage, "words"), "", ["word", "vector"]))
    for at in range(0, len(rows), _WORDS_A_BATCH):
        some = rows[at : at + _WORDS_A_BATCH]
        vectors = np.array([row["vector"] for row in some], np.float32)
        store.put_words(connection, [row["word"] for row in some], vectors)
