"""The truth: articles, chunks, their vectors and the manifest, in one SQLite file.

Everything else in the data folder (`rag.index.dense`, `rag.index.lexical`) is derived from it and
stamped with its generation. Write-ahead logging lets readers go on while one writer writes.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag import __version__
from rag.corpus.text import TEXT_TREATMENT
from rag.errors import ArticleNotFound, IndexBusy, IndexMismatch, IndexMissing, IndexUnavailable
from rag.records import Article, Chunk, Document, Filters, Repair, Span

SCHEMA_VERSION = 2
FILE = "isnad.db"
_BUSY_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, fingerprint TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL REFERENCES files (path) ON DELETE CASCADE ON UPDATE CASCADE,
    filename TEXT NOT NULL, language TEXT NOT NULL, title TEXT, author TEXT, publisher TEXT,
    published TEXT, url TEXT, provenance TEXT NOT NULL, repairs TEXT NOT NULL,
    page_starts TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, parts TEXT NOT NULL,
    vector BLOB NOT NULL, part_vectors BLOB NOT NULL
);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX chunks_of_article ON chunks (article);
CREATE INDEX articles_of_file ON articles (path);
"""
CONTEXT = 200
# SQLite counts characters from 1, and in code points like Python.
_PASSAGE_COLUMNS = f"""
    c.id, c.article, c.start, c."end", c.parts, c.vector, c.part_vectors,
    substr(a.text, max(c.start - {CONTEXT}, 0) + 1, min(c.start, {CONTEXT})),
    substr(a.text, c.start + 1, c."end" - c.start),
    substr(a.text, c."end" + 1, {CONTEXT})
"""
_ARTICLE_COLUMNS = (
    "id, filename, language, title, author, publisher, published, url, provenance, repairs,"
    " page_starts"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with; all of it must match to be searched.

    ``stamp`` is new with every generation: one that is deleted and made again is another one.
    """

    schema: int
    text_treatment: str
    embedding_model: str
    dimension: int
    generation: int
    version: str = __version__
    stamp: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

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
class EncodedChunk:
    """A chunk as stored: ``vector`` (dim,), ``part_vectors`` (parts, dim), rows of length 1."""

    chunk: Chunk
    vector: NDArray[np.float32]
    part_vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as read back: also its words, and up to `CONTEXT` characters on either side."""

    chunk: Chunk
    vector: NDArray[np.float32]
    part_vectors: NDArray[np.float32]
    before: str
    text: str
    after: str


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
    except OSError as error:
        raise IndexUnavailable(f"the data folder {home} cannot be used: {error.strerror}") from None
    except sqlite3.Error as error:
        raise IndexUnavailable(f"the index in {home} cannot be opened: {error}") from None
    return connection


@contextmanager
def reading(home: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees the store as it is now, whatever is written while it lasts.

    Raises:
        IndexMissing, IndexUnavailable: as `connect`.
    """
    connection = connect(home)
    try:
        connection.execute("BEGIN")
        yield connection
    except sqlite3.DatabaseError as error:
        raise IndexUnavailable(f"the index cannot be read: {error}") from None
    finally:
        connection.close()


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
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)


def drop_schema(connection: sqlite3.Connection) -> None:
    """Remove every table, inside the caller's transaction."""
    for table in ("chunks", "articles", "files", "roots", "vocabulary", "manifest"):
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
        raise IndexUnavailable(
            f"the index cannot be read: {error}; delete the data folder and index again"
        ) from None
    try:
        return Manifest(
            schema=int(values["schema"]),
            text_treatment=values["text_treatment"],
            embedding_model=values["embedding_model"],
            dimension=int(values["dimension"]),
            generation=int(values["generation"]),
            version=values["version"],
            stamp=values["stamp"],
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


def roots(connection: sqlite3.Connection) -> list[str]:
    """The paths that `isnad index` keeps the index in line with."""
    return [path for (path,) in connection.execute("SELECT path FROM roots ORDER BY path")]


def known_files(connection: sqlite3.Connection) -> list[KnownFile]:
    """Every indexed file, by path."""
    rows = connection.execute("SELECT path, digest, fingerprint FROM files ORDER BY path")
    return [KnownFile(*row) for row in rows]


def put_file(connection: sqlite3.Connection, file: KnownFile) -> None:
    """Add a file without articles; what was indexed from that path before goes."""
    delete_file(connection, file.path)
    connection.execute(
        "INSERT INTO files VALUES (?, ?, ?)", (file.path, file.digest, file.fingerprint)
    )


def put(
    connection: sqlite3.Connection, path: str, document: Document, chunks: Iterable[EncodedChunk]
) -> None:
    """Add an article of the file at ``path``, which is there, with its chunks."""
    article = document.article
    connection.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article.id, path, article.filename, article.language, article.title, article.author,
            article.publisher, article.published, article.url,
            json.dumps(dict(article.provenance)),
            json.dumps([[r.kind, r.count, r.lines] for r in article.repairs]),
            json.dumps(article.page_starts), document.text,
        ),
    )  # fmt: skip
    connection.executemany(
        'INSERT INTO chunks (article, start, "end", parts, vector, part_vectors)'
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                article.id, stored.chunk.span.start, stored.chunk.span.end,
                json.dumps([[p.start, p.end] for p in stored.chunk.parts]),
                stored.vector.tobytes(), stored.part_vectors.tobytes(),
            )
            for stored in chunks
        ),
    )  # fmt: skip


