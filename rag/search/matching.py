"""How well the words of a question are matched by those of a text, in letters, sound or meaning.

Each question word counts by the best match it has in the text (the «MaxSim» of Khattab and
Zaharia 2020, over vectors of single words), so that one text can be told from another by the one
word that differs. Across languages this is translation by nearest vector.

What is known of a text before anything is asked lies in its `Bag`. A question's words are compared
to those of all bags at once; each text is then a few columns of that one matrix.
"""

from bisect import bisect_right
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
CERTAIN = 0.9
LIKELY = 0.5


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a passage; kept, since passages are found again and again."""
    return tuple(words(text))


@dataclass(frozen=True, slots=True)
class Bag:
    """The different words of a text, as they are matched in one index.

    ``places`` gives each word's place, in order of first use; the place behind them is that of
    nothing, which no word is like. ``vectors`` (places, dim) are 0 where there is none in the
    index. ``by_gram`` gives the places of the words that have a 4-gram; ``by_sound`` the telling
    sounds and places of the words by their script (whether it is Latin), and the first sign and
    number of signs of their sound.
    """

    places: Mapping[str, int]
    vectors: Floats
    by_gram: Mapping[str, Sequence[int]]
    by_sound: Mapping[tuple[bool, str, int], Sequence[tuple[str, int]]]

    @property
    def words(self) -> tuple[str, ...]:
        """What stands in each place; nothing in the last."""
        return *self.places, ""


def bag_of(text: str, index: OpenIndex) -> Bag:
    """The words of ``text`` as they are matched in ``index``."""
    places = {word: n for n, word in enumerate(dict.fromkeys(words_of(text)))}
    known, rows = index.word_vectors(list(places))
    vectors = np.zeros((len(places) + 1, rows.shape[1]), np.float32)
    vectors[known] = rows
    by_gram: defaultdict[str, list[int]] = defaultdict(list)
    by_sound: defaultdict[tuple[bool, str, int], list[tuple[str, int]]] = defaultdict(list)
    for word, place in places.items():
        for gram in set(grams(word)):
            by_gram[gram].append(place)
        if len(heard := sound(word)) >= TELLING:
            by_sound[word.isascii(), heard[0], len(heard)].append((heard, place))
    return Bag(places, vectors, dict(by_gram), dict(by_sound))


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts made of the words of one bag: their ``places``, one text after the other, each with
    that of nothing at its end, and where each text ``starts`` among them."""

    places: Ints
    starts: Ints


def texts_of(bag: Bag, texts: Iterable[str]) -> Texts:
    """``texts`` by the words of ``bag``; a word that it lacks is like nothing."""
    nothing = len(bag.places)
    place = bag.places.get
    each = [[*map(place, words_of(text), repeat(nothing)), nothing] for text in texts]
    starts = [0, *accumulate(map(len, each))][:-1]
    return Texts(np.array(list(chain.from_iterable(each)), np.int64), np.array(starts, np.int64))


