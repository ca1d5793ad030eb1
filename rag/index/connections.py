"""Connections for reading that are used again: opening one costs as much as a question."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import finalize

from rag.index import store

# Idle ones; there may be more while they are used.
_MOST = 8


@dataclass(slots=True)
class Reader:
    """A connection and which file it was opened on: device, inode and when that last changed, for
    an index that is deleted and made again may get the inode of the one before."""

    connection: sqlite3.Connection
    file: tuple[int, int, int] | None
    _version: int | None = None
    _manifest: store.Manifest | None = None

    def manifest(self) -> store.Manifest | None:
        """`store.read_manifest` of what this connection sees, read when somebody wrote since."""
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._manifest = store.read_manifest(self.connection)
            self._version = version
        return self._manifest


class Connections:
    """Of one data folder. Threads may share it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        # Taking from and adding to a list is one step each.
        self._idle: list[Reader] = []
        finalize(self, _close, self._idle)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One that sees the store as it is now; see `store.reading`."""
        opened = self._take()
        try:
            with store.snapshot(opened.connection):
                yield opened
        except BaseException:
            opened.connection.close()
            raise
        self._give_back(opened)

    def _take(self) -> Reader:
        file = self._file()
        while self._idle:
            try:
                opened = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if opened.file == file:
                return opened
            opened.connection.close()
        return Reader(store.connect(self._home), file)

    def _file(self) -> tuple[int, int, int] | None:
        try:
            status = (self._home / store.FILE).stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino, status.st_ctime_ns

    def _give_back(self, opened: Reader) -> None:
        if len(self._idle) < _MOST:
            self._idle.append(opened)
        else:
            opened.connection.close()

    def close(self) -> None:
        """Close those that are idle."""
        _close(self._idle)


def _close(idle: list[Reader]) -> None:
    while idle:
        idle.pop().connection.close()