def move(connection: sqlite3.Connection, before: str, path: str) -> None:
    """The file that lay at ``before`` now lies at ``path``."""
    connection.execute("UPDATE files SET path = ? WHERE path = ?", (path, before))
    connection.execute("UPDATE articles SET filename = ? WHERE path = ?", (Path(path).name, path))


def delete_file(connection: sqlite3.Connection, path: str) -> None:
    """Remove a file with its articles and their chunks."""
    connection.execute("DELETE FROM files WHERE path = ?", (path,))


def article_owners(connection: sqlite3.Connection) -> dict[str, str]:
    """The path of the file that each article is from, by the article's id."""
    return dict(connection.execute("SELECT id, path FROM articles"))


def count_articles(connection: sqlite3.Connection) -> int:
    """How many articles there are."""
    count: int = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    return count


def articles(connection: sqlite3.Connection) -> tuple[Article, ...]:
    """Every article, by file name."""
    rows = connection.execute(f"SELECT {_ARTICLE_COLUMNS} FROM articles ORDER BY filename, id")
    return tuple(_article(row) for row in rows)


def document(connection: sqlite3.Connection, article_id: str) -> Document:
    """One article with its canonical text.

    Raises:
        ArticleNotFound: there is none with that id.
    """
    row = connection.execute(
        f"SELECT {_ARTICLE_COLUMNS}, text FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if row is None:
        raise ArticleNotFound("there is no article with that id")
    return Document(_article(row[:-1]), row[-1])


def _article(row: Sequence[Any]) -> Article:
    *fields, provenance, repairs, page_starts = row
    mended = tuple(Repair(kind, n, tuple(lines)) for kind, n, lines in json.loads(repairs))
    identity = dict(zip(_ARTICLE_COLUMNS.split(", "), fields, strict=False))
    return Article(
        **identity,
        provenance=json.loads(provenance),
        repairs=mended,
        page_starts=tuple(json.loads(page_starts)),
    )


def passages(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Passage]:
    """The chunks with these ids, in the order of ``ids``; an unknown id is left out."""
    rows = connection.execute(
        f"SELECT {_PASSAGE_COLUMNS} FROM chunks c JOIN articles a ON a.id = c.article"
        f" WHERE c.id IN ({', '.join('?' * len(ids))})",
        list(ids),
    )
    found = {row[0]: _passage(row[1:]) for row in rows}
    return [found[chunk_id] for chunk_id in ids if chunk_id in found]


def _passage(row: Sequence[Any]) -> Passage:
    article, start, end, parts, vector, part_vectors, before, text, after = row
    spans = tuple(Span(*part) for part in json.loads(parts))
    whole = np.frombuffer(vector, np.float32)
    rows = np.frombuffer(part_vectors, np.float32).reshape(len(spans), len(whole))
    return Passage(Chunk(article, Span(start, end), spans), whole, rows, before, text, after)


def chunk_texts(connection: sqlite3.Connection) -> Iterable[tuple[int, str, str]]:
    """(id, its article's title, its text) of every chunk, by id."""
    return connection.execute(
        "SELECT c.id, coalesce(a.title, ''), substr(a.text, c.start + 1, c.\"end\" - c.start)"
        " FROM chunks c JOIN articles a ON a.id = c.article ORDER BY c.id"
    )


def unknown_words(connection: sqlite3.Connection, words: Iterable[str]) -> list[str]:
    """Those of the folded ``words`` that have no vector yet, each once, in order."""
    known = {word for (word,) in connection.execute("SELECT word FROM vocabulary")}
    return [word for word in dict.fromkeys(words) if word not in known]


def put_words(
    connection: sqlite3.Connection, words: Sequence[str], vectors: NDArray[np.float32]
) -> None:
    """Keep the vectors (n, dim) of these folded words, inside the caller's transaction."""
    rows = zip(words, (vector.astype(np.float16).tobytes() for vector in vectors), strict=True)
    connection.executemany("INSERT OR REPLACE INTO vocabulary VALUES (?, ?)", rows)


def vocabulary(
    connection: sqlite3.Connection, dimension: int
) -> tuple[dict[str, int], NDArray[np.float32]]:
    """Every word's row, and the rows: (words, dimension), of length 1 to half precision."""
    rows = connection.execute("SELECT word, vector FROM vocabulary ORDER BY word").fetchall()
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), np.float16)
    return {word: n for n, (word, _) in enumerate(rows)}, vectors.reshape(-1, dimension).astype(
        np.float32
    )


def chunk_languages(connection: sqlite3.Connection) -> dict[int, str]:
    """The language of every chunk's article, by the chunk's id."""
    return dict(
        connection.execute(
            "SELECT c.id, a.language FROM chunks c JOIN articles a ON a.id = c.article"
        )
    )


def count_chunks(connection: sqlite3.Connection) -> int:
    """How many chunks there are."""
    count: int = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    return count


def allowed_chunks(connection: sqlite3.Connection, filters: Filters) -> NDArray[np.int64] | None:
    """The ids of the chunks that ``filters`` let through; ``None`` where they restrict nothing.

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
    if not conditions:
        return None
    rows = connection.execute(
        "SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article WHERE "
        + " AND ".join(conditions),
        values,
    )
    return np.array([chunk_id for (chunk_id,) in rows], dtype=np.int64)
