"""Cleaning and deduplication of pairs, on folded text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from embeddings.train.data import Pair

MARKUP = re.compile(r"\{/[^}]*/?\}|<[^>]{1,80}>|https?://\S+|[_*`#\[\]{}|]+")
LONGEST = 2400
"""Characters kept of a text: more than the pieces that training looks at."""


def fold(text: str) -> str:
    """Letters and digits only, lower case, without marks: equal for texts that differ in form."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return " ".join("".join(c if c.isalnum() else " " * (not _mark(c)) for c in plain).split())


def _mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or character == "ـ"


def tidy(text: str) -> str:
    """Without markup, with single spaces, cut to `LONGEST` characters."""
    return " ".join(MARKUP.sub(" ", text[:LONGEST]).split())


def clean(pairs: Iterable[Pair], *, languages: frozenset[str]) -> Iterator[Pair]:
    """Tidied pairs of the wanted languages, each meaning-bearing and each only once.

    Dropped: sides without a letter or digit, and pairs whose sides are the same (untranslated).
    """
    seen: set[int] = set()
    for pair in pairs:
        if pair.la not in languages or pair.lb not in languages:
            continue
        tidied = Pair(tidy(pair.a), tidy(pair.b), pair.la, pair.lb)
        a, b = fold(tidied.a), fold(tidied.b)
        key = hash((a, b))
        if not a or not b or a == b or key in seen:
            continue
        seen.add(key)
        yield tidied
