"""How well the words of a question are matched by those of a text, in letters, sound or meaning.

Each question word counts by the best match it has in the text (the «MaxSim» of Khattab and
Zaharia 2020, over vectors of single words), so that one text can be told from another by the one
word that differs. Across languages this is translation by nearest vector.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.corpus.numbers import numbers
from rag.corpus.sounds import is_latin, sound, sound_alike
from rag.corpus.text import grams, stem, words
from rag.index.opened import OpenIndex
from rag.search.retrieval import Query

# Below this cosine two words have nothing to do with each other.
_FLOOR = 0.25
# From this likeness on a word of the index stands for a word of the question.
_TRANSLATED = 0.4
# A match is beyond doubt (the same word, or nearly) or likelier than not from these on.
_CERTAIN = 0.9
_LIKELY = 0.5


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a passage; kept, since passages are found again and again."""
    return tuple(words(text))


@lru_cache(maxsize=8192)
def numbers_of(text: str) -> frozenset[str]:
    """The numbers of a part of a passage; kept likewise."""
    return numbers(words_of(text))


@dataclass(frozen=True, slots=True)
class Matches:
    """For each word of a question: how well a text matches it (0..1), its share of the question's
    weight, and the place of the text's word that matches it best."""

    strengths: NDArray[np.float32]
    shares: NDArray[np.float32]
    places: NDArray[np.int64]

    @property
    def cover(self) -> float:
        """The share (0..1) of the question's weight that is matched."""
        return float(self.shares @ self.strengths)

    @property
    def certain(self) -> float:
        """The share whose match is beyond doubt."""
        return float(self.shares[self.strengths >= _CERTAIN].sum())

    @property
    def likely(self) -> float:
        """The share whose match is likelier than not."""
        return float(self.shares[self.strengths >= _LIKELY].sum())

    @property
    def density(self) -> float:
        """Matched words a word of the stretch that holds them, 0..1; 0 for fewer than two."""
        places = np.unique(self.places[self.strengths >= _LIKELY])
        return len(places) / float(places[-1] - places[0] + 1) if len(places) > 1 else 0.0


class Matcher:
    """Matches one question against texts that were found for it in one index."""

    def __init__(self, query: Query, texts: Sequence[str], index: OpenIndex) -> None:
        met = dict.fromkeys(word for text in texts for word in words_of(text))
        self._columns = {word: n for n, word in enumerate(met)}
        self._stems = [stem(word) for word in query.content]
        self._similar = _similarities(query, list(met), index)
        self._weights = _weights(self._stems, self._similar, list(met), index)
        self._own = query.own

    def matches(self, tokens: Sequence[str]) -> "Matches":
        """How well each of the question's own words is matched by a text's, and where."""
        columns = [self._columns.get(word, -1) for word in tokens]
        at = np.array([n for n, column in enumerate(columns) if column >= 0], np.int64)
        shares = _shares(self._weights[: self._own])
        if not len(at) or not len(shares):
            return Matches(np.zeros_like(shares), shares, np.zeros(len(shares), np.int64))
        similar = self._similar[: self._own, [columns[n] for n in at]]
        return Matches(similar.max(axis=1), shares, at[similar.argmax(axis=1)])

    def cover(self, text: str) -> float:
        """The share (0..1) of the weight of the question's own words that ``text`` matches."""
        return self.matches(words_of(text)).cover

    def cover_whole(self, text: str) -> float:
        """The same with the words of the turn that the question is to be read with."""
        columns = [self._columns[word] for word in set(words_of(text)) if word in self._columns]
        if not columns or not len(self._weights):
            return 0.0
        return float(_shares(self._weights) @ self._similar[:, columns].max(axis=1))

    def cover_stems(self, tokens: Iterable[str]) -> float:
        """The share (0..1) of the weight of the own words whose very stems are there."""
        there = set(map(stem, tokens))
        met = np.array([s in there for s in self._stems[: self._own]], np.float32)
        return float(_shares(self._weights[: self._own]) @ met)


def _shares(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    return weights / np.float32(float(weights.sum()) or 1.0)


def _weights(
    stems: Sequence[str], similar: NDArray[np.float32], met: Sequence[str], index: OpenIndex
) -> NDArray[np.float32]:
    """(n,): the idf of each question word, or of the word that translates it; what matches nothing
    weighs most, for the index says nothing of it."""
    if not met:
        return np.ones(len(stems), np.float32)
    nearest = similar.argmax(axis=1)
    translated = [
        stem(met[at]) if row[at] >= _TRANSLATED else own
        for own, row, at in zip(stems, similar, nearest, strict=True)
    ]
    return np.array(index.idf(translated), np.float32)


def _similarities(query: Query, met: Sequence[str], index: OpenIndex) -> NDArray[np.float32]:
    """(n, met): how alike two words are, 0..1, in meaning or in letters, whichever is more."""
    letters = np.maximum(_letters(query.content, met), _sounds(query.content, met))
    columns, vectors = index.word_vectors(met)
    if columns:
        cosines = query.content_vectors @ vectors.T
        meaning = np.clip((cosines - _FLOOR) / (1 - _FLOOR), 0, 1)
        letters[:, columns] = np.maximum(letters[:, columns], meaning)
    return letters


def _letters(asked: Sequence[str], met: Sequence[str]) -> NDArray[np.float32]:
    """(n, met): the share of each question word's 4-grams that the other word has."""
    shares = np.zeros((len(asked), len(met)), np.float32)
    owners: dict[str, list[tuple[int, float]]] = {}
    for row, word in enumerate(asked):
        own = set(grams(word))
        for gram in own:
            owners.setdefault(gram, []).append((row, 1 / len(own)))
    for column, word in enumerate(met):
        found = grams(word)
        if owners.keys().isdisjoint(found):  # as for nearly all of them
            continue
        for gram in owners.keys() & set(found):
            for row, share in owners[gram]:
                shares[row, column] += share
    return shares


def _sounds(asked: Sequence[str], met: Sequence[str]) -> NDArray[np.float32]:
    """(n, met): how alike two words sound that are written in different scripts."""
    alike = np.zeros((len(asked), len(met)), np.float32)
    for latin in (True, False):
        rows = [row for row, word in enumerate(asked) if is_latin(word) == latin]
        if not rows:
            continue
        columns: dict[str, list[int]] = {}
        for column, word in enumerate(met):
            if word.isascii() != latin:
                columns.setdefault(sound(word)[:1], []).append(column)
        for row in rows:
            own = sound(asked[row])
            for column in columns.get(own[:1], ()):
                alike[row, column] = sound_alike(own, sound(met[column]))
    return alike
