"""What a passage holds that no question changes: its words as they are matched, signs in its parts.

Made when a passage is first found, and kept with the index that it was made for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.corpus.numbers import numbers
from rag.corpus.text import stem
from rag.index.opened import OpenIndex, Passage
from rag.records import Article
from rag.search.asked import gives_reason, names_office, names_time, says_what_it_is
from rag.search.matching import Bag, Texts, bag_of, texts_of, words_of
from rag.search.parts import part_texts


@dataclass(frozen=True, slots=True)
class Part:
    """A quotable part: its length in characters, its stems and numbers, whether it speaks of a
    time, of a cause, of somebody's office, of what a thing is."""

    length: int
    stems: frozenset[str]
    numbers: frozenset[str]
    time: bool
    reason: bool
    office: bool
    defining: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage in the ``bag`` of its words, those around it and its article's title.

    ``stretches`` are the title, the text before it, each part, and the text after it; ``whole`` is
    its text.
    ``vectors`` (1 + parts, dim) are its own and those of its parts, each of length 1.
    """

    passage: Passage
    bag: Bag
    stretches: Texts
    whole: Texts
    parts: tuple[Part, ...]
    vectors: NDArray[np.float32]


def prepared(passage: Passage, article: Article, index: OpenIndex) -> Prepared:
    """``passage`` of an ``article`` of ``index``, ready to be matched."""
    known: Prepared | None = index.ready.get(passage.id)
    if known is None or known.passage is not passage:
        known = _prepare(passage, article, index)
        index.ready.keep(passage.id, known)
    return known


def _prepare(passage: Passage, article: Article, index: OpenIndex) -> Prepared:
    title = article.title or ""
    bag = bag_of(f"{title} {passage.before} {passage.text} {passage.after}", index)
    parts = part_texts(passage)
    return Prepared(
        passage,
        bag,
        texts_of(bag, [title, passage.before, *parts, passage.after]),
        texts_of(bag, [passage.text]),
        tuple(map(_part, parts)),
        np.vstack([passage.vector, passage.part_vectors]),
    )


def _part(text: str) -> Part:
    tokens = words_of(text)
    return Part(
        len(text),
        frozenset(map(stem, tokens)),
        numbers(tokens),
        names_time(tokens),
        gives_reason(tokens),
        names_office(tokens),
        says_what_it_is(tokens),
    )
