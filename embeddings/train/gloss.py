"""Made pairs: a passage and a sentence of it, and Arabic told word by word in English or French.

The embedded model looks at the words of a text and not at their order, so a word-by-word gloss
teaches it what a translation would: which words of the other language stand for which, in their
real surroundings and frequencies. The inverse cloze task is of Lee et al. 2019
(arXiv:1906.00300): a sentence is the question, what is left of its passage the answer.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from embeddings.train.clean import fold
from embeddings.train.data import Pair

SENTENCE_END = re.compile(r"(?<=[.!?؟؛।])\s+")
COVERED = 0.6
"""Share of a text's words that the lexicon must know for a gloss of it to be used."""

Lexicon = Mapping[str, Sequence[str]]


def lexicon(words: Iterable[Pair], *, language: str) -> Lexicon:
    """Folded Arabic word -> its different meanings in `language`, in the order of `words`."""
    found: dict[str, dict[str, None]] = {}
    for pair in words:
        arabic, meaning = (pair.a, pair.b) if pair.la == "ar" else (pair.b, pair.a)
        if {pair.la, pair.lb} == {"ar", language} and " " not in (word := fold(arabic)):
            found.setdefault(word, {})[meaning] = None
    return {word: list(meanings) for word, meanings in found.items()}


def gloss(text: str, words: Lexicon, *, dice: random.Random) -> str | None:
    """`text` word by word in the lexicon's language; None when too few of its words are known."""
    folded = fold(text).split()
    told = [dice.choice(words[word]) if word in words else _kept(word) for word in folded]
    known = sum(word in words or word.isdigit() for word in folded)
    return " ".join(filter(None, told)) if folded and known >= COVERED * len(folded) else None


def _kept(word: str) -> str:
    """Numbers stand in any language; an unknown word says nothing."""
    return word if word.isdigit() else ""


def sentences(text: str, *, least: int = 5) -> list[str]:
    """Sentences of at least `least` words, by a plain split at stops."""
    return [part for part in SENTENCE_END.split(text) if len(part.split()) >= least]


def cloze(texts: Iterable[str], *, language: str, dice: random.Random) -> Iterator[Pair]:
    """For each text of several sentences: one of them, and the text without it."""
    for text in texts:
        parts = sentences(text[:1200])
        if len(parts) < 2:
            continue
        taken = dice.randrange(len(parts))
        rest = " ".join(parts[:taken] + parts[taken + 1 :])
        yield Pair(parts[taken], rest, language, language)


def glossed(
    pairs: Iterable[Pair], words: Lexicon, *, language: str, dice: random.Random
) -> Iterator[Pair]:
    """Arabic pairs with one side, drawn by chance, told in `language`."""
    for pair in pairs:
        left = dice.random() < 0.5
        told = gloss(pair.a if left else pair.b, words, dice=dice)
        if told is not None and left:
            yield Pair(told, pair.b, language, pair.lb)
        elif told is not None:
            yield Pair(pair.a, told, pair.la, language)


def translated(
    texts: Iterable[str], words: Lexicon, *, language: str, dice: random.Random
) -> Iterator[Pair]:
    """Arabic sentences beside their gloss in `language`."""
    for text in texts:
        told = gloss(text, words, dice=dice)
        if told is not None:
            yield Pair(text, told, "ar", language)


def twice_told(
    texts: Iterable[str], left: Lexicon, right: Lexicon, *, dice: random.Random
) -> Iterator[Pair]:
    """English glosses of Arabic sentences beside French ones."""
    for text in texts:
        english, french = gloss(text, left, dice=dice), gloss(text, right, dice=dice)
        if english is not None and french is not None and english != french:
            yield Pair(english, french, "en", "fr")


def joined(left: Lexicon, right: Lexicon) -> Iterator[Pair]:
    """English and French meanings of one Arabic word form, in the order they are listed."""
    for word, english in left.items():
        for one, other in zip(english, right.get(word, ()), strict=False):
            if one != other:
                yield Pair(one, other, "en", "fr")
