"""The word index beside the store: behind it by what was written last, never ahead of it.

`STATE` says what the index on disk holds: of which store, up to which chunk, and a checksum of each
file. On opening, chunks that came or went since are caught up with; an index that is missing,
damaged or another store's is made again. All of it can be deleted at any time.
"""

import json
import logging
import os
import shutil
import sqlite3
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.corpus.text import analysed
from rag.errors import IndexBusy, IndexDamaged, IndexUnavailable
from rag.index import lexical, store
from rag.index.checksums import checksum
from rag.index.lock import PATIENCE_S, writing

STATE = "words.json"
PREFIX = "words-"
_META = "meta.json"
# What tantivy may remove; it opens no index without being able to read it.
_MANAGED = ".managed.json"
# Chunks taken out still count in a word's frequency, so beyond this share all is written anew.
_MOST_DROPPED = 0.2
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """What the index in ``folder`` holds: the chunks of a store of this ``lineage`` up to
    ``last_chunk``, but for the first ``last_drop`` ones that were dropped, of which ``dropped``
    were once in it. ``files`` are the checksums of its files, ``meta`` is the text of the one that
    names the others."""

    folder: str
    lineage: str
    last_chunk: int = 0
    last_drop: int = 0
    dropped: int = 0
    files: dict[str, int] | None = None
    meta: str = ""


