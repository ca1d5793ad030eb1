"""Bring an index in line with files: new, changed, moved and gone.

The store is written some batches at a time: what these hold is kept, whatever happens to the
process after it. The word index follows at the end (`rag.index.derived`), and only then the
generation of the manifest counts up, by which running engines see that there is something new. A
rebuild is one transaction: until it is done, the old index is searched.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embeddings import Encoder
from rag.corpus.extracted import Limits
from rag.corpus.text import TEXT_TREATMENT
from rag.errors import ArticleNotFound, BadArticle, IndexUnavailable
from rag.index import derived, store, vectors
from rag.index.files import (
    UPLOADS,
    ArticleFile,
    is_gone,
    list_files,
    root_of,
    save_roots,
    stored_path,
)
from rag.index.ingest import Ingest
from rag.index.lock import writing
from rag.index.prepare import Preparer
from rag.index.report import Outcome, Report
from rag.index.workers import Workers

Progress = Callable[[int, int], None]

_NOTHING_DONE = ("unchanged", "failed", "duplicate", "removed")


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
    given = [stored_path(home, path) for path in paths]
    with _opened(home) as connection:
        store.begin(connection)
        manifest, is_new = _prepare(connection, encoder, rebuild)
        given = given or store.roots(connection)
        if not given:
            raise BadArticle("nothing to index: name a folder or files")
        files, failures = list_files(home, given)
        _keep_roots(connection, home, given)
        save_roots(home, store.roots(connection))
        if not rebuild:
            connection.execute("COMMIT")
        words = derived.WordIndexWriter(home, connection, manifest.lineage)
        named = frozenset(given) & {file.name for file in files}
        workers = Workers(Preparer(encoder, limits))
        run = Ingest(
            home, connection, encoder, words, limits, workers, at_once=rebuild, readmitted=named
        )
        try:
            mended = not named and run.mend_words()
            outcomes = failures + _take(run, files, progress)
            outcomes += _drop_gone(run, connection, home, given, {file.name for file in files})
        finally:
            workers.close()
        if is_new or mended or any(o.action not in _NOTHING_DONE for o in outcomes):
            _publish(connection, home, words, manifest, at_once=rebuild)
        return Report(
            tuple(outcomes), store.count_articles(connection), store.count_chunks(connection)
        )


def remove(home: Path, encoder: Encoder, article_id: str) -> None:
    """Remove an article. It stays away, also if its file stays where it is, until that file is
    indexed by its own name or uploaded again; an uploaded file goes with its last article.

    Raises:
        ArticleNotFound: there is none with that id.
        IndexMismatch, IndexBusy, IndexUnavailable: the index cannot be written.
    """
    with _opened(home) as connection:
        manifest = store.read_manifest(connection)
        if manifest is None:
            raise ArticleNotFound("there is no article with that id")
        manifest.check(embedding_model=encoder.name, dimension=encoder.dimension)
        words = derived.WordIndexWriter(home, connection, manifest.lineage)
        store.begin(connection)
        path, left = store.remove(connection, article_id)
        connection.execute("COMMIT")
        if not left and root_of(path) == UPLOADS:
            (home / path).unlink(missing_ok=True)
        _publish(connection, home, words, manifest, at_once=False)


@contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    """The store, to be written by nobody else meanwhile."""
    with writing(home):
        connection = store.connect(home, write=True)
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            raise IndexUnavailable(f"the index cannot be written: {error}") from None
        except OSError as error:
            raise IndexUnavailable(f"the index cannot be written: {error.strerror}") from None
        finally:
            connection.close()  # rolls back what is not committed


def _prepare(
    connection: sqlite3.Connection, encoder: Encoder, rebuild: bool
) -> tuple[store.Manifest, bool]:
    """The manifest, and whether it is a new one's, of an empty store."""
    manifest = store.read_manifest(connection)
    if manifest is not None and not rebuild:
        manifest.check(embedding_model=encoder.name, dimension=encoder.dimension)
        return manifest, False
    kept = store.roots(connection) if manifest else []
    away = store.removed(connection) if manifest and manifest.schema else set()
    store.drop_schema(connection)
    store.create_schema(connection)
    connection.executemany("INSERT INTO roots VALUES (?)", [(root,) for root in kept])
    connection.executemany("INSERT INTO removed VALUES (?)", [(id_,) for id_ in away])
    made = store.Manifest(
        schema=store.SCHEMA_VERSION,
        text_treatment=TEXT_TREATMENT,
        embedding_model=encoder.name,
        dimension=encoder.dimension,
        generation=manifest.generation if manifest else 0,
    )
    store.write_manifest(connection, made)
    return made, True


def _keep_roots(connection: sqlite3.Connection, home: Path, given: list[str]) -> None:
    """Remember where articles are from."""
    there = {root_of(path) for path in given if not is_gone(home / path)}
    connection.executemany("INSERT OR IGNORE INTO roots VALUES (?)", [(p,) for p in there])


def _take(run: Ingest, files: list[ArticleFile], progress: Progress) -> list[Outcome]:
    for n, file in enumerate(files):
        progress(n, len(files))
        run.take(file)
    run.store_waiting()
    for file in run.deferred:
        run.take(file, settled=True)
    run.store_waiting()
    progress(len(files), len(files))
    return [outcome for file in files for outcome in run.outcomes[file.name]]


def _drop_gone(
    run: Ingest, connection: sqlite3.Connection, home: Path, given: list[str], seen: set[str]
) -> list[Outcome]:
    """Remove the articles below the given paths whose files are no longer there."""
    covered = {path for root in given for path in store.paths_within(connection, root)}
    gone = [path for path in sorted(covered - seen) if is_gone(home / path)]
    for path in gone:
        run.drop(path)
    return [Outcome(path, "gone") for path in gone]


def _publish(
    connection: sqlite3.Connection,
    home: Path,
    words: derived.WordIndexWriter,
    manifest: store.Manifest,
    *,
    at_once: bool,
) -> None:
    """Bring what is derived in line, count the generation up, and name both."""
    for kind in (vectors.PASSAGES, vectors.WORDS):
        vectors.grow(home, connection, kind, manifest)
    # Last, since a word index that was finished and is not named has to be made again.
    state = words.finish()
    if not at_once:
        derived.publish(home, state)
        store.begin(connection)
    store.write_manifest(connection, manifest.next())
    connection.execute("COMMIT")
    if at_once:
        derived.publish(home, state)
