"""What kind of thing a question asks for, by its question words."""

import re
from collections.abc import Sequence

from rag.corpus.text import words

# Also «40 الف» in one token or the month of a date: anything with a digit counts as a number.
NUMBER = re.compile(r"\d+")

_NUMBER_WORDS = frozenset(
    words(
        "كم عدد قديش قداش كام شحال نسبة مقدار مبلغ many much number percentage"
        " combien nombre montant taux"
    )
)
_WHEN_WORDS = frozenset(words("متى تاريخ امتى إمتى وقتاش عام سنة year date when quand annee"))


def asks_number(tokens: Sequence[str]) -> bool:
    """Whether the question wants a quantity."""
    return not _NUMBER_WORDS.isdisjoint(tokens)


def asks_when(tokens: Sequence[str]) -> bool:
    """Whether the question wants a date."""
    return not _WHEN_WORDS.isdisjoint(tokens)
