"""How well the words of a question are matched by those of a text, in letters, sound or meaning.

Each question word counts by the best match it has in the text (the «MaxSim» of Khattab and
Zaharia 2020, over vectors of single words), so that one text can be told from another by the one
word that differs. Across languages this is translation by nearest vector.

What is known of a text before anything is asked lies in its `Bag`. A question's words are compared
to those of all bags at once; each text is then a few columns of that one matrix.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, repeat

import numpy as np
from numpy.typing import NDArray

from rag.corpus.sounds import TELLING, is_latin, sound, sound_alike
from rag.corpus.text import grams, stem, words
from rag.index.opened import OpenIndex
from rag.search.retrieval import Query

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
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


@dataclass(frozen=True, slots=True)
class Bag:
    """The different words of a text, as they are matched in one index.

    ``places`` gives each word's place, in order of first use; the place behind them is that of
    nothing, which no word is like. ``vectored`` (k,) are the places of the words that have a vector
    in the index, ``vectors`` (k, dim) these; ``by_sound`` the telling sounds and places of the
    words by their script (whether it is Latin) and the first sign of their sound: words that
    differ in that are not alike; ``by_gram`` the places of the words that have a 4-gram.
    """

    places: Mapping[str, int]
    vectored: Ints
    vectors: Floats
    by_sound: Mapping[tuple[bool, str], Sequence[tuple[str, int]]]
    by_gram: Mapping[str, Sequence[int]]

    @property
    def width(self) -> int:
        """How many places there are, with that of nothing."""
        return len(self.places) + 1


def bag_of(text: str, index: OpenIndex) -> Bag:
    """The words of ``text`` as they are matched in ``index``."""
    places = {word: n for n, word in enumerate(dict.fromkeys(words_of(text)))}
    vectored, vectors = index.word_vectors(list(places))
    by_gram: defaultdict[str, list[int]] = defaultdict(list)
    by_sound: defaultdict[tuple[bool, str], list[tuple[str, int]]] = defaultdict(list)
    for word, place in places.items():
        if len(heard := sound(word)) >= TELLING:
            by_sound[word.isascii(), heard[0]].append((heard, place))
        for gram in set(grams(word)):
            by_gram[gram].append(place)
    return Bag(
        places=places,
        vectored=np.array(vectored, np.int64),
        vectors=vectors,
        by_sound=dict(by_sound),
        by_gram=dict(by_gram),
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts made of the words of one bag: their ``places``, one text after the other, each with
    that of nothing at its end, and where each text ``starts`` among them."""

    places: Ints
    starts: Sequence[int]


def texts_of(bag: Bag, texts: Iterable[str]) -> Texts:
    """``texts`` by the words of ``bag``; a word that it lacks is like nothing."""
    nothing = bag.width - 1
    place = bag.places.get
    each = [[*map(place, words_of(text), repeat(nothing)), nothing] for text in texts]
    starts = [0, *accumulate(map(len, each))][:-1]
    return Texts(np.array(list(chain.from_iterable(each)), np.int64), starts)


@dataclass(frozen=True, slots=True)
class Matches:
    """How well a text matches the words of a question: shares (0..1) of the question's weight.

    ``cover`` counts each word by its best match, ``certain`` the words whose match is beyond
    doubt, ``likely`` those whose match is likelier than not. ``density`` is matched words a word
    of the stretch that holds them, 0..1; 0 for fewer than two. ``strengths`` (own,) is the best
    match of each word, 0..1.
    """

    cover: float
    certain: float
    likely: float
    density: float
    strengths: Floats


