"""Bring an index in line with files: new, changed, moved and gone, in one transaction.

The derived indexes of a new generation are written to a folder of their own before the
transaction that names that generation commits. A process killed at any point leaves the old
generation whole, or the new one.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from embeddings import Encoder
from rag.corpus import metadata
from rag.corpus.chunks import chunks
from rag.corpus.documents import Refused, article_id, make_documents
from rag.corpus.extracted import Known, Limits
from rag.corpus.read import article_files, read_bytes
from rag.corpus.text import TEXT_TREATMENT, words
from rag.errors import BadArticle, IndexUnavailable
from rag.index import dense, lexical, store
from rag.records import Chunk, Document, Repair

# Encoders are fastest on many texts at once; what waits must fit in memory.
_CHUNKS_A_BATCH = 512

Action = Literal["new", "changed", "moved", "unchanged", "gone", "duplicate", "failed"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with one file; ``detail`` is the cause of a failure or the duplicate's twin.

    ``truncated`` counts passages longer than the embedding model reads.
    """

    path: str
    action: Action
    detail: str = ""
    repairs: tuple[Repair, ...] = ()
    chunks: int = 0
    truncated: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What an indexing run did, file by file, and what the index holds after it."""

    outcomes: tuple[Outcome, ...]
    articles: int
    chunks: int

    @property
    def failed(self) -> bool:
        """Whether any file could not be indexed."""
        return any(outcome.action == "failed" for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    sidecar: Mapping[str, Known]


def generation_folder(home: Path, generation: int) -> Path:
    """Where the derived indexes of a generation lie."""
    return home / f"generation-{generation}"


def sync(
    home: Path,
    encoder: Encoder,
    paths: Iterable[Path],
    *,
    rebuild: bool = False,
    limits: Limits = Limits(),
    progress: Progress = lambda done, total: None,
) -> Report:
    """Index the files at ``paths`` (files or folders), and drop those that are gone from there.

    Without paths, those of earlier runs are looked at again. With ``rebuild`` everything is read
    and encoded anew. ``progress`` is called with files done and files in all.

    Raises:
        IndexMismatch: the index was made with something else and ``rebuild`` is not asked for.
        IndexBusy, IndexUnavailable: it cannot be written.
        BadArticle: no path is given and none is known.
    """
    connection = store.connect(home, write=True)
    try:
        store.begin(connection)
        report = _sync(connection, home, encoder, list(paths), rebuild, limits, progress)
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise IndexUnavailable(f"the index cannot be written: {error}") from None
    except OSError as error:
        raise IndexUnavailable(f"the index cannot be written: {error.strerror}") from None
    finally:
        connection.close()  # rolls back what is not committed
    _remove_other_generations(home)
    return report


def _sync(
    connection: sqlite3.Connection,
    home: Path,
    encoder: Encoder,
    paths: list[Path],
    rebuild: bool,
    limits: Limits,
    progress: Progress,
) -> Report:
    generation, roots = _prepare(connection, encoder, rebuild)
    given = [str(path.absolute()) for path in paths] or roots
    if not given:
        raise BadArticle("nothing to index: name a folder or files")
    files, failures = _files(given)
    connection.executemany(
        "INSERT OR IGNORE INTO roots VALUES (?)", [(p,) for p in given if not _is_gone(p)]
    )
    outcomes = failures + _index_files(connection, encoder, files, limits, progress)
    outcomes += _drop_gone(connection, given, {str(file.path) for file in files})
    if generation == 1 or any(
        o.action not in ("unchanged", "failed", "duplicate") for o in outcomes
    ):
        _encode_vocabulary(connection, encoder)
        _derive(connection, generation_folder(home, generation), encoder.dimension)
        store.write_manifest(
            connection,
            store.Manifest(
                store.SCHEMA_VERSION, TEXT_TREATMENT, encoder.name, encoder.dimension, generation
            ),
        )
    return Report(tuple(outcomes), store.count_articles(connection), store.count_chunks(connection))


def _prepare(
    connection: sqlite3.Connection, encoder: Encoder, rebuild: bool
) -> tuple[int, list[str]]:
    """The generation that this run makes, and the known roots; an empty store if rebuilding."""
    manifest = store.read_manifest(connection)
    if manifest is None:
        store.drop_schema(connection)
        store.create_schema(connection)
        return 1, []
    if not rebuild:
        manifest.check(embedding_model=encoder.name, dimension=encoder.dimension)
        return manifest.generation + 1, store.roots(connection)
    roots = store.roots(connection)
    store.drop_schema(connection)
    store.create_schema(connection)
    connection.executemany("INSERT INTO roots VALUES (?)", [(root,) for root in roots])
    return manifest.generation + 1, roots


def _files(given: list[str]) -> tuple[list[_File], list[Outcome]]:
    """The article files at the given paths with what their folders' sidecars say of them."""
    found: dict[Path, _File] = {}
    failures: list[Outcome] = []
    sidecars: dict[Path, dict[str, dict[str, Known]]] = {}
    for path in given:
        try:
            listed = article_files(Path(path))
        except BadArticle as error:
            failures.append(Outcome(path, "failed", str(error)))
            continue
        failures += [Outcome(str(p), "failed", why) for p, why in listed.refused.items()]
        for file in listed.files:
            if file.parent not in sidecars:
                try:
                    sidecars[file.parent] = metadata.read_sidecar(file.parent)
                except BadArticle as error:
                    sidecars[file.parent] = {}
                    failures.append(
                        Outcome(str(file.parent / metadata.SIDECAR), "failed", str(error))
                    )
            found[file] = _File(file, sidecars[file.parent].get(file.name, {}))
    return list(found.values()), failures


