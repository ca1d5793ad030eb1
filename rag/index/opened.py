"""An index opened for searching: everything loaded once."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.corpus.sounds import TELLING, sound
from rag.errors import IndexMissing
from rag.index import dense, lexical, store
from rag.index.dense import Background
from rag.index.derived import open_words
from rag.kept import Kept
from rag.records import Article

# Passages in memory, some 15 KB each, and those that are ready to be matched, some 60 KB each.
_MOST_PASSAGES = 2000
_MOST_READY = 500
# Words of questions, some 2 KB each.
_MOST_ENTRIES = 5000


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """Vectors and words to search, the vectors of single words, and the articles by id.

    ``words`` are the folded words of all passages, in the order of ``word_vectors`` (words, dim);
    ``vocabulary`` gives a word's row, ``by_sound`` those that sound alike (`rag.corpus.sounds`).
    ``passages`` are those read lately, and ``ready`` what searching has made of them, by id: no
    passage changes within a generation. ``entries`` is what it has made of words that were asked.
    """

    manifest: store.Manifest
    dense: faiss.IndexIDMap2
    background: Background
    lexical: lexical.LexicalIndex
    words: list[str]
    vocabulary: dict[str, int]
    word_vectors: NDArray[np.float32]
    by_sound: dict[str, list[str]]
    articles: dict[str, Article]
    article_ends: dict[str, int]
    chunk_languages: dict[int, str]
    passages: Kept[int, store.Passage] = field(default_factory=lambda: Kept(_MOST_PASSAGES))
    ready: Kept[int, Any] = field(default_factory=lambda: Kept(_MOST_READY))
    entries: Kept[str, Any] = field(default_factory=lambda: Kept(_MOST_ENTRIES))

    @property
    def chunks(self) -> int:
        """How many passages there are."""
        return len(self.chunk_languages)


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


def open_index(connection: sqlite3.Connection, home: Path, manifest: store.Manifest) -> OpenIndex:
    """Load the store that ``connection`` sees, and the word index beside it.

    Raises:
        IndexUnavailable: a part of it is missing or damaged.
    """
    ids, rows = store.chunk_vectors(connection, manifest.dimension)
    vectors = dense.build(rows, ids)
    vocabulary, word_vectors = store.vocabulary(connection, manifest.dimension)
    return OpenIndex(
        manifest=manifest,
        dense=vectors,
        background=dense.background(vectors),
        lexical=open_words(home, connection, manifest.lineage),
        words=list(vocabulary),
        vocabulary=vocabulary,
        word_vectors=word_vectors,
        by_sound=_by_sound(vocabulary),
        articles={article.id: article for article in store.articles(connection)},
        article_ends=store.article_ends(connection),
        chunk_languages=store.chunk_languages(connection),
    )


def read_passages(
    index: OpenIndex, connection: sqlite3.Connection, ids: Sequence[int]
) -> list[store.Passage]:
    """The passages with these ids, in the order of ``ids``; an unknown id is left out.

    Raises:
        IndexDamaged: one of them is not what was written.
    """
    found = {chunk_id: index.passages.get(chunk_id) for chunk_id in ids}
    missing = [chunk_id for chunk_id, passage in found.items() if passage is None]
    for passage in store.passages(connection, missing) if missing else ():
        index.passages.keep(passage.id, passage)
        found[passage.id] = passage
    return [passage for passage in found.values() if passage is not None]


def _by_sound(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    alike: dict[str, list[str]] = {}
    for word in vocabulary:
        heard = sound(word)
        if len(heard) >= TELLING:
            alike.setdefault(heard, []).append(word)
    return alike
