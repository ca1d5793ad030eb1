"""What an article keeps coming back to: pairs of words that it repeats, as it writes them."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from rag.corpus.stopwords import content_words
from rag.corpus.text import words

_RUN = re.compile(r"[^\W_]+(?: [^\W_]+)+")
_SHORTEST_WORD = 3
_FEWEST = 2
# An Arabic «to» or «for» written onto a word, or an «and» onto the first: it leans on what is left
# out.
_LEANS = re.compile(r"ل(?!ا)\S* |و\S* |\S+ ل(?!ا)")


def key_terms(text: str, title: str = "") -> list[str]:
    """Pairs of neighbouring content words that stand in ``text`` at least twice, most often first;
    of equals, one of the ``title`` and then the one that comes first. No two share a word."""
    counted = Counter(_pairs(text))
    named = set(_pairs(title))
    repeated = [pair for pair, count in counted.items() if count >= _FEWEST]
    taken: set[str] = set()
    kept: list[str] = []
    for pair in sorted(repeated, key=lambda pair: (-counted[pair], pair not in named)):
        if taken.isdisjoint(pair.split()):
            taken.update(pair.split())
            kept.append(pair)
    return kept


def _pairs(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        for first, second in pairwise(run.split()):
            pair = f"{first} {second}"
            if not _LEANS.match(pair) and _is_content(first) and _is_content(second):
                yield pair


def _is_content(word: str) -> bool:
    folded = words(word)
    return bool(content_words(folded)) and all(
        len(one) >= _SHORTEST_WORD and one.isalpha() for one in folded
    )
