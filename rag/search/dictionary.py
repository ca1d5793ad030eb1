"""What a question's word is in an index: its vector, what stands for it, what sounds like it.

Worked out when a word is first asked about, and kept with the index: questions share words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.corpus.sounds import is_latin, sound
from rag.index.opened import OpenIndex
from rag.search.translation import translations

# An «and», a preposition, an article written onto an Arabic word in Latin letters.
_GLUED = re.compile(r"w?[fbk]?(?:[ea]l|il|ll?)?(?=.{4})")
# What names that Latin letters write in one word have beside the word that tells them apart:
# «servant of the», «of God», «of the faith».
_OF_NAMES = re.compile(
    r"^abd[eaou](?:l|(?=([rnszdt])\1))(?=.{3})"  # the article is there: «abduction» has none
    r"|(?<=.{3})(?:[aou]ll?ah|[aeu]l?dd?[ie]+ne?)$"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A word's ``vector`` (dim,), of length 1; the words of the index that stand for it where the
    index lacks it, with how surely each does (0..1); and those in the other script that sound just
    like it."""

    vector: NDArray[np.float32]
    translated: Sequence[tuple[str, float]]
    heard: Sequence[str]


def look_up(
    text: str, words: Sequence[str], index: OpenIndex, encoder: Encoder
) -> tuple[NDArray[np.float32], list[Entry]]:
    """The vector (dim,) of ``text``, of length 1, and what each of its folded ``words`` is, in one
    encoding."""
    entries: dict[str, Entry | None] = {word: index.entries.get(word) for word in words}
    unknown = [word for word, entry in entries.items() if entry is None]
    whole, *vectors = encoder.encode_questions([text, *unknown])
    for word, entry in zip(unknown, _entries(unknown, vectors, index), strict=True):
        index.entries.keep(word, entry)
        entries[word] = entry
    return whole, [entry for entry in entries.values() if entry is not None]


def _entries(
    words: Sequence[str], vectors: Sequence[NDArray[np.float32]], index: OpenIndex
) -> list[Entry]:
    if not words:
        return []
    translated, heard = translations(words, vectors, index), heard_across(words, index)
    return [
        Entry(vector.copy(), standing, heard[word])
        for word, vector, standing in zip(words, vectors, translated, strict=True)
    ]


def bare_words(words: Sequence[str], index: OpenIndex) -> dict[str, str]:
    """For each of ``words``, Arabic in Latin letters, what is left of it without an «and», a
    preposition or an article written onto it («lmaghrib», «felwizara»), where by its sound the
    index has that and not the whole."""
    return _without(_GLUED, words, index)


def names_within(words: Sequence[str], index: OpenIndex) -> list[str]:
    """``words`` with names in Latin letters that Arabic writes in two words by the one that tells
    them apart («hezbollah»: «hezb», «abdelkader»: «kader»), on the same condition."""
    names = [word for word in words if is_latin(word) and _OF_NAMES.search(word)]
    within = _without(_OF_NAMES, names, index) if names else {}
    return list(dict.fromkeys(within.get(word, word) for word in words))


def _without(what: re.Pattern[str], words: Sequence[str], index: OpenIndex) -> dict[str, str]:
    """Each of ``words`` without the first match of ``what``, where the index has a word in the
    other script that sounds like the rest, and none that sounds like the whole."""
    left = {word: what.sub("", word, count=1) for word in words}
    heard = heard_across([*left, *left.values()], index)
    return {word: rest if heard[rest] and not heard[word] else word for word, rest in left.items()}


def heard_across(words: Sequence[str], index: OpenIndex) -> dict[str, list[str]]:
    """For each of ``words``, the words of the index in the other script that sound just like it."""
    sounds = {word: sound(word) for word in words}
    alike = index.sounding(list(dict.fromkeys(sounds.values())))
    return {
        word: [other for other in alike.get(heard, ()) if is_latin(other) != is_latin(word)]
        for word, heard in sounds.items()
    }
