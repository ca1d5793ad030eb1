"""Check an index against itself and its articles; say what is wrong, and put it right."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from embeddings import Encoder
from rag.corpus.extracted import Limits
from rag.corpus.read import read_bytes
from rag.errors import BadArticle, IndexMismatch, IndexMissing, IndexUnavailable
from rag.index import derived, store
from rag.index.build import sync
from rag.index.files import UPLOADS, fingerprint, list_files, saved_roots
from rag.index.lock import writing
from rag.index.report import Report

DAMAGED_COPY = f"{store.FILE}.damaged"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: with what, how, and what repairing would do about it."""

    what: str
    wrong: str
    remedy: Literal[
        "rebuild", "index again", "index", "remove", "write again", "copy again", "look at the file"
    ]


def examine(home: Path, encoder: Encoder, limits: Limits = Limits()) -> list[Finding]:
    """Everything that is wrong with the index in ``home``, nothing changed.

    Raises:
        IndexMissing: there is none.
    """
    try:
        with store.reading(home) as connection:
            manifest = store.read_manifest(connection)
            if manifest is None:
                raise IndexMissing(f"there is no index in {home}")
            manifest.check(embedding_model=encoder.name, dimension=encoder.dimension)
            found = list(_structure(connection)) or list(_contents(connection, home, manifest))
            return found or list(_files(connection, home, limits))
    except IndexMissing:
        raise
    except (IndexMismatch, IndexUnavailable) as error:
        return [Finding(store.FILE, str(error), "rebuild")]


def _structure(connection: sqlite3.Connection) -> Iterator[Finding]:
    """What SQLite itself finds wrong."""
    for (line,) in connection.execute("PRAGMA integrity_check(3)"):
        if line != "ok":
            yield Finding(store.FILE, " ".join(str(line).split()), "rebuild")
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Finding(store.FILE, f"row {row} of {table} belongs to no row of {parent}", "rebuild")


def _contents(
    connection: sqlite3.Connection, home: Path, manifest: store.Manifest
) -> Iterator[Finding]:
    """Rows that are not what was written, and a word index that is not."""
    for path in sorted(store.damaged_files(connection)):
        yield Finding(path, "is not in the index as it was written", "index again")
    try:
        for _ in store.word_vectors(connection, manifest.dimension):
            pass
    except IndexUnavailable:
        yield Finding("vectors of words", "are not as they were written", "write again")
    state = derived.fits(home, connection, manifest.lineage)
    if state is None:
        yield Finding("the word index", "is missing or damaged", "write again")
    elif state.last_chunk != store.last_chunk(connection):
        yield Finding("the word index", "is behind the store", "write again")


def _files(connection: sqlite3.Connection, home: Path, limits: Limits) -> Iterator[Finding]:
    """How the articles' files differ from what is indexed of them."""
    known = {file.path: file for file in store.known_files(connection)}
    files, failures = list_files(home, store.roots(connection))
    for failure in failures:
        yield Finding(failure.path, failure.detail, "look at the file")
    for file in files:
        try:
            now = fingerprint(read_bytes(file.path, limits), file.sidecar)
        except BadArticle as error:
            yield Finding(file.name, str(error), "look at the file")
            continue
        before = known.get(file.name)
        if before is None:
            yield Finding(file.name, "is not indexed", "index")
        elif before.fingerprint not in (now, ""):
            yield Finding(file.name, "has changed since it was indexed", "index again")
    for path in sorted(known.keys() - {file.name for file in files}):
        if not (home / path).exists():
            yield Finding(path, "is gone", "remove")


def repair(home: Path, encoder: Encoder, limits: Limits = Limits()) -> Report:
    """Put right what can be: index again what is damaged or changed; a store that cannot be read
    is kept aside as `DAMAGED_COPY` and made again from the articles' files.

    Raises:
        BadArticle: it cannot be made again, as no file of it is known.
        IndexUnavailable: it cannot be written.
    """
    findings = examine(home, encoder, limits)
    if not any(finding.remedy == "rebuild" for finding in findings):
        with writing(home), store.reading(home) as connection:
            manifest = store.read_manifest(connection)
            if manifest is not None:
                derived.catch_up(home, connection, manifest.lineage)
        return sync(home, encoder, [], limits=limits)
    with writing(home):
        roots = [home / root for root in _salvaged_roots(home)]
        _set_aside(home)
    return sync(home, encoder, roots, limits=limits)


def _salvaged_roots(home: Path) -> list[str]:
    """The roots by their copy, and as far as they can be read; the uploads' in any case."""
    found = saved_roots(home) + ([UPLOADS] if (home / UPLOADS).is_dir() else [])
    try:
        with store.reading(home) as connection:
            found += store.roots(connection)
    except IndexUnavailable:
        pass
    return list(dict.fromkeys(found))


def _set_aside(home: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file = home / f"{store.FILE}{suffix}"
        if file.exists():
            file.replace(home / f"{DAMAGED_COPY}{suffix}")
