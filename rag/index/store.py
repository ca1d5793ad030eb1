"""The truth: articles, chunks, their vectors and the manifest, in one SQLite file.

Everything else in the data folder is derived from it. Write-ahead logging lets readers go on while
one writer writes. Rows carry checksums (`rag.index.rows`): what is read back is what was written,
or is told as damaged.
"""

import json
import sqlite3
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag import __version__
from rag.corpus.text import TEXT_TREATMENT
from rag.errors import (
    ArticleNotFound,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnavailable,
)
from rag.index.opened import Passage
from rag.index.rows import (
    Row,
    chunk_crc,
    crc,
    damaged,
    from_halves,
    unsealed,
    word_rows,
)
from rag.records import Article, Chunk, Document, Filters, Repair, Span

SCHEMA_VERSION = 5
FILE = "isnad.db"
_BUSY_SECONDS = 10.0

# One statement a paragraph.
_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE roots (path TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE removed (id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE files (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, fingerprint TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL REFERENCES files (path) ON DELETE CASCADE ON UPDATE CASCADE,
    filename TEXT NOT NULL, language TEXT NOT NULL, title TEXT, author TEXT, publisher TEXT,
    published TEXT, url TEXT, provenance TEXT NOT NULL, repairs TEXT NOT NULL,
    page_starts TEXT NOT NULL, crc INTEGER NOT NULL,
    text TEXT NOT NULL, text_crc INTEGER NOT NULL
);

CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, parts TEXT NOT NULL,
    language TEXT NOT NULL,
    vector BLOB NOT NULL, part_vectors BLOB NOT NULL, crc INTEGER NOT NULL
);

CREATE TABLE dropped (n INTEGER PRIMARY KEY AUTOINCREMENT, chunk INTEGER NOT NULL);

CREATE TRIGGER chunk_dropped AFTER DELETE ON chunks
BEGIN INSERT INTO dropped (chunk) VALUES (old.id); END;

CREATE TABLE changed (n INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL);

CREATE TRIGGER file_added AFTER INSERT ON files
BEGIN INSERT INTO changed (path) VALUES (new.path); END;

CREATE TRIGGER file_altered AFTER UPDATE ON files
BEGIN INSERT INTO changed (path) VALUES (old.path), (new.path); END;

CREATE TRIGGER file_dropped AFTER DELETE ON files
BEGIN INSERT INTO changed (path) VALUES (old.path); END;

CREATE TABLE vocabulary (
    id INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL UNIQUE, sound TEXT NOT NULL,
    vector BLOB NOT NULL
);

CREATE INDEX words_by_sound ON vocabulary (sound, word) WHERE sound != '';

CREATE INDEX files_by_digest ON files (digest);

CREATE TABLE sketches (
    band INTEGER NOT NULL, article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    sketch BLOB NOT NULL, PRIMARY KEY (band, article)
) WITHOUT ROWID;

CREATE INDEX sketches_of_article ON sketches (article);

CREATE INDEX chunks_of_article ON chunks (article);

CREATE INDEX articles_of_file ON articles (path);
"""
CONTEXT = 200
_MOST_VARIABLES = 900
# Vectors that are read at once.
_BLOCK = 20_000
# So that a batch fits in memory until it is written, and is written into the file with others.
_WRITING_CACHE_KIB = 16_000
_LOG_PAGES = 8_000
# SQLite counts characters from 1, and in code points like Python.
_PASSAGE_COLUMNS = f"""
    c.id, c.crc, c.article, c.start, c."end", c.parts, c.language, c.vector, c.part_vectors,
    substr(a.text, max(c.start - {CONTEXT}, 0) + 1, min(c.start, {CONTEXT})),
    substr(a.text, c.start + 1, c."end" - c.start),
    substr(a.text, c."end" + 1, {CONTEXT}),
    (SELECT l."end" FROM chunks l WHERE l.article = c.article ORDER BY l.id DESC LIMIT 1)
"""
_ARTICLE_COLUMNS = (
    "id, filename, language, title, author, publisher, published, url, provenance, repairs,"
    " page_starts, crc"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with; all of it must match to be searched.

    ``stamp`` is new with every generation: one that is deleted and made again is another one.
    ``lineage`` is new with every store that is made from nothing, whose chunks are other ones.
    """

    schema: int
    text_treatment: str
    embedding_model: str
    dimension: int
    generation: int
    version: str = __version__
    stamp: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    lineage: str = field(default_factory=lambda: uuid.uuid4().hex)

    def next(self) -> "Manifest":
        """That of the generation after this one."""
        return replace(self, generation=self.generation + 1, stamp=uuid.uuid4().hex[:8])

    def check(self, *, embedding_model: str, dimension: int) -> None:
        """Refuse an index made with another model, text treatment or layout.

        Raises:
            IndexMismatch: names what differs, with both values, and how to rebuild.
        """
        for what, made_with, here in (
            ("index layout", self.schema, SCHEMA_VERSION),
            ("text treatment", self.text_treatment, TEXT_TREATMENT),
            ("embedding model", self.embedding_model, embedding_model),
            ("vector dimension", self.dimension, dimension),
        ):
            if made_with != here:
                raise IndexMismatch(
                    f"this index was made with {what} {made_with}, but this is {here}"
                    f" (index by Isnad {self.version}, this is {__version__});"
                    " rebuild it with: isnad index --rebuild"
                )


@dataclass(frozen=True, slots=True)
class Marks:
    """How far a store has come: the highest id of a chunk, and how many chunks were dropped, files
    changed and words added. What is made of a store is brought in line by what came after its
    marks."""

    chunk: int = 0
    dropped: int = 0
    changed: int = 0
    word: int = 0


@dataclass(frozen=True, slots=True)
class KnownFile:
    """An indexed file: where it lay, the digest of its bytes, which is the id of an article that
    fills it, and a fingerprint of all that would make it count as changed."""

    path: str
    digest: str
    fingerprint: str


def connect(home: Path, *, write: bool = False) -> sqlite3.Connection:
    """A connection to the store in ``home``; with ``write`` the folder and file are made.

    Raises:
        IndexMissing: nothing is there to read.
        IndexUnavailable: the folder cannot be written, or the file is no such store.
    """
    path = home / FILE
    try:
        if write:
            home.mkdir(parents=True, exist_ok=True)
        elif not path.exists():
            raise IndexMissing(
                f"there is no index in {home} yet; make one with: isnad index FOLDER"
            )
        connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL" if write else "PRAGMA query_only = ON")
        if write:
            connection.execute(f"PRAGMA cache_size = -{_WRITING_CACHE_KIB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    except OSError as error:
        raise IndexUnavailable(f"the data folder {home} cannot be used: {error.strerror}") from None
    except sqlite3.Error as error:
        raise IndexUnavailable(
            f"the index in {home} cannot be opened: {error}; ask isnad doctor what can be done"
        ) from None
    return connection


@contextmanager
def reading(home: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees the store as it is now, whatever is written while it lasts.

    Raises:
        IndexMissing, IndexUnavailable: as `connect`.
    """
    connection = connect(home)
    try:
        with snapshot(connection):
            yield connection
    finally:
        connection.close()


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """While it lasts ``connection`` sees the store as it is now, whatever is written.

    Raises:
        IndexUnavailable: it cannot be read.
    """
    try:
        connection.execute("BEGIN")
        yield
        connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        raise _unreadable(error) from None


def _unreadable(error: sqlite3.DatabaseError) -> IndexUnavailable:
    return IndexUnavailable(f"the index cannot be read: {error}; ask isnad doctor what can be done")


def begin(connection: sqlite3.Connection) -> None:
    """Start the one write transaction there can be.

    Raises:
        IndexBusy: another process holds it and does not finish soon.
        IndexUnavailable: it cannot be written.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise IndexBusy("another process is writing this index; try again later") from None
        raise IndexUnavailable(f"the index cannot be written: {error}") from None


def create_schema(connection: sqlite3.Connection) -> None:
    """Make the tables, inside the caller's transaction."""
    for statement in _SCHEMA.split("\n\n"):
        connection.execute(statement)


def drop_schema(connection: sqlite3.Connection) -> None:
    """Remove every table, inside the caller's transaction."""
    for table in (
        "sketches",
        "chunks",
        "articles",
        "files",
        "dropped",
        "changed",
        "roots",
        "removed",
        "vocabulary",
        "manifest",
    ):
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def read_manifest(connection: sqlite3.Connection) -> Manifest | None:
    """The manifest, or ``None`` of a store that has none yet.

    Raises:
        IndexUnavailable: the file is not an Isnad store, or is damaged.
    """
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone():
            return None
        values = dict(connection.execute("SELECT key, value FROM manifest"))
    except sqlite3.DatabaseError as error:
        raise _unreadable(error) from None
    try:
        return Manifest(
            schema=int(values["schema"]),
            text_treatment=values["text_treatment"],
            embedding_model=values["embedding_model"],
            dimension=int(values["dimension"]),
            generation=int(values["generation"]),
            version=values["version"],
            stamp=values["stamp"],
            lineage=values["lineage"],
        )
    except (KeyError, ValueError):
        # Of no layout that we know: it will not be searched, and can be rebuilt.
        return Manifest(0, "", "", 0, 0, values.get("version", "unknown"))


def has_index(home: Path) -> bool:
    """Whether ``home`` holds an index, whatever it was made with."""
    try:
        with reading(home) as connection:
            return read_manifest(connection) is not None
    except IndexMissing:
        return False


def write_manifest(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Replace the manifest, inside the caller's transaction."""
    values = {name: str(getattr(manifest, name)) for name in Manifest.__slots__}
    connection.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", values.items())


def removed(connection: sqlite3.Connection) -> set[str]:
    """The ids of articles that were removed on purpose and stay away."""
    return {id_ for (id_,) in connection.execute("SELECT id FROM removed")}


def readmit(connection: sqlite3.Connection, article_id: str) -> None:
    """The article no longer stays away."""
    connection.execute("DELETE FROM removed WHERE id = ?", (article_id,))


def remove(connection: sqlite3.Connection, article_id: str) -> tuple[str, int]:
    """Remove an article for good; the path of its file, and how many articles that has left.

    Raises:
        ArticleNotFound: there is none with that id.
    """
    row = connection.execute("SELECT path FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        raise ArticleNotFound("there is no article with that id")
    (path,) = row
    connection.execute("INSERT OR IGNORE INTO removed VALUES (?)", (article_id,))
    connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    left = connection.execute("SELECT count(*) FROM articles WHERE path = ?", (path,)).fetchone()[0]
    if left:
        connection.execute("UPDATE files SET fingerprint = '' WHERE path = ?", (path,))
    else:
        delete_file(connection, path)
    return path, left


def articles_of_file(connection: sqlite3.Connection, path: str) -> tuple[Article, ...]:
    """The articles of the file at a stored path.

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    rows = connection.execute(
        f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE path = ? ORDER BY rowid", (path,)
    )
    return tuple(_article(row) for row in rows)


def roots(connection: sqlite3.Connection) -> list[str]:
    """The paths that `isnad index` keeps the index in line with."""
    return [path for (path,) in connection.execute("SELECT path FROM roots ORDER BY path")]


def add_root(connection: sqlite3.Connection, path: str) -> None:
    """Remember a path that `isnad index` keeps the index in line with."""
    connection.execute("INSERT OR IGNORE INTO roots VALUES (?)", (path,))


def add_removed(connection: sqlite3.Connection, article_id: str) -> None:
    """Have an article stay away."""
    connection.execute("INSERT OR IGNORE INTO removed VALUES (?)", (article_id,))


def known_files(connection: sqlite3.Connection) -> list[KnownFile]:
    """Every indexed file, by path."""
    rows = connection.execute("SELECT path, digest, fingerprint FROM files ORDER BY path")
    return [KnownFile(*row) for row in rows]


def paths_within(connection: sqlite3.Connection, root: str) -> list[str]:
    """The paths of the indexed files that are at or below the path ``root``, in order."""
    # As text, what is below «a/» lies between «a/» and «a0», the character after the slash.
    below = root.rstrip("/")
    rows = connection.execute(
        "SELECT path FROM files WHERE path = ? OR (path > ? AND path < ?) ORDER BY path",
        (root, f"{below}/", f"{below}0"),
    )
    return [path for (path,) in rows]


def known_file(connection: sqlite3.Connection, path: str) -> KnownFile | None:
    """The file that is indexed from a path."""
    row = connection.execute(
        "SELECT path, digest, fingerprint FROM files WHERE path = ?", (path,)
    ).fetchone()
    return KnownFile(*row) if row else None


def known_content(connection: sqlite3.Connection, digest: str) -> str | None:
    """The path from which this content is indexed."""
    row = connection.execute("SELECT path FROM files WHERE digest = ?", (digest,)).fetchone()
    return str(row[0]) if row else None


def put_file(connection: sqlite3.Connection, file: KnownFile) -> None:
    """Add a file without articles; what was indexed from that path before goes."""
    delete_file(connection, file.path)
    connection.execute(
        "INSERT INTO files VALUES (?, ?, ?)", (file.path, file.digest, file.fingerprint)
    )


def put_fingerprint(connection: sqlite3.Connection, file: KnownFile) -> None:
    """Remember of what a file is made that is there with all its articles."""
    connection.execute(
        "UPDATE files SET fingerprint = ? WHERE path = ?", (file.fingerprint, file.path)
    )


def put(
    connection: sqlite3.Connection, articles: Sequence[tuple[str, Row, Sequence[Row]]]
) -> list[int]:
    """Add articles, each of the file at a path, which is there, with its chunks, as rows of
    `rag.index.rows`; the ids of the chunks of all, one after another."""
    connection.executemany(
        f"INSERT INTO articles (path, {_ARTICLE_COLUMNS}, text, text_crc)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((path, *article) for path, article, _ in articles),
    )
    first = last_chunk(connection) + 1
    rows = [row for _, _, chunks in articles for row in chunks]
    connection.executemany(
        "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((chunk_id, *row) for chunk_id, row in enumerate(rows, start=first)),
    )
    return list(range(first, first + len(rows)))


def put_chunk(connection: sqlite3.Connection, chunk_id: int, row: Row) -> None:
    """Add a chunk under the id that it had, to its article, which is there."""
    connection.execute(f"INSERT INTO chunks VALUES ({_marks((chunk_id, *row))})", (chunk_id, *row))


def move(connection: sqlite3.Connection, before: str, path: str) -> None:
    """The file that lay at ``before`` now lies at ``path``."""
    connection.execute("UPDATE files SET path = ? WHERE path = ?", (path, before))
    rows = connection.execute(f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE path = ?", (path,))
    for id_, _, *rest, _ in rows.fetchall():
        name = Path(path).name
        connection.execute(
            "UPDATE articles SET filename = ?, crc = ? WHERE id = ?",
            (name, crc(id_, name, *rest), id_),
        )


def delete_file(connection: sqlite3.Connection, path: str) -> None:
    """Remove a file with its articles and their chunks."""
    connection.execute("DELETE FROM files WHERE path = ?", (path,))


def article_owners(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """The path of the file that each of these articles is from, by the article's id."""
    owners: dict[str, str] = {}
    for start in range(0, len(ids), _MOST_VARIABLES):
        some = ids[start : start + _MOST_VARIABLES]
        owners |= connection.execute(
            f"SELECT id, path FROM articles WHERE id IN ({_marks(some)})", list(some)
        ).fetchall()
    return owners


def count_articles(connection: sqlite3.Connection) -> int:
    """How many articles there are."""
    count: int = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    return count


def articles(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Article]:
    """The articles with these ids, by id; an unknown one is left out.

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    rows = connection.execute(
        f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id IN ({_marks(ids)})", list(ids)
    )
    return {row[0]: _article(row) for row in rows}


def listing(connection: sqlite3.Connection, filters: Filters = Filters()) -> list[Article]:
    """Every article that ``filters`` let through, by file name.

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    condition, values = _condition(filters)
    rows = connection.execute(
        f"SELECT {_ARTICLE_COLUMNS} FROM articles a WHERE {condition or 'true'}"
        " ORDER BY filename, id",
        values,
    )
    return [_article(row) for row in rows]


def document(connection: sqlite3.Connection, article_id: str) -> Document:
    """One article with its canonical text.

    Raises:
        ArticleNotFound: there is none with that id.
        IndexDamaged: it is not what was written.
    """
    row = connection.execute(
        f"SELECT {_ARTICLE_COLUMNS}, text, text_crc FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if row is None:
        raise ArticleNotFound("there is no article with that id")
    *columns, text, text_crc = row
    if text_crc != crc(text):
        raise damaged(f"article {article_id}")
    return Document(_article(columns), text)


def damaged_files(connection: sqlite3.Connection) -> list[str]:
    """The paths of the files of which any row is not what was written."""
    return [f.path for f in known_files(connection) if not is_intact(connection, f.path)]


def is_intact(connection: sqlite3.Connection, path: str) -> bool:
    """Whether every row of a file's articles is what was written."""
    for text, text_crc, *columns in connection.execute(
        f"SELECT text, text_crc, {_ARTICLE_COLUMNS} FROM articles WHERE path = ?", (path,)
    ):
        if text_crc != crc(text) or columns[-1] != crc(*columns[:-1]):
            return False
    try:
        for row in connection.execute(
            f"SELECT {_PASSAGE_COLUMNS} FROM articles a JOIN chunks c ON a.id = c.article"
            " WHERE a.path = ?",
            (path,),
        ):
            _passage(row)
    except IndexDamaged:
        return False
    return True


def _article(row: Sequence[Any]) -> Article:
    *values, checksum = row
    if checksum != crc(*values):
        raise damaged(f"what is known of article {values[0]}")
    *fields, provenance, repairs, page_starts = values
    mended = tuple(Repair(kind, n, tuple(lines)) for kind, n, lines in json.loads(repairs))
    identity = dict(zip(_ARTICLE_COLUMNS.split(", "), fields, strict=False))
    return Article(
        **identity,
        provenance=json.loads(provenance),
        repairs=mended,
        page_starts=tuple(json.loads(page_starts)),
    )


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def chunks_of(connection: sqlite3.Connection, article_id: str, most: int) -> list[int]:
    """The ids of the first ``most`` chunks of an article, in order."""
    rows = connection.execute(
        "SELECT id FROM chunks WHERE article = ? ORDER BY id LIMIT ?", (article_id, most)
    )
    return [chunk_id for (chunk_id,) in rows]


def passages(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Passage]:
    """The chunks with these ids, in the order of ``ids``; an unknown id is left out.

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    rows = connection.execute(
        f"SELECT {_PASSAGE_COLUMNS} FROM chunks c JOIN articles a ON a.id = c.article"
        f" WHERE c.id IN ({_marks(ids)})",
        list(ids),
    )
    found = {row[0]: _passage(row) for row in rows}
    return [found[chunk_id] for chunk_id in ids if chunk_id in found]


def _passage(row: Sequence[Any]) -> Passage:
    chunk_id, checksum, article, start, end, parts, language, vector, part_vectors, *words = row
    before, text, after, article_end = words
    if checksum != chunk_crc(article, start, end, parts, language, part_vectors, text):
        raise damaged(f"a passage of article {article}")
    spans = tuple(Span(*part) for part in json.loads(parts))
    whole = from_halves(unsealed(vector, f"a vector of article {article}"))
    rows = from_halves(part_vectors).reshape(len(spans), len(whole))
    chunk = Chunk(article, Span(start, end), spans)
    return Passage(chunk_id, chunk, whole, rows, before, text, after, article_end)


def chunk_texts(
    connection: sqlite3.Connection, *, after: int = 0
) -> Iterator[tuple[int, str, str, tuple[str, str, str | None]]]:
    """(id, its article's title, its text, its article's id, language and date) of every chunk with
    an id above ``after``, by id."""
    rows = connection.execute(
        "SELECT c.id, coalesce(a.title, ''), substr(a.text, c.start + 1, c.\"end\" - c.start),"
        " a.id, a.language, a.published"
        " FROM chunks c JOIN articles a ON a.id = c.article WHERE c.id > ? ORDER BY c.id",
        (after,),
    )
    for chunk_id, title, text, *about in rows:
        yield chunk_id, title, text, tuple(about)


def last_chunk(connection: sqlite3.Connection) -> int:
    """The highest id that a chunk ever had."""
    return _last(connection, "chunks")


def last_drop(connection: sqlite3.Connection) -> int:
    """How many chunks were ever dropped."""
    return _last(connection, "dropped")


def marks(connection: sqlite3.Connection) -> Marks:
    """How far the store has come."""
    return Marks(*(_last(connection, t) for t in ("chunks", "dropped", "changed", "vocabulary")))


def go_on_from(connection: sqlite3.Connection, marks: Marks) -> None:
    """Have a store that was filled at once continue where the one it is a copy of had come, inside
    the caller's transaction."""
    connection.execute("DELETE FROM changed")
    for table, mark in (
        ("chunks", marks.chunk),
        ("dropped", marks.dropped),
        ("changed", marks.changed),
        ("vocabulary", marks.word),
    ):
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, mark))


def chunk_ids(connection: sqlite3.Connection, *, after: int, most: int) -> list[int]:
    """The next ``most`` chunks with an id above ``after``, by id."""
    rows = connection.execute(
        "SELECT id FROM chunks WHERE id > ? ORDER BY id LIMIT ?", (after, most)
    )
    return [chunk_id for (chunk_id,) in rows]


def changed_files(connection: sqlite3.Connection, *, after: int) -> list[str]:
    """The paths of files that came, changed, moved or went after the first ``after`` changes."""
    rows = connection.execute("SELECT DISTINCT path FROM changed WHERE n > ?", (after,))
    return sorted(path for (path,) in rows)


def _last(connection: sqlite3.Connection, table: str) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


def dropped_chunks(connection: sqlite3.Connection, *, after: int) -> list[int]:
    """The chunks that were dropped after the first ``after`` ones."""
    rows = connection.execute("SELECT chunk FROM dropped WHERE n > ? ORDER BY n", (after,))
    return [chunk for (chunk,) in rows]


def chunk_vectors(
    connection: sqlite3.Connection, dimension: int, after: int = 0
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """The ids (n,) and vectors (n, dimension) of the chunks with an id above ``after``, by id, in
    blocks.

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    rows = connection.execute("SELECT id, vector FROM chunks WHERE id > ? ORDER BY id", (after,))
    while some := rows.fetchmany(_BLOCK):
        yield _vectors(some, dimension)


def chunk_vectors_of(
    connection: sqlite3.Connection, dimension: int, ids: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The same of those of these chunks that are there."""
    return _vectors(_rows_of(connection, "SELECT id, vector FROM chunks", ids), dimension)


def _vectors(
    rows: Sequence[tuple[int, bytes]], dimension: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    ids = np.array([row[0] for row in rows], np.int64)
    data = b"".join([unsealed(v, f"the vector of passage {n}") for n, v in rows])
    return ids, from_halves(data).reshape(-1, dimension)


def _rows_of(connection: sqlite3.Connection, select: str, ids: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(ids), _MOST_VARIABLES):
        some = ids[start : start + _MOST_VARIABLES]
        found += connection.execute(f"{select} WHERE id IN ({_marks(some)})", list(some))
    return found


def unknown_words(connection: sqlite3.Connection, words: Sequence[str]) -> list[str]:
    """Those of the folded ``words`` that have no vector, in order."""
    known: set[str] = set()
    for start in range(0, len(words), _MOST_VARIABLES):
        some = words[start : start + _MOST_VARIABLES]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(f"SELECT word FROM vocabulary WHERE word IN ({marks})", some)
        known.update(word for (word,) in rows)
    return [word for word in words if word not in known]


def put_words(
    connection: sqlite3.Connection, words: Sequence[str], vectors: NDArray[np.float32]
) -> None:
    """Keep the vectors (n, dim) of these folded words, inside the caller's transaction."""
    put_word_rows(connection, word_rows(words, vectors))


def put_word_rows(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Keep words that may be there already, as rows of `rag.index.rows`."""
    connection.executemany(
        "INSERT OR IGNORE INTO vocabulary (word, sound, vector) VALUES (?, ?, ?)", rows
    )


def word_vectors(
    connection: sqlite3.Connection, dimension: int, after: int = 0
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """The ids (n,) and vectors (n, dimension) of the words with an id above ``after``, by id, in
    blocks.

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    rows = connection.execute(
        "SELECT id, word, vector FROM vocabulary WHERE id > ? ORDER BY id", (after,)
    )
    while some := rows.fetchmany(_BLOCK):
        yield _of_words(some, dimension)


def word_vectors_of(
    connection: sqlite3.Connection, dimension: int, ids: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The same of those of these words that are there."""
    rows = _rows_of(connection, "SELECT id, word, vector FROM vocabulary", ids)
    return _of_words(rows, dimension)


def _of_words(
    rows: Sequence[tuple[int, str, bytes]], dimension: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    ids = np.array([row[0] for row in rows], np.int64)
    data = b"".join([unsealed(vector, "a word's vector", word) for _, word, vector in rows])
    return ids, from_halves(data).reshape(-1, dimension)


def words_of(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The words with these ids."""
    return dict(_rows_of(connection, "SELECT id, word FROM vocabulary", ids))


def vectors_of_words(
    connection: sqlite3.Connection, words: Sequence[str], dimension: int
) -> dict[str, NDArray[np.float32]]:
    """The vector (dimension,) of each of these words that has one."""
    found: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(words), _MOST_VARIABLES):
        some = words[start : start + _MOST_VARIABLES]
        rows = connection.execute(
            f"SELECT id, word, vector FROM vocabulary WHERE word IN ({_marks(some)})", list(some)
        ).fetchall()
        found.update(zip((word for _, word, _ in rows), _of_words(rows, dimension)[1], strict=True))
    return found


def words_sounding(connection: sqlite3.Connection, sounds: Sequence[str]) -> dict[str, list[str]]:
    """The words that have each of these sounds, in order; a sound that tells nothing, or that none
    has, is left out."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    rows = connection.execute(
        f"SELECT sound, word FROM vocabulary WHERE sound IN ({_marks(sounds)}) AND sound != ''"
        " ORDER BY word",
        list(sounds),
    )
    for sound, word in rows:
        alike[sound].append(word)
    return dict(alike)


def count_words(connection: sqlite3.Connection) -> int:
    """How many words there are."""
    count: int = connection.execute("SELECT count(*) FROM vocabulary").fetchone()[0]
    return count


def last_word(connection: sqlite3.Connection) -> int:
    """The highest id that a word ever had."""
    return _last(connection, "vocabulary")


def words_after(
    connection: sqlite3.Connection, after: int
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The words added after the mark ``after``, each with its vector (dim,).

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    for word, vector in connection.execute(
        "SELECT word, vector FROM vocabulary WHERE id > ? ORDER BY id", (after,)
    ):
        yield word, from_halves(unsealed(vector, "a word's vector", word))


def drop_damaged_words(connection: sqlite3.Connection) -> int:
    """Remove the words that are not as they were written, inside the caller's transaction; how
    many they were."""
    damaged = []
    for word, vector in connection.execute("SELECT word, vector FROM vocabulary"):
        try:
            unsealed(vector, word, word)
        except IndexDamaged:
            damaged.append((word,))
    connection.executemany("DELETE FROM vocabulary WHERE word = ?", damaged)
    return len(damaged)


def chunk_languages(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The language of each chunk with one of these ids."""
    rows = connection.execute(
        f"SELECT id, language FROM chunks WHERE id IN ({_marks(ids)})", list(ids)
    )
    return dict(rows.fetchall())


def count_chunks(connection: sqlite3.Connection) -> int:
    """How many chunks there are: each got the next id, and each that went was noted."""
    return last_chunk(connection) - last_drop(connection)


def allowed_chunks(connection: sqlite3.Connection, filters: Filters) -> NDArray[np.int64]:
    """The ids of the chunks that ``filters`` let through, in order."""
    condition, values = _condition(filters)
    rows = connection.execute(
        "SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article"
        f" WHERE {condition or 'true'}",
        values,
    )
    return np.array(sorted(chunk_id for (chunk_id,) in rows), dtype=np.int64)


def _condition(filters: Filters) -> tuple[str, list[str]]:
    """The filters on the articles ``a`` in SQL, empty where they restrict nothing, and its values.

    A date bound compares as far as the article's date is known: an article of «2021» lies within
    any bound of that year. An article without a date is outside every date bound.
    """
    conditions: list[str] = []
    values: list[str] = []
    for column, allowed in (("id", filters.article_ids), ("language", filters.languages)):
        if allowed:
            conditions.append(f"a.{column} IN ({', '.join('?' * len(allowed))})")
            values.extend(allowed)
    for bound, operator in ((filters.published_from, ">="), (filters.published_to, "<=")):
        if bound is not None:
            shorter = "min(length(a.published), length(?))"
            conditions.append(
                f"substr(a.published, 1, {shorter}) {operator} substr(?, 1, {shorter})"
            )
            values.extend((bound, bound, bound))
    return " AND ".join(conditions), values
