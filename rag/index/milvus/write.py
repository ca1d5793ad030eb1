"""Bring the copy in Milvus in line with the store in a data folder.

The store is the truth, and one process writes it; the copy is what many search. It is brought in
line by what came, changed or went since its marks, in an order in which nothing is found that
cannot be quoted; only then does it name its new state. What was written but not named, as the
process was killed, is written again with the same result. A store that was made anew is copied
beside the old one, and takes its place by the alias.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from pymilvus import MilvusClient

from rag.corpus.text import analysed
from rag.errors import IndexMissing, IndexUnavailable
from rag.index import derived, lexical, store
from rag.index.files import UPLOADS, root_of
from rag.index.lock import writing
from rag.index.milvus import records, schema, sparse
from rag.index.milvus.client import call
from rag.index.milvus.filters import one_of
from rag.index.milvus.schema import name
from rag.index.milvus.state import Published, note, publish, published, seen
from rag.index.opened import Background, Passage
from rag.index.rows import telling_sound
from rag.index.vectors import background

Progress = Callable[[int, int], None]

STATE = "milvus.json"
_PASSAGES_A_BATCH = 256
_FILES_A_BATCH = 100
_ROWS_A_BATCH = 2_000
# Tokens whose frequencies are kept in memory until they are written.
_TOKENS_AT_ONCE = 500_000
# Passages whose lengths stand for all.
_MEASURED = 2_000


def copy(
    client: MilvusClient, home: Path, *, progress: Progress = lambda done, total: None
) -> None:
    """Bring the copy in line with the store in ``home``, and name it as what is searched.

    Raises:
        IndexMissing, IndexBusy, IndexUnavailable: the store cannot be read, or Milvus not written.
    """
    with writing(home), store.reading(home) as connection:
        manifest = store.read_manifest(connection)
        if manifest is None:
            raise IndexMissing(f"there is no index in {home} to copy")
        there = published(client)
        if there is not None and _is_of_now(there, connection, manifest):
            return
        if there is not None and there.lineage == manifest.lineage:
            there = replace(there, before="")
        else:
            there = _begin(client, connection, manifest, there.lineage if there else "")
        schema.load(client, there.lineage)
        state = _follow(client, connection, there, home, progress)
        remember(home, state)
        _drop_others(client, state)


def wrong_with_copy(client: MilvusClient, home: Path) -> str:
    """What is wrong with the copy of the store in ``home``, by what it says of itself; empty where
    nothing is.

    Raises:
        IndexUnavailable: the store cannot be read, or Milvus not reached.
    """
    there = published(client)
    if there is None:
        return "is missing"
    if there.manifest.stamp not in _stamps(home):
        return "is of another data folder"
    with store.reading(home) as connection:
        manifest = store.read_manifest(connection)
        in_line = manifest is not None and _is_of_now(there, connection, manifest)
    return "" if in_line else "is behind the store"


def _is_of_now(there: Published, connection: sqlite3.Connection, manifest: store.Manifest) -> bool:
    return (there.manifest, there.copied) == (manifest, store.marks(connection))


def check_own(client: MilvusClient, home: Path) -> None:
    """Refuse to write where the copy is of another data folder than ``home``.

    Raises:
        IndexUnavailable: says what to do.
    """
    there = published(client)
    if there is not None and there.manifest.stamp not in _stamps(home):
        raise IndexUnavailable(
            "this process can search the index in Milvus, but not write it: it is a copy of another"
            " data folder's. Write from that one, or make a new folder the one that writes with:"
            " isnad migrate local --home FOLDER"
        )


def _stamps(home: Path) -> set[str]:
    """The states of the copy that this data folder's store is, or comes after."""
    found = set()
    with suppress(OSError, ValueError, LookupError):
        found.add(str(json.loads((home / STATE).read_bytes())["stamp"]))
    if store.has_index(home):
        with store.reading(home) as connection:
            manifest = store.read_manifest(connection)
            found |= {manifest.stamp} if manifest else set()
    return found


def remember(home: Path, state: Published) -> None:
    """Note that the copy is of this data folder, and that nobody else has written it since."""
    new = home / f".{STATE}"
    new.write_text(json.dumps({"stamp": state.manifest.stamp}))
    new.replace(home / STATE)