class Matcher:
    """Matches one question against texts that were found for it in one index."""

    def __init__(self, query: Query, bags: Sequence[Bag], index: OpenIndex) -> None:
        """``bags``: the words of the texts found, at least one."""
        self._own = query.own
        self._stems = [stem(word) for word in query.content]
        self._starts = [0, *accumulate(bag.width for bag in bags)][:-1]
        self._similar = _similarities(query, bags, self._starts)
        weights = _weights(self._stems, self._similar, bags, index)
        self._shares, self._own_shares = _shares(weights), _shares(weights[: query.own])

    def matches(self, texts: Sequence[Texts]) -> list[Matches]:
        """How well each text matches the question's own words; ``texts`` by bag."""
        columns, starts = self._columns(texts)
        similar = self._similar[: self._own, columns]
        strengths = np.maximum.reduceat(similar, starts, axis=1).T
        likely, shares = strengths >= _LIKELY, self._own_shares
        ends = [*starts[1:], len(columns)]
        each = (
            _sums(strengths * shares),
            _sums((strengths >= _CERTAIN) * shares),
            _sums(likely * shares),
            [
                _density(similar[rows, start:end]) if sum(rows) > 1 else 0.0
                for rows, start, end in zip(likely.tolist(), starts, ends, strict=True)
            ],
            strengths,
        )
        return [Matches(*one) for one in zip(*each, strict=True)]

    def strengths(self, texts: Sequence[Texts]) -> Floats:
        """(texts, n): how well each text matches each word of the question, and of the turn that
        it is to be read with, 0..1; ``texts`` by bag."""
        columns, starts = self._columns(texts)
        best: Floats = np.maximum.reduceat(self._similar[:, columns], starts, axis=1)
        return best.T

    def bag_strengths(self) -> Floats:
        """(bags, n): the same for all words of each bag."""
        best: Floats = np.maximum.reduceat(self._similar, self._starts, axis=1)
        return best.T

    def covers(self, strengths: Floats) -> list[float]:
        """The share (0..1) of the weight of all those words that is matched, row by row."""
        return _sums(strengths * self._shares)

    def own_covers(self, strengths: Floats) -> list[float]:
        """The same of the question's own words alone; ``strengths`` (n, own)."""
        return _sums(strengths * self._own_shares)

    def cover_stems(self, stems: Iterable[Collection[str]]) -> list[float]:
        """For each set of stems, the share of the weight of the own words whose stems are in it."""
        own = self._stems[: self._own]
        there = [[stem in some for stem in own] for some in stems]
        return _sums(np.array(there, np.float32) * self._own_shares)

    def _columns(self, texts: Sequence[Texts]) -> tuple[Ints, list[int]]:
        """The places of all texts as columns of the whole matrix, and where each text starts."""
        columns = [some.places + first for some, first in zip(texts, self._starts, strict=True)]
        before = accumulate((len(some.places) for some in texts), initial=0)
        starts = [
            at + start for at, some in zip(before, texts, strict=False) for start in some.starts
        ]
        return np.concatenate(columns), starts


def _sums(weighted: Floats) -> list[float]:
    """The sum of each row, from double precision, so that the order does not show."""
    sums: list[float] = weighted.sum(axis=1, dtype=np.float64).astype(np.float32).tolist()
    return sums


def _density(likely: Floats) -> float:
    """Of the best matches (words, columns) in a text."""
    places = sorted(set(likely.argmax(axis=1).tolist()))
    return len(places) / (places[-1] - places[0] + 1) if len(places) > 1 else 0.0


def _shares(weights: Floats) -> Floats:
    return weights / np.float32(float(weights.sum()) or 1.0)


def _weights(
    stems: Sequence[str], similar: Floats, bags: Sequence[Bag], index: OpenIndex
) -> Floats:
    """(n,): the idf of each question word, or of the word that translates it; what matches nothing
    weighs most, for the index says nothing of it."""
    met = list(chain.from_iterable((*bag.places, "") for bag in bags))
    nearest = similar.argmax(axis=1)
    translated = [
        stem(met[at]) if row[at] >= _TRANSLATED else own
        for own, row, at in zip(stems, similar, nearest, strict=True)
    ]
    return np.array(index.idf(translated), np.float32)


def _similarities(query: Query, bags: Sequence[Bag], starts: Sequence[int]) -> Floats:
    """(n, columns): how alike two words are, 0..1, in letters, sound or meaning, whichever is most.
    The places of each bag are the columns from its start on."""
    similar = np.zeros((len(query.content), starts[-1] + bags[-1].width), np.float32)
    _add_letters(similar, query.content, bags, starts)
    _add_sounds(similar, query.content, bags, starts)
    columns = np.concatenate([b.vectored + first for b, first in zip(bags, starts, strict=True)])
    if len(columns):
        # A few columns, laid out as such, are multiplied many times faster than a few rows.
        asked = np.ascontiguousarray(query.content_vectors.T)
        cosines = (np.concatenate([bag.vectors for bag in bags]) @ asked).T
        meaning = np.clip((cosines - _FLOOR) / (1 - _FLOOR), 0, 1)
        similar[:, columns] = np.maximum(similar[:, columns], meaning)
    return similar


def _add_letters(
    similar: Floats, asked: Sequence[str], bags: Sequence[Bag], starts: Sequence[int]
) -> None:
    """The share of each question word's 4-grams that the other word has."""
    for row, word in enumerate(asked):
        own = set(grams(word))
        for bag, first in zip(bags, starts, strict=True):
            for gram in own:
                for place in bag.by_gram.get(gram, ()):
                    similar[row, first + place] += 1 / len(own)


def _add_sounds(
    similar: Floats, asked: Sequence[str], bags: Sequence[Bag], starts: Sequence[int]
) -> None:
    """How alike two words sound that are written in different scripts, where that is more."""
    for row, word in enumerate(asked):
        own = sound(word)
        key = not is_latin(word), own[:1]
        for bag, first in zip(bags, starts, strict=True):
            for heard, place in bag.by_sound.get(key, ()):
                if alike := sound_alike(own, heard):
                    similar[row, first + place] = max(similar[row, first + place], alike)
