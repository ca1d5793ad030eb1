"""A copy of the data folder that can be opened as it is, made while it is in use."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from rag.errors import IndexUnavailable
from rag.index import derived, lock, store
from rag.index.lock import writing

# The word index and its state; the lock; what was set aside.
_LEFT_OUT = (derived.PREFIX, derived.STATE, lock.FILE, f"{store.FILE}.damaged")
# The logs of databases, which are copied with them.
_BESIDE = ("-wal", "-shm", "-journal")


def backup(home: Path, destination: Path) -> None:
    """Copy all that ``home`` holds but the word index, which is made again when the copy is opened,
    to ``destination``, a new folder. Writers of the index wait meanwhile, readers do not.

    Raises:
        IndexMissing: there is nothing to copy.
        IndexUnavailable: the copy cannot be made, or something is there already.
    """
    with writing(home), store.reading(home):
        try:
            destination.mkdir(parents=True)
            for path in sorted(home.glob("[!.]*")):
                if not path.name.startswith(_LEFT_OUT) and not path.name.endswith(_BESIDE):
                    _copy(path, destination / path.name)
        except FileExistsError:
            raise IndexUnavailable(f"{destination} is there already; name a new folder") from None
        except (OSError, shutil.Error, sqlite3.Error) as error:
            raise IndexUnavailable(f"{destination} cannot be written: {error}") from None


def _copy(path: Path, destination: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, destination)
    elif path.suffix == ".db":
        _copy_database(path, destination)
    else:
        shutil.copy2(path, destination)


def _copy_database(path: Path, destination: Path) -> None:
    """Copy a database as it is at one moment, with what is in its log."""
    with closing(sqlite3.connect(path)) as original, closing(sqlite3.connect(destination)) as copy:
        original.backup(copy)
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    shutil.copymode(path, destination)
    if verdict != "ok":
        raise IndexUnavailable(f"what was copied is damaged: {verdict}; ask isnad doctor")
