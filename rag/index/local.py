"""The index in a data folder: SQLite, FAISS and tantivy on this machine."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.corpus.sounds import TELLING, sound
from rag.errors import IndexMissing
from rag.index import dense, lexical, store
from rag.index.derived import open_words
from rag.index.opened import Background, Hits, Passage
from rag.records import Article, Document, Filters, IndexInfo


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What is loaded once and searched by many: vectors and words.

    ``words`` are the folded words of all passages, in the order of ``word_vectors`` (words, dim);
    ``vocabulary`` gives a word's row, ``by_sound`` those that sound alike (`rag.corpus.sounds`).
    """

    manifest: store.Manifest
    info: IndexInfo
    dense: faiss.IndexIDMap2
    background: Background
    lexical: lexical.LexicalIndex
    words: list[str]
    vocabulary: dict[str, int]
    word_vectors: NDArray[np.float32]
    by_sound: dict[str, list[str]]


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

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters = Filters()) -> Hits:
        """Passages nearest in meaning; see `OpenIndex`."""
        allowed = store.allowed_chunks(self._connection, filters)
        return dense.search(self._loaded.dense, vector, k, allowed)

    def matching(
        self,
        tokens: list[str],
        k: int,
        filters: Filters = Filters(),
        *,
        also: Sequence[tuple[str, float]] = (),
    ) -> Hits:
        """Passages that share most words; see `OpenIndex`."""
        allowed = store.allowed_chunks(self._connection, filters)
        return lexical.search(self._loaded.lexical, tokens, k, allowed, also=also)

    def idf(self, stems: Sequence[str]) -> list[float]:
        """How rare each stem is."""
        return [lexical.idf(self._loaded.lexical, stem) for stem in stems]

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these ids."""
        return store.passages(self._connection, ids)

    def passages_of(self, article_id: str, most: int) -> list[Passage]:
        """The first passages of an article."""
        return self.passages(store.chunks_of(self._connection, article_id, most))

    def languages(self, ids: Sequence[int]) -> dict[int, str]:
        """The languages of passages."""
        return store.chunk_languages(self._connection, ids)

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """The articles with these ids."""
        return store.articles(self._connection, ids)

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
        rows = self._loaded.vocabulary
        known = [n for n, word in enumerate(words) if word in rows]
        return known, self._loaded.word_vectors[[rows[words[n]] for n in known]]

    def nearest_words(self, vectors: NDArray[np.float32], k: int) -> list[list[tuple[str, float]]]:
        """The words nearest in meaning to each of ``vectors``."""
        every = self._loaded.word_vectors
        if not len(every):
            return [[] for _ in vectors]
        found = []
        for cosines in vectors @ every.T:
            near = np.argpartition(-cosines, min(k, len(every)) - 1)[:k]
            pairs = [(self._loaded.words[n], float(cosines[n])) for n in near]
            found.append(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
        return found

    def sounding(self, sounds: Sequence[str]) -> dict[str, list[str]]:
        """The words that have these sounds."""
        alike = self._loaded.by_sound
        return {sound: alike[sound] for sound in sounds if sound in alike}


class LocalIndex:
    """`rag.index.opened.Index` in a folder; what another process wrote is loaded when next read."""

    def __init__(self, home: Path, encoder: Encoder) -> None:
        """Searched by the vectors of ``encoder``."""
        self._home, self._encoder = home, encoder
        self._lock = threading.Lock()
        self._last: _Loaded | None = None

    @contextmanager
    def reading(self) -> Iterator[LocalState]:
        """The newest state; see `Index`."""
        with store.reading(self._home) as connection:
            manifest = read_manifest(connection, self._home, self._encoder)
            loaded = self._last
            if loaded is None or loaded.manifest != manifest:
                with self._lock:
                    loaded = self._last
                    if loaded is None or loaded.manifest != manifest:
                        loaded = self._last = _load(connection, self._home, manifest)
            yield LocalState(loaded, connection)

    def close(self) -> None:
        """Let go of what is loaded."""
        self._last = None


def read_manifest(connection: sqlite3.Connection, home: Path, encoder: Encoder) -> store.Manifest:
    """The manifest of an index that questions encoded by ``encoder`` may search.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: it was made with another model, text treatment or version.
    """
    manifest = store.read_manifest(connection)
    if manifest is None:
        raise IndexMissing(f"there is no index in {home} yet; make one with: isnad index FOLDER")
    manifest.check(embedding_model=encoder.name, dimension=encoder.dimension)
    return manifest


def _load(connection: sqlite3.Connection, home: Path, manifest: store.Manifest) -> _Loaded:
    """Load the store that ``connection`` sees, and the word index beside it.

    Raises:
        IndexUnavailable: a part of it is missing or damaged.
    """
    ids, rows = store.chunk_vectors(connection, manifest.dimension)
    vectors = dense.build(rows, ids)
    vocabulary, word_vectors = store.vocabulary(connection, manifest.dimension)
    return _Loaded(
        manifest=manifest,
        info=_info(connection, manifest),
        dense=vectors,
        background=dense.background(vectors),
        lexical=open_words(home, connection, manifest.lineage),
        words=list(vocabulary),
        vocabulary=vocabulary,
        word_vectors=word_vectors,
        by_sound=_by_sound(vocabulary),
    )


def _info(connection: sqlite3.Connection, manifest: store.Manifest) -> IndexInfo:
    return IndexInfo(
        version=f"{manifest.generation}-{manifest.stamp}",
        articles=store.count_articles(connection),
        chunks=store.count_chunks(connection),
        embedding_model=manifest.embedding_model,
    )


def _by_sound(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    alike: dict[str, list[str]] = {}
    for word in vocabulary:
        heard = sound(word)
        if len(heard) >= TELLING:
            alike.setdefault(heard, []).append(word)
    return alike
