"""A copy of the data folder that can be opened as it is, made while it is in use."""

import shutil
import sqlite3
from pathlib import Path

from rag.errors import IndexUnavailable
from rag.index import store
from rag.index.files import ROOTS, UPLOADS
from rag.index.lock import writing


def backup(home: Path, destination: Path) -> None:
    """Copy the store and the uploaded files of ``home`` to ``destination``, a new folder. Writers
    wait meanwhile, readers do not. The word index is made again when the copy is opened.

    Raises:
        IndexMissing: there is nothing to copy.
        IndexUnavailable: the copy cannot be made, or something is there already.
    """
    with writing(home), store.reading(home) as connection:
        try:
            destination.mkdir(parents=True)
            _copy(connection, destination / store.FILE)
            if (home / UPLOADS).is_dir():
                shutil.copytree(home / UPLOADS, destination / UPLOADS)
            if (home / ROOTS).exists():
                shutil.copy(home / ROOTS, destination / ROOTS)
        except FileExistsError:
            raise IndexUnavailable(f"{destination} is there already; name a new folder") from None
        except (OSError, shutil.Error) as error:
            raise IndexUnavailable(f"{destination} cannot be written: {error}") from None


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    copy = sqlite3.connect(path)
    try:
        connection.backup(copy)
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        copy.close()
    if verdict != "ok":
        raise IndexUnavailable(f"what was copied is damaged: {verdict}; ask isnad doctor")
