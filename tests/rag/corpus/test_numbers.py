"""Numbers in digits and in words."""

import pytest

from rag.corpus.numbers import numbers
from rag.corpus.text import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.000", {"10000"}),
        ("عشرة آلاف دولار", {"10000"}),
        ("ten thousand", {"10000"}),
        ("dix mille euros", {"10000"}),
        ("ثلاثة وعشرون عاما", {"23"}),
        ("خمسة عشر", {"15"}),
        ("ألف وتسعمئة وستة وثمانون", {"1986"}),
        ("mille neuf cent quatre-vingt-six", {"1986"}),
        ("quatre-vingt-dix-sept", {"97"}),
        ("two hundred and fifty-three", {"253"}),
        ("100 ألف", {"100", "100000"}),
        ("في عام 1986 و2019", {"1986", "2019"}),
        ("ألفي مقاتل", {"2000"}),
        ("ألفا مقاتل", {"2000"}),
        ("عشرون ألفا", {"20000"}),
        ("٣٧", {"37"}),
        ("one of the men", set()),
        ("وقال إن", set()),
        ("", set()),
    ],
)
def test_numbers_however_written(text: str, found: set[str]) -> None:
    assert numbers(words(text)) == found