class Matcher:
    """Matches one question against texts that were found for it in one index.

    ``strengths`` (texts, n) is how well each text matches each word of the question, and of the
    turn that it is to be read with, 0..1; the first ``own`` words are the question's own.
    """

    def __init__(
        self, query: Query, bags: Sequence[Bag], texts: Sequence[Texts], index: OpenIndex
    ) -> None:
        """``texts``: those made of the words of each of the ``bags``, of which there is one at
        least."""
        starts = [0, *accumulate(len(bag.vectors) for bag in bags)][:-1]
        similar = _similarities(query, bags, starts)
        columns = np.concatenate(
            [some.places + first for some, first in zip(texts, starts, strict=True)]
        )
        before = accumulate((len(some.places) for some in texts), initial=0)
        self._starts = np.concatenate(
            [some.starts + at for at, some in zip(before, texts, strict=False)]
        )
        self._words = similar[:, columns]
        self.strengths: Floats = np.maximum.reduceat(self._words, self._starts, axis=1).T
        self._own = query.own
        self._stems = [stem(word) for word in query.content]
        weights = _weights(self._stems, similar, bags, starts, index)
        self._shares, self._own_shares = _shares(weights), _shares(weights[: query.own])

    def covers(self, strengths: Floats) -> Floats:
        """The share (0..1) of the weight of all words that ``strengths`` (texts, n) match."""
        return _sums(strengths * self._shares)

    def own_covers(self, strengths: Floats, *, least: float | None = None) -> Floats:
        """The same of the question's own words; where ``least`` is given, of the words that are
        matched at least so well."""
        own = strengths[:, : self._own]
        return _sums((own if least is None else own >= least) * self._own_shares)

    def cover_stems(self, stems: Iterable[Collection[str]]) -> Floats:
        """For each set of stems, the share of the weight of the own words whose stems are in it."""
        own = self._stems[: self._own]
        there = [[stem in some for stem in own] for some in stems]
        return _sums(np.array(there, np.float32) * self._own_shares)

    def densities(self, texts: Ints) -> Floats:
        """For each of some ``texts``, by their numbers, the likely matches a word of the stretch
        that holds them, 0..1; 0 for fewer than two."""
        likely = self.strengths[texts, : self._own] >= LIKELY
        found = np.zeros(len(texts), np.float32)
        ends = np.append(self._starts[1:], self._words.shape[1])
        for n in np.flatnonzero(likely.sum(axis=1) > 1).tolist():
            stretch = slice(self._starts[texts[n]], ends[texts[n]])
            found[n] = _density(self._words[: self._own, stretch][likely[n]])
        return found


def _sums(weighted: Floats) -> Floats:
    """The sum of each row, in double precision, so that the order does not show."""
    sums: Floats = weighted.sum(axis=1, dtype=np.float64).astype(np.float32)
    return sums


def _density(likely: Floats) -> float:
    """Of the best matches (words, columns) in a text."""
    places = sorted(set(likely.argmax(axis=1).tolist()))
    return len(places) / (places[-1] - places[0] + 1) if len(places) > 1 else 0.0


def _shares(weights: Floats) -> Floats:
    return weights / np.float32(float(weights.sum()) or 1.0)


def _weights(
    stems: Sequence[str],
    similar: Floats,
    bags: Sequence[Bag],
    starts: Sequence[int],
    index: OpenIndex,
) -> Floats:
    """(n,): the idf of each question word, or of the word that translates it; what matches nothing
    weighs most, for the index says nothing of it."""
    translated = list(stems)
    for row, at in enumerate(similar.argmax(axis=1).tolist()):
        if similar[row, at] >= _TRANSLATED:
            bag = bisect_right(starts, at) - 1
            translated[row] = stem(bags[bag].words[at - starts[bag]])
    return np.array(index.idf(translated), np.float32)


def _similarities(query: Query, bags: Sequence[Bag], starts: Sequence[int]) -> Floats:
    """(n, columns): how alike two words are, 0..1, in letters, sound or meaning, whichever is most.
    The places of each bag are the columns from its start on."""
    similar = np.zeros((len(query.content), starts[-1] + len(bags[-1].vectors)), np.float32)
    _add_letters(similar, query.content, bags, starts)
    _add_sounds(similar, query.content, bags, starts)
    # A few columns, laid out as such, are multiplied many times faster than a few rows.
    asked = np.ascontiguousarray(query.content_vectors.T)
    cosines = np.concatenate([bag.vectors @ asked for bag in bags]).T
    return np.maximum(similar, np.clip((cosines - _FLOOR) / (1 - _FLOOR), 0, 1))


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
        # What begins otherwise, or is longer or shorter by more than one sign, is not alike.
        near = [(not is_latin(word), own[:1], len(own) + more) for more in (-1, 0, 1)]
        for bag, first in zip(bags, starts, strict=True):
            for heard, place in chain.from_iterable(bag.by_sound.get(key, ()) for key in near):
                if alike := sound_alike(own, heard):
                    similar[row, first + place] = max(similar[row, first + place], alike)
