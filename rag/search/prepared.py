"""What a passage holds that no question changes: its words as they are matched, signs in its parts.

Made when a passage is first found, and kept with the index that it was made for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.corpus.numbers import numbers
from rag.corpus.text import stem
from rag.index.opened import OpenIndex, Passage
from rag.records import Article
from rag.search.asked import gives_reason, names_office, names_time, says_what_it_is
from rag.search.distributional import sums_of
from rag.search.matching import Bag, Texts, bag_of, texts_of, words_of
from rag.search.parts import part_texts

# A part that begins before this opens its article, if that is long enough to have an opening: it
# says what the article is about, and less often what is asked of it, but for a definition.
_OPENING = 250
_LONG_ENOUGH = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A quotable part: its stems and numbers, the logarithm of its length in hundreds of
    characters, and, as 0 or 1, whether it opens its article, speaks of a time, of a cause, of
    somebody's office, of what a thing is."""

    stems: frozenset[str]
    numbers: frozenset[str]
    length: float
    opening: float
    time: float
    reason: float
    office: float
    defining: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage in the ``bag`` of its words, those around it and its article's title.

    ``stretches`` are the title, the text before it, each part, the text after it, and its whole
    text.
    ``vectors`` (1 + parts, dim) are its own and those of its parts, each of length 1;
    ``distributional`` (2 parts + 1, dim) are those that `rag.search.distributional` has for it, for
    its parts, and for each together with the one before.
    """

    passage: Passage
    bag: Bag
    stretches: Texts
    parts: tuple[Part, ...]
    vectors: NDArray[np.float32]
    distributional: NDArray[np.float32]


def prepared(passage: Passage, article: Article, index: OpenIndex) -> Prepared:
    """``passage`` of an ``article`` of ``index``, ready to be matched."""
    known: Prepared | None = index.ready.get(passage.id)
    if known is None or known.passage is not passage:
        known = _prepare(passage, article, index)
        index.ready.keep(passage.id, known)
    return known


def _prepare(passage: Passage, article: Article, index: OpenIndex) -> Prepared:
    title, before, whole, after = article.title or "", passage.before, passage.text, passage.after
    bag = bag_of([title, before, whole, after], index)
    texts = part_texts(passage)
    long = passage.article_end >= _LONG_ENOUGH
    opens = [long and span.start < _OPENING for span in passage.chunk.parts]
    return Prepared(
        passage,
        bag,
        texts_of(bag, [title, before, *texts, after, whole]),
        tuple(map(_part, texts, opens)),
        np.vstack([passage.vector, passage.part_vectors]),
        _distributional(texts),
    )


def _distributional(texts: Sequence[str]) -> NDArray[np.float32]:
    """Of a passage's parts; see `Prepared`."""
    parts = sums_of([words_of(text) for text in texts])
    joined = parts.copy()
    joined[1:] += parts[:-1]
    rows = np.concatenate([parts.sum(axis=0, keepdims=True), parts, joined])
    unit: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return unit


def _part(text: str, opens: bool) -> Part:
    tokens = words_of(text)
    return Part(
        stems=frozenset(map(stem, tokens)),
        numbers=numbers(tokens),
        length=math.log(max(len(text), 1) / 100),
        opening=float(opens),
        time=float(names_time(tokens)),
        reason=float(gives_reason(tokens)),
        office=float(names_office(tokens)),
        defining=float(says_what_it_is(tokens)),
    )
