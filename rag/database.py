"""A small SQLite file of the data folder, beside the index: what it holds survives a rebuild."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_BUSY_SECONDS = 10.0


@contextmanager
def opened(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """The database at ``path``, made with ``schema`` (idempotent statements) where there is none.

    It is for its owner alone to read, and what is deleted from it is overwritten.

    Raises:
        OSError, sqlite3.Error: it cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(schema)
        yield connection
