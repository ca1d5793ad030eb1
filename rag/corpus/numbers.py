"""Numbers in a text, however they are written: digits of any script, or words in Arabic, English
and French («عشرة آلاف», «ten thousand», «10.000»).

Number words are read as they are said: what is below a hundred adds up, a hundred multiplies what
was said just before it, and a scale (thousand, million) everything since the last scale.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rag.corpus.text import words

_ADDED: dict[int, str] = {
    1: "واحد واحدة أحد إحدى one un une",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا two deux",
    3: "ثلاث ثلاثة تلاتة three trois",
    4: "أربع أربعة four quatre",
    5: "خمس خمسة five cinq",
    6: "ست ستة six",
    7: "سبع سبعة seven sept",
    8: "ثمان ثماني ثمانية تمانية eight huit",
    9: "تسع تسعة nine neuf",
    10: "عشر عشرة ten dix",
    11: "eleven onze",
    12: "twelve douze",
    13: "thirteen treize",
    14: "fourteen quatorze",
    15: "fifteen quinze",
    16: "sixteen seize",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
    20: "عشرون عشرين twenty vingt",
    30: "ثلاثون ثلاثين thirty trente",
    40: "أربعون أربعين forty quarante",
    50: "خمسون خمسين fifty cinquante",
    60: "ستون ستين sixty soixante",
    70: "سبعون سبعين seventy septante",
    80: "ثمانون ثمانين eighty vingts huitante",
    90: "تسعون تسعين ninety nonante",
    200: "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي",
    300: "ثلاثمئة ثلاثمائة",
    400: "أربعمئة أربعمائة",
    500: "خمسمئة خمسمائة",
    600: "ستمئة ستمائة",
    700: "سبعمئة سبعمائة",
    800: "ثمانمئة ثمانمائة ثمانيمئة",
    900: "تسعمئة تسعمائة",
}
_HUNDRED = "مئة مائة ميه hundred cent cents"
_SCALES: dict[int, str] = {
    1_000: "ألف ألفا آلاف thousand mille",
    2_000: "ألفان ألفين ألفا ألفي",
    1_000_000: "مليون مليونا ملايين million millions",
    2_000_000: "مليونان مليونين",
    1_000_000_000: "مليار مليارا مليارات بليون billion billions milliard milliards",
}
TWENTY = frozenset(("vingt", "vingts"))
AND = frozenset(("and", "et", "و"))


def _by_word(spelt: Mapping[int, str]) -> dict[str, int]:
    return {word: value for value, text in spelt.items() for word in words(text)}


ADDED, SCALES = _by_word(_ADDED), _by_word(_SCALES)
"""Number words, folded, by what they add and by what they multiply what was said before by."""
HUNDREDS = frozenset(words(_HUNDRED))
"""Those that multiply by a hundred."""


def numbers(tokens: Sequence[str]) -> frozenset[str]:
    """The numbers among folded words, in ASCII digits; digits before a scale also multiplied out.

    A bare «one» is no number: it is mostly a pronoun.
    """
    return frozenset(_found(tokens))


def _found(tokens: Sequence[str]) -> Iterator[str]:
    run: list[str] = []
    read = [*map(_read, tokens)]
    if not any(is_part for _, is_part in read):
        return
    for token, is_part in (*read, ("", False)):
        if is_part or (run and token in AND):
            run.append(token)
            continue
        if run:
            yield from _values(run)
            run = []


@lru_cache(maxsize=100_000)
def _read(token: str) -> tuple[str, bool]:
    """The token without the conjunction that Arabic writes onto the next word («وعشرون», «و2019»),
    and whether it is part of a number."""
    bare = token[1:] if token[:1] == "و" and _is_part(token[1:]) else token
    return bare, _is_part(bare)


def _is_part(token: str) -> bool:
    return token.isdigit() or token in ADDED or token in SCALES or token in HUNDREDS


def _values(run: Sequence[str]) -> Iterator[str]:
    """The digits of a run of number words, and the value of what is said in it."""
    digits = [token for token in run if token.isdigit()]
    yield from digits
    if len(digits) < 2 and len(digits) < len(run):
        value = _value(run)
        if value > 1:
            yield str(value)


def _value(run: Iterable[str]) -> int:
    total = said = 0
    for token in run:
        if token.isdigit():
            said += int(token[:15])
        elif token in SCALES:
            total, said = total + max(said, 1) * scale(token, multiplied=said > 0), 0
        elif token in HUNDREDS:
            said = max(said, 1) * 100
        elif token in TWENTY and said % 100 == 4:  # quatre-vingt
            said += 76
        else:
            said += ADDED.get(token, 0)
    return total + said


def scale(token: str, *, multiplied: bool) -> int:
    """What a scale stands for: a dual («ألفا كتاب», two thousand) that something was said before
    is the accusative of the single one («عشرون ألفا», twenty thousand)."""
    value = SCALES[token]
    return value // 2 if multiplied and str(value)[0] == "2" else value
