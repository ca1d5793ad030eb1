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

from rag.corpus.sounds import is_latin, sound, sound_alike
from rag.corpus.text import grams, stem, words
from rag.index.opened import OpenIndex
from rag.search.retrieval import Query

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_HASH = np.dtype(np.int64)
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
    nothing, which no word is like. ``vectors`` (words + 1, dim) are 0 where there is none in the
    index. ``grams`` are the hashes of the words' 4-grams, one word after the other, with the place
    that each is ``of``; ``heard`` (words,) are the hashes of `_heard`.
    """

    places: Mapping[str, int]
    vectors: Floats
    grams: Ints
    of: Ints
    heard: Ints


def bag_of(texts: Iterable[str], index: OpenIndex) -> Bag:
    """The words of ``texts`` as they are matched in ``index``."""
    words = list(dict.fromkeys(chain.from_iterable(map(words_of, texts))))
    known, rows = index.word_vectors(words)
    vectors = np.zeros((len(words) + 1, rows.shape[1]), np.float32)
    vectors[known] = rows
    grams_of = [_gram_bytes(word) for word in words]
    lengths = np.array([*map(len, grams_of)], np.int64) // _HASH.itemsize
    return Bag(
        places=dict(zip(words, range(len(words)), strict=True)),
        vectors=vectors,
        grams=np.frombuffer(b"".join(grams_of), _HASH),
        of=np.repeat(np.arange(len(words)), lengths),
        heard=np.array([*map(_heard_hash, words)], np.int64),
    )


def _gram_hashes(word: str) -> tuple[int, ...]:
    return tuple(map(hash, set(grams(word))))


@lru_cache(maxsize=200_000)
def _gram_bytes(word: str) -> bytes:
    """The same in a row, which is faster put beside others."""
    return np.array(_gram_hashes(word), _HASH).tobytes()


@lru_cache(maxsize=200_000)
def _heard_hash(word: str) -> int:
    signs = sound(word)
    return _heard(is_latin=word.isascii(), first=signs[:1], count=len(signs))


def _heard(*, is_latin: bool, first: str, count: int) -> int:
    """The hash of a word's script, and the first sign of its sound and how many there are."""
    return hash((is_latin, first, count))


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
        words = [word for bag in bags for word in (*bag.places, "")]
        similar = _similarities(query, bags, starts, words)
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
        weights = _weights(self._stems, similar, words, index)
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
    stems: Sequence[str], similar: Floats, words: Sequence[str], index: OpenIndex
) -> Floats:
    """(n,): the idf of each question word, or of the word that translates it; what matches nothing
    weighs most, for the index says nothing of it."""
    translated = list(stems)
    for row, at in enumerate(similar.argmax(axis=1).tolist()):
        if similar[row, at] >= _TRANSLATED:
            translated[row] = stem(words[at])
    return np.array(index.idf(translated), np.float32)


def _similarities(
    query: Query, bags: Sequence[Bag], starts: Sequence[int], words: Sequence[str]
) -> Floats:
    """(n, columns): how alike two words are, 0..1, in letters, sound or meaning, whichever is most.
    The places of each bag are the columns from its start on, where its ``words`` are."""
    similar = np.zeros((len(query.content), len(words)), np.float32)
    _add_letters(similar, query.content, bags, starts)
    _add_sounds(similar, query.content, bags, starts, words)
    # A few columns, laid out as such, are multiplied many times faster than a few rows.
    asked = np.ascontiguousarray(query.content_vectors.T)
    cosines = np.concatenate([bag.vectors @ asked for bag in bags]).T
    return np.maximum(similar, np.clip((cosines - _FLOOR) / (1 - _FLOOR), 0, 1))


def _add_letters(
    similar: Floats, asked: Sequence[str], bags: Sequence[Bag], starts: Sequence[int]
) -> None:
    """The share of each question word's 4-grams that the other word has."""
    rows = defaultdict[int, list[tuple[int, float]]](list)
    for row, word in enumerate(asked):
        own = _gram_hashes(word)
        for gram in own:
            rows[gram].append((row, 1 / len(own)))
    for gram, column in _those([bag.grams for bag in bags], [bag.of for bag in bags], starts, rows):
        for row, share in rows[gram]:
            similar[row, column] += share


def _add_sounds(
    similar: Floats,
    asked: Sequence[str],
    bags: Sequence[Bag],
    starts: Sequence[int],
    words: Sequence[str],
) -> None:
    """How alike two words sound that are written in different scripts, where that is more."""
    rows = defaultdict[int, list[tuple[int, str]]](list)
    for row, word in enumerate(asked):
        own = sound(word)
        # What begins otherwise, or is longer or shorter by more than one sign, is not alike.
        for count in (len(own) - 1, len(own), len(own) + 1):
            key = _heard(is_latin=not is_latin(word), first=own[:1], count=count)
            rows[key].append((row, own))
    places = [np.arange(len(bag.heard)) for bag in bags]
    for key, column in _those([bag.heard for bag in bags], places, starts, rows):
        for row, own in rows[key]:
            if alike := sound_alike(own, sound(words[column])):
                similar[row, column] = max(similar[row, column], alike)


def _those(
    hashes: Sequence[Ints], places: Sequence[Ints], starts: Sequence[int], wanted: Collection[int]
) -> list[tuple[int, int]]:
    """Those ``hashes`` of each bag that are ``wanted``, each with its column."""
    together = np.concatenate(hashes)
    there = np.flatnonzero(np.isin(together, np.fromiter(wanted, np.int64, len(wanted))))
    columns = np.concatenate([at + start for at, start in zip(places, starts, strict=True)])
    return list(zip(together[there].tolist(), columns[there].tolist(), strict=True))