def _index_files(
    connection: sqlite3.Connection,
    encoder: Encoder,
    files: list[_File],
    limits: Limits,
    progress: Progress,
) -> list[Outcome]:
    run = _Run(connection, encoder, limits)
    for n, file in enumerate(files):
        progress(n, len(files))
        run.take(file)
    for file in run.deferred:
        run.take(file, settled=True)
    run.encode()
    progress(len(files), len(files))
    return [outcome for file in files for outcome in run.outcomes[str(file.path)]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that is read, whose documents are cut, but not encoded and stored yet."""

    file: store.KnownFile
    action: Action
    detail: str
    documents: list[tuple[Document, list[Chunk]]]
    refused: list[Refused]


class _Run:
    """One pass over the files. Documents are encoded many at a time, as encoders like it."""

    def __init__(self, connection: sqlite3.Connection, encoder: Encoder, limits: Limits) -> None:
        self.outcomes: dict[str, list[Outcome]] = {}
        self.deferred: list[_File] = []
        self._connection, self._encoder, self._limits = connection, encoder, limits
        self._known = {known.path: known for known in store.known_files(connection)}
        self._paths = {known.digest: known.path for known in self._known.values()}
        self._owners = store.article_owners(connection)
        self._waiting: list[_Waiting] = []

    def take(self, file: _File, *, settled: bool = False) -> None:
        """Index one file, or put it off if it seems to be another one's twin and not all others
        are ``settled``: that other one may yet turn out to have changed."""
        path = str(file.path)
        try:
            data = read_bytes(file.path, self._limits)
            known = store.KnownFile(path, article_id(data), _fingerprint(data, file.sidecar))
            before = self._known.get(path)
            if before is not None and before.fingerprint == known.fingerprint:
                self._tell(path, "unchanged")
                return
            twin = self._paths.get(known.digest)
            if twin is not None and twin != path:
                self._twin(file, twin, settled)
                return
            made = list(make_documents(file.path.name, data, file.sidecar, self._limits))
        except BadArticle as error:
            self._tell(path, "failed", str(error))
            return
        self._wait(known, made, "new" if before is None else "changed")

    def _wait(self, known: store.KnownFile, made: list[Document | Refused], action: Action) -> None:
        """Take what a file holds in the place of what it held."""
        self._forget(known.path)
        documents, twins = self._not_known(known.path, [m for m in made if isinstance(m, Document)])
        refused = [m for m in made if isinstance(m, Refused)]
        if twins or refused:  # look at it again next time
            known = replace(known, fingerprint="")
        detail = f"{twins} articles of it are indexed already" if twins else ""
        cut = [(document, chunks(document.article.id, document.text)) for document in documents]
        self._known[known.path], self._paths[known.digest] = known, known.path
        self._waiting.append(_Waiting(known, action, detail, cut, refused))
        if sum(len(c) for w in self._waiting for _, c in w.documents) >= _CHUNKS_A_BATCH:
            self.encode()

    def _not_known(self, path: str, documents: list[Document]) -> tuple[list[Document], int]:
        """The documents that no file has given yet, and how many one has."""
        fresh = [d for d in documents if self._owners.setdefault(d.article.id, path) == path]
        once = list({document.article.id: document for document in fresh}.values())
        return once, len(documents) - len(once)

    def _twin(self, file: _File, twin: str, settled: bool) -> None:
        """A file whose content is indexed under another path: a copy of it, or where it is now."""
        path = str(file.path)
        if _is_gone(twin):
            self.encode()
            self._forget(path)
            store.move(self._connection, twin, path)
            self._known[path] = replace(self._known.pop(twin), path=path)
            self._paths[self._known[path].digest] = path
            self._owners = store.article_owners(self._connection)
            self._tell(path, "moved", f"was {twin}")
        elif settled:
            self._forget(path)
            self._tell(path, "duplicate", f"same content as {twin}")
        else:
            self.deferred.append(file)

    def _forget(self, path: str) -> None:
        """Remove what was indexed from a path that holds something else now."""
        if (before := self._known.pop(path, None)) is None:
            return
        self.encode()
        store.delete_file(self._connection, path)
        self._paths.pop(before.digest, None)
        self._owners = {id_: owner for id_, owner in self._owners.items() if owner != path}

    def _tell(self, path: str, action: Action, detail: str = "") -> None:
        self.outcomes[path] = [Outcome(path, action, detail)]

    def encode(self) -> None:
        """Encode the documents that wait, all at once, and store them."""
        cut = [pair for waiting in self._waiting for pair in waiting.documents]
        passages = [c.span.of(document.text) for document, found in cut for c in found]
        parts = [part.of(d.text) for d, found in cut for c in found for part in c.parts]
        vectors = iter(self._encoder.encode_passages(passages))
        part_vectors = iter(self._encoder.encode_passages(parts))
        for waiting in self._waiting:
            store.put_file(self._connection, waiting.file)
            for document, found in waiting.documents:
                stored = [
                    store.EncodedChunk(
                        chunk, next(vectors), np.stack([next(part_vectors) for _ in chunk.parts])
                    )
                    for chunk in found
                ]
                store.put(self._connection, waiting.file.path, document, stored)
            self.outcomes[waiting.file.path] = self._outcomes(waiting)
        self._waiting.clear()

    def _outcomes(self, waiting: _Waiting) -> list[Outcome]:
        path = waiting.file.path
        texts = [c.span.of(d.text) for d, found in waiting.documents for c in found]
        done = Outcome(
            path=path,
            action=waiting.action,
            detail=waiting.detail,
            repairs=tuple(r for d, _ in waiting.documents for r in d.article.repairs),
            chunks=len(texts),
            truncated=self._encoder.count_truncated(texts),
        )
        bad = [Outcome(path, "failed", f"line {r.line}: {r.cause}") for r in waiting.refused]
        return [done, *bad]


def _is_gone(path: str) -> bool:
    """Whether nothing is at a path; what may not be looked at is not gone."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def _fingerprint(data: bytes, sidecar: Mapping[str, Known]) -> str:
    known = json.dumps({k: [v.value, v.provenance] for k, v in sidecar.items()}, sort_keys=True)
    return hashlib.sha256(data + b"\0" + known.encode()).hexdigest()


def _encode_vocabulary(connection: sqlite3.Connection, encoder: Encoder) -> None:
    """Give every word of the passages a vector, so that single words can be matched in meaning."""
    texts = store.chunk_texts(connection)
    new = store.unknown_words(connection, (word for *_, text in texts for word in words(text)))
    if new:
        store.put_words(connection, new, encoder.encode_passages(new))


def _drop_gone(connection: sqlite3.Connection, given: list[str], seen: set[str]) -> list[Outcome]:
    """Remove the articles below the given paths whose files are no longer there."""
    outcomes = []
    for file in store.known_files(connection):
        covered = any(file.path == root or Path(root) in Path(file.path).parents for root in given)
        if covered and file.path not in seen and _is_gone(file.path):
            store.delete_file(connection, file.path)
            outcomes.append(Outcome(file.path, "gone"))
    return outcomes


def _derive(connection: sqlite3.Connection, folder: Path, dimension: int) -> None:
    """Write the derived indexes of everything in the store to ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = list(connection.execute("SELECT id, vector FROM chunks ORDER BY id"))
    vectors = np.frombuffer(b"".join(v for _, v in rows), np.float32).reshape(-1, dimension)
    dense.build(folder, vectors, np.array([chunk_id for chunk_id, _ in rows], np.int64))
    lexical.build(folder, store.chunk_texts(connection))


def _remove_other_generations(home: Path) -> None:
    """Delete the folders of older generations, and of runs that never committed."""
    connection = store.connect(home)
    manifest = store.read_manifest(connection)
    connection.close()
    for folder in home.glob("generation-*"):
        if manifest is not None and folder != generation_folder(home, manifest.generation):
            shutil.rmtree(folder, ignore_errors=True)
