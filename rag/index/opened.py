"""What the engine and the search need of an index, wherever and however it is kept.

`Index` is a place that holds one; `OpenIndex` is its state at one moment, in which a question is
answered from beginning to end. Nothing above this file knows of files, tables or servers, so that
an index of another kind is another class with these methods. Each method looks at what it is asked
for and at nothing else: none of them may cost time or memory that grows with the whole index.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.kept import Kept
from rag.records import Article, Chunk, Document, Filters, IndexInfo

Hits = list[tuple[int, float]]
"""Ids of passages, each with its score, best first, equal ones by id."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as read back: its vector (dim,) and those of its parts (parts, dim), its words, some
    of the text on either side, and where the last chunk of its article ends."""

    id: int
    chunk: Chunk
    vector: NDArray[np.float32]
    part_vectors: NDArray[np.float32]
    before: str
    text: str
    after: str
    article_end: int


@dataclass(frozen=True, slots=True)
class Background:
    """How near passages of one index are to each other, unasked: mean and spread of cosines.

    Models differ in it (a static model centres near 0.2, E5 near 0.8), so a question's cosine is
    judged by how many spreads it lies above the mean.
    """

    mean: float
    spread: float

    def standard(self, cosine: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines in spreads above the mean."""
        return (cosine - np.float32(self.mean)) / np.float32(self.spread)


class OpenIndex(Protocol):
    """The passages, words and articles of one state of an index.

    Every method raises `IndexUnavailable` where the index went away or is damaged.
    """

    @property
    def info(self) -> IndexInfo:
        """Which state it is, what it holds and of which embedding model its vectors are."""

    @property
    def background(self) -> Background:
        """How near its passages are to each other."""

    @property
    def ready(self) -> Kept[int, Any]:
        """What searching has made of passages, by id: none changes within a state."""

    @property
    def entries(self) -> Kept[str, Any]:
        """What searching has made of words that were asked."""

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters = ...) -> Hits:
        """At most ``k`` passages nearest in meaning to a unit ``vector`` (dim,), with their cosine
        (-1..1), of those that ``filters`` let through."""

    def matching(
        self,
        tokens: list[str],
        k: int,
        filters: Filters = ...,
        *,
        also: Sequence[tuple[str, float]] = (),
    ) -> Hits:
        """At most ``k`` passages that share most with the folded words ``tokens``, by BM25 (above
        0); ``also`` are further ones, each with how much its stem counts (0..1)."""

    def idf(self, stems: Sequence[str]) -> list[float]:
        """Inverse document frequency of each stem over the passages, 0 or more."""

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these ids, in the order of ``ids``; an unknown one is left out."""

    def passages_of(self, article_id: str, most: int) -> list[Passage]:
        """The first ``most`` passages of an article, in order."""

    def languages(self, ids: Sequence[int]) -> dict[int, str]:
        """The language of each passage with one of these ids."""

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """The articles with these ids, by id; an unknown one is left out."""

    def articles_of_file(self, path: str) -> tuple[Article, ...]:
        """The articles of the file at a path as it is stored (`rag.index.files`)."""

    def listing(self, filters: Filters = ...) -> list[Article]:
        """Every article that ``filters`` let through, by file name."""

    def document(self, article_id: str) -> Document:
        """One article with its canonical text.

        Raises:
            ArticleNotFound: there is none with that id.
        """

    def word_vectors(self, words: Sequence[str]) -> tuple[list[int], NDArray[np.float32]]:
        """Which of these folded words are words of the index, by their places in ``words``, and
        the vector of each (known, dim), of length 1 to half precision."""

    def nearest_words(self, vectors: NDArray[np.float32], k: int) -> list[list[tuple[str, float]]]:
        """For each of the unit ``vectors`` (n, dim), at most ``k`` words of the index nearest to
        it in meaning, with their cosine, best first."""

    def sounding(self, sounds: Sequence[str]) -> dict[str, list[str]]:
        """The words of the index that have each of these sounds (`rag.corpus.sounds`), by the
        sound, in order; one that is not telling, or that none has, is left out."""


class Index(Protocol):
    """A place that holds an index. Threads may share it."""

    def reading(self) -> AbstractContextManager[OpenIndex]:
        """The newest state, the same one while the context lasts, whatever is written meanwhile.

        Raises:
            IndexMissing: there is none.
            IndexMismatch: it was made with another model, text treatment or version.
            IndexUnavailable: it cannot be read.
        """

    def loaded(self) -> IndexInfo | None:
        """What `reading` would read, if that can be told at once: it is loaded, and no other
        machine is to be asked. For those that must not wait.

        Raises:
            IndexMissing: there is none.
            IndexUnavailable: it cannot be read.
        """

    def close(self) -> None:
        """Let go of what is loaded; the next reading loads it again."""