def _words_of(
    home: Path, connection: sqlite3.Connection, manifest: store.Manifest
) -> lexical.LexicalIndex:
    """The word index, which a writer that was killed may have left behind the store."""
    state, last = derived.read_state(home), store.marks(connection)
    if state is None or (state.last_chunk, state.last_drop) != (last.chunk, last.dropped):
        derived.catch_up(home, connection, manifest.lineage)
        state = derived.read_state(home)
    return lexical.load(home / (state.folder if state else ""))


def _begin(
    client: MilvusClient, connection: sqlite3.Connection, manifest: store.Manifest, before: str
) -> Published:
    """Collections for a store of which there is no copy yet: those of one that was begun, else
    empty ones."""
    if (begun := published(client, name(manifest.lineage, "passages"))) is not None:
        return replace(begun, before=before)
    schema.create(client, manifest.lineage, manifest.dimension)
    sample = islice(_fields(connection), _MEASURED)
    return Published(
        manifest,
        store.Marks(),
        articles=0,
        passages=0,
        background=Background(0.0, 1.0),
        means=sparse.mean_lengths(sample),
        before=before,
    )


def _fields(connection: sqlite3.Connection) -> Iterator[sparse.Fields]:
    for _, title, text, _ in store.chunk_texts(connection):
        yield lexical.by_name(lexical.fields(title, analysed(text)))


def _follow(
    client: MilvusClient,
    connection: sqlite3.Connection,
    before: Published,
    home: Path,
    progress: Progress,
) -> Published:
    """Write what came since ``before``, drop what went, and name the new state."""
    manifest = store.read_manifest(connection) or before.manifest
    copied, lineage = before.copied, before.lineage
    _write(client, name(lineage, "words"), _words(connection, copied.word))
    _write_named(client, connection, lineage)
    stale = _write_files(client, connection, before, home)
    word_index = _words_of(home, connection, manifest)
    _write_passages(client, connection, before, word_index, progress)
    dropped = store.dropped_chunks(connection, after=copied.dropped)
    _drop_passages(client, lineage, [passage for passage in dropped if passage <= copied.chunk])
    _delete(client, name(lineage, "records"), stale)
    state = replace(
        before,
        manifest=manifest,
        copied=store.marks(connection),
        articles=store.count_articles(connection),
        passages=store.count_chunks(connection),
        background=background(home, connection, manifest),
    )
    state = seen(client, state)
    publish(client, state)
    return state


def _words(connection: sqlite3.Connection, after: int) -> Iterator[records.Row]:
    for word, vector in store.words_after(connection, after):
        yield {
            "id": records.word_key(word),
            "word": word,
            "vector": vector,
            "sound": telling_sound(word),
        }


def _write_named(client: MilvusClient, connection: sqlite3.Connection, lineage: str) -> None:
    """The roots, and the articles that stay away."""
    collection = name(lineage, "records")
    for kind, names in (
        (records.ROOT, store.roots(connection)),
        (records.REMOVED, sorted(store.removed(connection))),
    ):
        rows = list(records.named_rows(kind, names))
        there = _ids(client, collection, f'kind == "{kind}"')
        _write(client, collection, rows)
        _delete(client, collection, there - {row["id"] for row in rows})


def _write_files(
    client: MilvusClient, connection: sqlite3.Connection, before: Published, home: Path
) -> list[str]:
    """Write the files that changed, with their articles; what was written of them and is of them no
    longer."""
    collection = name(before.lineage, "records")
    stale: set[str] = set()
    paths = iter(store.changed_files(connection, after=before.copied.changed))
    while some := list(islice(paths, _FILES_A_BATCH)):
        if before.copied.changed:
            keys = [records.key(path) for path in some]
            stale |= _ids(client, collection, one_of("file", keys))
        rows = [row for path in some for row in _file_rows(connection, home, path)]
        stale -= {row["id"] for row in rows}
        _write(client, collection, rows)
    return sorted(stale)


def _file_rows(connection: sqlite3.Connection, home: Path, path: str) -> Iterator[records.Row]:
    file = store.known_file(connection, path)
    if file is None:
        return
    sent = root_of(path) == UPLOADS
    yield from records.file_rows(file, (home / path).read_bytes() if sent else None)
    for article in store.articles_of_file(connection, path):
        yield from records.article_rows(store.document(connection, article.id), path)


