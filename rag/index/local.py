"""The index in a data folder: SQLite, FAISS and tantivy on this machine."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.errors import IndexMissing
from rag.index import lexical, store
from rag.index.connections import Connections, Reader
from rag.index.derived import open_words
from rag.index.opened import Background, Hits, Passage
from rag.index.vectors import PASSAGES, WORDS, VectorIndex, open_vectors
from rag.index.vectors import search as search_vectors
from rag.kept import Kept
from rag.records import Article, Document, Filters, IndexInfo

# Passages in memory, some 15 KB each, and those that are ready to be matched, some 130 KB each.
_MOST_READ = 2000
_MOST_READY = 500
# Words of questions, some 2 KB each.
_MOST_ENTRIES = 5000
# Passages that filters let through, 8 bytes each.
_MOST_ALLOWED = 16
# Articles, some 2 KB each.
_MOST_DESCRIBED = 5000
# Passages whose languages are kept, some 100 bytes each.
_MOST_LANGUAGES = 100_000
# Vectors of words that are kept, 1 KB each.
_MOST_KNOWN = 50_000


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What is loaded once and searched by many, and what was made since: passages ``read`` lately,
    what searching made of them and of words, articles that were ``described``, the ids that filters
    ``allowed``, the ``languages`` of passages, and vectors of words that were ``known``."""

    manifest: store.Manifest
    info: IndexInfo
    passages: VectorIndex
    background: Background
    words: VectorIndex
    lexical: lexical.LexicalIndex
    read: Kept[int, Passage]
    ready: Kept[int, Any]
    entries: Kept[str, Any]
    allowed: Kept[Filters, NDArray[np.int64]]
    described: Kept[str, Article]
    languages: dict[int, str]
    known: dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class LocalState:
    """`rag.index.opened.OpenIndex`: what is loaded, and the store as one transaction sees it."""

    _loaded: _Loaded
    _connection: sqlite3.Connection

    @property
    def info(self) -> IndexInfo:
        """Which state it is."""
        return self._loaded.info

    @property
    def background(self) -> Background:
        """How near its passages are to each other."""
        return self._loaded.background

    @property
    def ready(self) -> Kept[int, Any]:
        """What searching has made of passages."""
        return self._loaded.ready

    @property
    def entries(self) -> Kept[str, Any]:
        """What searching has made of words."""
        return self._loaded.entries

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters = Filters()) -> Hits:
        """Passages nearest in meaning; see `OpenIndex`."""
        allowed = self._allowed(filters)
        vectors, passages = vector[np.newaxis, :], self._loaded.passages
        return search_vectors(passages, self._connection, vectors, k, allowed)[0]

    def matching(
        self,
        tokens: list[str],
        k: int,
        filters: Filters = Filters(),
        *,
        also: Sequence[tuple[str, float]] = (),
    ) -> Hits:
        """Passages that share most words; see `OpenIndex`."""
        return lexical.search(self._loaded.lexical, tokens, k, filters, also=also)

    def _allowed(self, filters: Filters) -> NDArray[np.int64] | None:
        """The passages that filters let through; kept, since filters are used again and again."""
        if filters == Filters():
            return None
        allowed = self._loaded.allowed.get(filters)
        if allowed is None:
            allowed = store.allowed_chunks(self._connection, filters)
            self._loaded.allowed.keep(filters, allowed)
        return allowed

    def idf(self, stems: Sequence[str]) -> list[float]:
        """How rare each stem is."""
        return [lexical.idf(self._loaded.lexical, stem) for stem in stems]

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these ids."""
        read = self._loaded.read
        found = {chunk_id: read.get(chunk_id) for chunk_id in ids}
        missing = [chunk_id for chunk_id, passage in found.items() if passage is None]
        for passage in store.passages(self._connection, missing) if missing else ():
            read.keep(passage.id, passage)
            found[passage.id] = passage
        return [passage for passage in found.values() if passage is not None]

    def passages_of(self, article_id: str, most: int) -> list[Passage]:
        """The first passages of an article."""
        return self.passages(store.chunks_of(self._connection, article_id, most))

    def languages(self, ids: Sequence[int]) -> dict[int, str]:
        """The languages of passages."""
        known = self._loaded.languages
        found = {chunk_id: known.get(chunk_id) for chunk_id in ids}
        if missing := [chunk_id for chunk_id, language in found.items() if language is None]:
            read = store.chunk_languages(self._connection, missing)
            if len(known) > _MOST_LANGUAGES:
                known.clear()
            known.update((chunk_id, intern(language)) for chunk_id, language in read.items())
            found |= read
        return {chunk_id: language for chunk_id, language in found.items() if language is not None}

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """The articles with these ids."""
        described = self._loaded.described
        found = {id_: article for id_ in ids if (article := described.get(id_)) is not None}
        missing = [id_ for id_ in dict.fromkeys(ids) if id_ not in found]
        for id_, article in store.articles(self._connection, missing).items() if missing else ():
            described.keep(id_, article)
            found[id_] = article
        return found

    def articles_of_file(self, path: str) -> tuple[Article, ...]:
        """The articles of a file."""
        return store.articles_of_file(self._connection, path)

    def listing(self, filters: Filters = Filters()) -> list[Article]:
        """The articles that ``filters`` let through."""
        return store.listing(self._connection, filters)

    def document(self, article_id: str) -> Document:
        """One article with its text."""
        return store.document(self._connection, article_id)

    def word_vectors(self, words: Sequence[str]) -> tuple[list[int], NDArray[np.float32]]:
        """The vectors of those of ``words`` that are words of the index."""
        known, dimension = self._loaded.known, self._loaded.manifest.dimension
        if len(known) > _MOST_KNOWN:
            known.clear()
        rows = list(map(known.get, words))
        if asked := [word for word, row in zip(words, rows, strict=True) if row is None]:
            read = store.vectors_of_words(self._connection, asked, dimension)
            known.update(read)
            rows = [
                read.get(word) if row is None else row
                for word, row in zip(words, rows, strict=True)
            ]
        there = [n for n, row in enumerate(rows) if row is not None]
        found = [row for row in rows if row is not None]
        return there, np.concatenate([np.empty(0, np.float32), *found]).reshape(-1, dimension)

    def nearest_words(self, vectors: NDArray[np.float32], k: int) -> list[list[tuple[str, float]]]:
        """The words nearest in meaning to each of ``vectors``."""
        near = search_vectors(self._loaded.words, self._connection, vectors, k)
        names = store.words_of(self._connection, [n for hits in near for n, _ in hits])
        return [[(names[n], cosine) for n, cosine in hits if n in names] for hits in near]

    def sounding(self, sounds: Sequence[str]) -> dict[str, list[str]]:
        """The words that have these sounds."""
        return store.words_sounding(self._connection, sounds)


class LocalIndex:
    """`rag.index.opened.Index` in a folder; what another process wrote is loaded when next read."""

    def __init__(self, home: Path, encoder: Encoder) -> None:
        """Searched by the vectors of ``encoder``."""
        self._home, self._encoder = home, encoder
        self._lock = threading.Lock()
        self._last: _Loaded | None = None
        self._connections = Connections(home)

    @contextmanager
    def reading(self) -> Iterator[LocalState]:
        """The newest state; see `Index`."""
        with self._connections.reading() as reader:
            loaded = self._last
            if loaded is None or loaded.manifest != reader.manifest():
                loaded = self._load(reader)
            yield LocalState(loaded, reader.connection)

    def loaded(self) -> IndexInfo | None:
        """The newest state, if it is loaded; see `Index`."""
        with self._connections.reading() as reader:
            loaded = self._last
            return loaded.info if loaded and loaded.manifest == reader.manifest() else None

    def _load(self, reader: Reader) -> _Loaded:
        manifest = _checked(reader.manifest(), self._home, self._encoder)
        with self._lock:
            loaded = self._last
            if loaded is None or loaded.manifest != manifest:
                loaded = self._last = _load(reader.connection, self._home, manifest, loaded)
            return loaded

    def close(self) -> None:
        """Let go of what is loaded."""
        self._last = None
        self._connections.close()


def _checked(manifest: store.Manifest | None, home: Path, encoder: Encoder) -> store.Manifest:
    """The manifest of an index, if questions encoded by ``encoder`` may search that.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: it was made with another model, text treatment or version.
    """
    if manifest is None:
        raise IndexMissing(f"there is no index in {home} yet; make one with: isnad index FOLDER")
    manifest.check(embedding_model=encoder.name, dimension=encoder.dimension)
    return manifest


def _load(
    connection: sqlite3.Connection, home: Path, manifest: store.Manifest, before: _Loaded | None
) -> _Loaded:
    """Load the store that ``connection`` sees and what lies beside it, but for what an earlier
    state of the same store has loaded already.

    Raises:
        IndexUnavailable: a part of it is missing or damaged.
    """
    if before is not None and before.manifest.lineage != manifest.lineage:
        before = None
    passages = open_vectors(
        home, connection, PASSAGES, manifest, before.passages if before else None
    )
    return _Loaded(
        manifest=manifest,
        info=_info(connection, manifest),
        passages=passages,
        background=passages.background,
        words=open_vectors(home, connection, WORDS, manifest, before.words if before else None),
        lexical=open_words(home, connection, manifest.lineage),
        read=Kept(_MOST_READ),
        ready=Kept(_MOST_READY),
        entries=Kept(_MOST_ENTRIES),
        allowed=Kept(_MOST_ALLOWED),
        described=Kept(_MOST_DESCRIBED),
        languages={},
        known=before.known if before else {},
    )


def _info(connection: sqlite3.Connection, manifest: store.Manifest) -> IndexInfo:
    return IndexInfo(
        version=f"{manifest.generation}-{manifest.stamp}",
        articles=store.count_articles(connection),
        chunks=store.count_chunks(connection),
        embedding_model=manifest.embedding_model,
    )