def read_state(home: Path) -> State | None:
    """What `STATE` says, if it says anything that can be read."""
    try:
        return State(**json.loads((home / STATE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def fits(home: Path, connection: sqlite3.Connection, lineage: str) -> State | None:
    """The state of the index on disk if that is whole, and is of this store or an earlier state
    of it."""
    state = read_state(home)
    if state is None or state.lineage != lineage or not _is_whole(home / state.folder, state):
        return None
    ahead = state.last_chunk > store.last_chunk(connection)
    return None if ahead or state.last_drop > store.last_drop(connection) else state


def _is_whole(folder: Path, state: State) -> bool:
    """Whether every file that belongs to the index's last commit is as it was written."""
    recorded = state.files or {}
    try:
        meta = (folder / _META).read_bytes()
        if zlib.crc32(meta) != recorded.get(_META):
            return False
        if (folder / _MANAGED).exists():
            json.loads((folder / _MANAGED).read_bytes())
        segments = {s["segment_id"].replace("-", "") for s in json.loads(meta)["segments"]}
        named = [name for name in recorded if name.split(".")[0] in segments]
        return all(checksum(folder / name) == recorded[name] for name in named)
    except (OSError, ValueError, LookupError):
        return False


class WordIndexWriter:
    """Brings the word index in line with the store. Hold the writer's lock meanwhile."""

    def __init__(self, home: Path, connection: sqlite3.Connection, lineage: str) -> None:
        """Go on from the index on disk if it fits, else from nothing."""
        self._home, self._connection = home, connection
        self._writer: lexical.LexicalWriter | None = None
        _go_back(home)
        state = fits(home, connection, lineage)
        named = read_state(home)
        if state is None and named is not None and named.lineage == lineage:
            _LOG.warning("the word index is not as it was left; it is made again")
        self._state = state or State(f"{PREFIX}{uuid.uuid4().hex[:8]}", lineage)
        self._is_new = state is None
        if store.last_chunk(connection) > self._state.last_chunk:
            self.add(
                (chunk_id, lexical.fields(title, analysed(text)), lexical.labels(*about))
                for chunk_id, title, text, about in store.chunk_texts(
                    connection, after=self._state.last_chunk
                )
            )

    def add(self, chunks: Iterable[tuple[int, lexical.Fields, lexical.Labels]]) -> None:
        """Add chunks, which are in the store, each under its id."""
        self._open().add(chunks)

    def _open(self) -> lexical.LexicalWriter:
        if self._writer is None:
            folder = self._home / self._state.folder
            _remove_leftovers(folder, self._state.files or {})
            self._writer = lexical.LexicalWriter(folder)
        return self._writer

    def finish(self) -> State:
        """Take out what was dropped, commit; the state that `publish` is to name."""
        before = self._state
        gone = store.dropped_chunks(self._connection, after=before.last_drop)
        if gone:
            self._open().remove(gone)
        if self._writer is None and not self._is_new:
            return before
        self._open().commit()
        folder = self._home / before.folder
        dropped = before.dropped + sum(chunk <= before.last_chunk for chunk in gone)
        return State(
            before.folder,
            before.lineage,
            store.last_chunk(self._connection),
            store.last_drop(self._connection),
            dropped,
            _checksums(folder, before.files or {}),
            (folder / _META).read_text("utf-8"),
        )


def _go_back(home: Path) -> None:
    """Undo the commit of a writer that was killed before it was named: what was named is there yet,
    if no files were put together since, and all is made again if they were."""
    state = read_state(home)
    if state is None or zlib.crc32(state.meta.encode()) != (state.files or {}).get(_META):
        return
    path = home / state.folder / _META
    try:
        if not path.exists() or path.read_bytes() != state.meta.encode():
            new = path.with_name(f".{_META}")
            new.write_text(state.meta, "utf-8")
            new.replace(path)
    except OSError:
        pass  # its folder is gone, or cannot be written, which is met where it is used


def _remove_leftovers(folder: Path, known: dict[str, int]) -> None:
    """Remove what a writer that was killed had begun: tantivy would meet it under the same names,
    and refuse to write over it."""
    for path in folder.glob("[!.]*"):
        if path.name not in known:
            path.unlink()


def _checksums(folder: Path, known: dict[str, int]) -> dict[str, int]:
    """Of every file but the locks. Files of segments are never written again, so ``known`` ones
    are taken as they are."""
    names = sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
    return {
        name: known[name] if name in known and name != _META else checksum(folder / name)
        for name in names
    }


def publish(home: Path, state: State) -> None:
    """Name ``state`` as the one to open, and remove what is not of it.

    Raises:
        IndexUnavailable: it cannot be written.
    """
    new = home / f".{STATE}"
    try:
        with new.open("w") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(home / STATE)
    except OSError as error:
        raise IndexUnavailable(f"the word index cannot be written: {error.strerror}") from None
    for folder in home.glob(f"{PREFIX}*"):
        if folder.name != state.folder:
            shutil.rmtree(folder, ignore_errors=True)


def catch_up(home: Path, connection: sqlite3.Connection, lineage: str) -> None:
    """Bring the word index on disk in line with the store; the caller holds the writer's lock.

    Raises:
        IndexUnavailable: it cannot be written.
    """
    state = WordIndexWriter(home, connection, lineage).finish()
    if state.dropped > _MOST_DROPPED * store.count_chunks(connection):
        (home / STATE).unlink(missing_ok=True)
        state = WordIndexWriter(home, connection, lineage).finish()
    publish(home, state)


def _labelled(
    connection: sqlite3.Connection,
) -> Iterator[tuple[int, str, str, lexical.Labels]]:
    for chunk_id, title, text, about in store.chunk_texts(connection):
        yield chunk_id, title, text, lexical.labels(*about)


def open_words(home: Path, connection: sqlite3.Connection, lineage: str) -> lexical.LexicalIndex:
    """The word index, caught up with the store as it is now where that is possible.

    While another process writes, the index is taken as it was when that began; where nothing can
    be written, it is made in memory.

    Raises:
        IndexUnavailable: another process is writing and there is none to go on with.
    """
    state = fits(home, connection, lineage)
    current = state and (state.last_chunk, state.last_drop)
    if state is None or current != (store.last_chunk(connection), store.last_drop(connection)):
        try:
            with writing(home, patience=0 if state else PATIENCE_S), store.reading(home) as now:
                catch_up(home, now, lineage)
            state = read_state(home)
        except IndexBusy:
            if state is None:
                raise
        except IndexUnavailable as error:
            _LOG.warning("%s; searching in memory", error)
            return lexical.in_memory(_labelled(connection))
    try:
        return lexical.load(home / (state.folder if state else ""))
    except IndexDamaged as error:
        _LOG.warning("%s; searching in memory", error)
        return lexical.in_memory(_labelled(connection))