def _write_passages(
    client: MilvusClient,
    connection: sqlite3.Connection,
    before: Published,
    word_index: lexical.LexicalIndex,
    progress: Progress,
) -> None:
    """Write the passages that came, and in how many their tokens stand."""
    total, done = store.count_chunks(connection), 0
    tokens: set[tuple[str, str]] = set()
    after = before.copied.chunk
    while ids := store.chunk_ids(connection, after=after, most=_PASSAGES_A_BATCH):
        progress(done, total)
        passages = store.passages(connection, ids)
        fields = _passage_fields(connection, passages)
        tokens |= {(f, token) for found in fields for f in found for token in found[f]}
        rows, long = _passage_rows(connection, passages, fields, before)
        _write(client, name(before.lineage, "records"), long)
        _write(client, name(before.lineage, "passages"), rows)
        after, done = ids[-1], min(done + len(ids), total)
        if len(tokens) > _TOKENS_AT_ONCE:
            _write_terms(client, before, tokens, word_index)
            note(client, replace(before, copied=replace(before.copied, chunk=after)))
    _write_terms(client, before, tokens, word_index)
    progress(total, total)


def _passage_fields(connection: sqlite3.Connection, passages: list[Passage]) -> list[sparse.Fields]:
    articles = store.articles(connection, list({p.chunk.article_id for p in passages}))
    titles = [articles[passage.chunk.article_id].title or "" for passage in passages]
    return [
        lexical.by_name(lexical.fields(title, analysed(passage.text)))
        for title, passage in zip(titles, passages, strict=True)
    ]


def _write_terms(
    client: MilvusClient,
    before: Published,
    tokens: set[tuple[str, str]],
    word_index: lexical.LexicalIndex,
) -> None:
    """Write in how many passages each of ``tokens`` stands, and forget them."""
    having = {sparse.term(f, t): lexical.doc_freq(word_index, f, t) for f, t in sorted(tokens)}
    tokens.clear()
    rows = ({"id": i, "passages": count, **schema.NO_VECTOR} for i, count in having.items())
    _write(client, name(before.lineage, "terms"), rows)


def _passage_rows(
    connection: sqlite3.Connection,
    passages: list[Passage],
    fields: list[sparse.Fields],
    before: Published,
) -> tuple[list[records.Row], list[records.Row]]:
    """The rows of passages, and those of part vectors that are too long for them."""
    articles = store.articles(connection, list({p.chunk.article_id for p in passages}))
    languages = store.chunk_languages(connection, [p.id for p in passages])
    rows, long = [], []
    for passage, tokens in zip(passages, fields, strict=True):
        parts = records.packed(passage.part_vectors)
        if len(parts) > schema.LONGEST:
            long += list(records.parts_rows(passage, parts))
            parts = ""
        weights = sparse.passage_weights(tokens, before.means)
        article = articles[passage.chunk.article_id]
        rows.append(records.passage_row(passage, article, languages[passage.id], weights, parts))
    return rows, long


def _drop_passages(client: MilvusClient, lineage: str, passages: list[int]) -> None:
    _delete(client, name(lineage, "passages"), passages)
    left = iter(passages)
    while some := list(islice(left, _PASSAGES_A_BATCH)):
        wanted = f'kind == "{records.PARTS}" and {one_of("owner", map(str, some))}'
        collection = name(lineage, "records")
        _delete(client, collection, _ids(client, collection, wanted))


def _write(client: MilvusClient, collection: str, rows: Iterable[records.Row]) -> None:
    left = iter(rows)
    while some := list(islice(left, _longest_batch(collection))):
        call(client.upsert, collection, some)


def _longest_batch(collection: str) -> int:
    """How many rows go in one message, which Milvus limits to 64 MB."""
    return 200 if collection.endswith("records") else _ROWS_A_BATCH


def _delete(client: MilvusClient, collection: str, ids: Iterable[Any]) -> None:
    left = iter(ids)
    while some := list(islice(left, _ROWS_A_BATCH)):
        call(client.delete, collection, ids=some)


def _ids(client: MilvusClient, collection: str, condition: str) -> set[Any]:
    return {row["id"] for row in records.every(client, collection, condition, ["id"])}


def _drop_others(client: MilvusClient, state: Published) -> None:
    """Drop collections that are not searched; those that were until now stay until the next time,
    for questions that are being answered from them."""
    for lineage in schema.lineages(client) - {state.lineage, state.before}:
        schema.drop(client, lineage)
