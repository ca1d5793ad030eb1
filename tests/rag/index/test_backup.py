"""A copy of the data folder holds all that cannot be made again, as it was at one moment."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from embeddings import EMBEDDED, load_encoder
from rag.engine import Engine
from rag.errors import IndexMissing, IndexUnavailable
from rag.index.backup import backup
from rag.index.build import sync
from rag.settings import Settings


def test_everything_is_copied_while_it_is_in_use(tmp_path: Path) -> None:
    home, copy, encoder = tmp_path / "home", tmp_path / "copy", load_encoder(EMBEDDED)
    (tmp_path / "rome.txt").write_text("The ministers met in Rome in June.")
    sync(home, encoder, [tmp_path / "rome.txt"])
    (home / "keys").mkdir()
    (home / "keys" / "a.json").write_text("{}")
    with closing(sqlite3.connect(home / "other.db", isolation_level=None)) as used:
        used.execute("PRAGMA journal_mode = WAL")
        used.execute("CREATE TABLE said (what TEXT)")
        used.execute("INSERT INTO said VALUES ('kept')")  # in the log, not yet in the file
        used.execute("BEGIN")
        used.execute("INSERT INTO said VALUES ('not said yet')")
        backup(home, copy)
    with closing(sqlite3.connect(copy / "other.db")) as copied:
        assert copied.execute("SELECT what FROM said").fetchall() == [("kept",)]
    assert (copy / "keys" / "a.json").read_text() == "{}"
    engine = Engine(Settings(home=copy), encoder)
    assert "Rome" in engine.search("Where did the ministers meet?")[0].text


def test_what_cannot_be_copied_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        backup(tmp_path / "nothing", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    (tmp_path / "rome.txt").write_text("The ministers met in Rome in June.")
    sync(tmp_path / "home", load_encoder(EMBEDDED), [tmp_path / "rome.txt"])
    (tmp_path / "copy").mkdir()
    with pytest.raises(IndexUnavailable, match="there already"):
        backup(tmp_path / "home", tmp_path / "copy")
