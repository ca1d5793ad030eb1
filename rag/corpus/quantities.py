"""What a text counts and dates: each number, month and day of the week with where it stands.

Read are digits of any script, grouped and with decimals («10.000», «3,5»), number words, scales
(«2.5 million», «مليون ونصف»), ordinals («18th», «XVIIIe», «الثامن عشر»), decades («1990s»,
«التسعينيات») and dates in digits («12/05/2023»).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.corpus.calendar import AMBIGUOUS, NAMES, hijri_years
from rag.corpus.numbers import ADDED, AND, HUNDREDS, SCALES, TWENTY, scale
from rag.corpus.text import fold, words
from rag.corpus.tokens import Token, tokens

_ORDINALS = {
    2: "twice مرتين مرتان",
    3: "thrice ثالث ثالثة ثلث third thirds troisieme tiers",
    4: "رابع رابعة ربع fourth quarter quarters quatrieme quart quarts",
    5: "خامس خامسة fifth fifths cinquieme",
    6: "سادس سادسة سدس sixth sixieme",
    7: "سابع سابعة seventh septieme",
    8: "ثامن ثامنة eighth huitieme",
    9: "تاسع تاسعة ninth neuvieme",
    10: "عاشر عاشرة tenth dixieme",
    11: "eleventh onzieme",
    12: "twelfth douzieme dozen douzaine دزينة",
    13: "thirteenth treizieme",
    14: "fourteenth quatorzieme",
    15: "fifteenth quinzieme quinzaine",
    16: "sixteenth seizieme",
    17: "seventeenth",
    18: "eighteenth",
    19: "nineteenth",
    20: "twentieth vingtieme twenties عشرينيات عشرينات vingtaine",
    30: "thirtieth trentieme thirties ثلاثينيات ثلاثينات trentaine",
    40: "fortieth forties أربعينيات أربعينات quarantaine",
    50: "fiftieth fifties خمسينيات خمسينات cinquantaine",
    60: "sixtieth sixties ستينيات ستينات soixantaine",
    70: "seventieth seventies سبعينيات سبعينات",
    80: "eightieth eighties ثمانينيات ثمانينات",
    90: "ninetieth nineties تسعينيات تسعينات",
    100: "hundredth centieme centenary",
}
_HALVES = frozenset(words("نصف half demi demie"))
# Said of no number in particular; each language by itself and all of them the same.
_VAGUE = {
    word: name
    for name, text in (
        ("dozens", "dozens dizaines عشرات"),
        ("hundreds", "hundreds centaines مئات"),
        ("thousands", "thousands milliers آلاف"),
        ("millions", "millions ملايين"),
        ("billions", "billions milliards مليارات"),
    )
    for word in words(text)
}
_ORDINAL = {w: value for value, text in _ORDINALS.items() for w in words(text)}
# «The second» is a piece of time too, and «two» is often a form of the noun.
_ADDED = ADDED | _ORDINAL
_SPELT = frozenset((*_ADDED, *SCALES, *HUNDREDS, *_VAGUE, *_HALVES))
_PERCENT = frozenset(words("بالمئة بالمائة percent"))
_ONES = frozenset(words("واحد واحدة أحد إحدى one un une"))
_SUFFIXED = re.compile(r"(\d+)(?:st|nd|rd|th|er|ere|re|e|eme|s)")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)(?![\d.,])")
_ROMAN = re.compile(
    r"(?=[IVXL]{2})(X{0,3}(?:IX|IV|V?I{0,3})|XL(?:IX|IV|V?I{0,3}))(?:e|er|ème|eme)?"
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_LETTERED = re.compile(r"[a-z]{1,5}(\d{1,9})")
_PARTICLES = re.compile("[وف]?(?:[بكل]?ال|لل)?")
_SHORT = 4
_HIJRI = frozenset(("ه", "هـ", "ah", "hijri", "هجري", "هجريه", "hegire"))
_MONTHS_IN_A_YEAR = 12
_LAST_HIJRI = 1600
# What may stand between two words of one number.
_JOINS = " \t\n\u00a0\u202f-‐‑"
_SPACES = re.compile(r"\s")
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something counted or dated at ``start`` to ``end``: ``values`` are its readings, any of which
    it may be («1445 هـ» is also 2023), ``parts`` what else is written in it («25» of «25 ألف»)."""

    start: int
    end: int
    values: frozenset[str]
    parts: frozenset[str] = frozenset()

    @property
    def is_date(self) -> bool:
        """Whether it is the name of a month or of a day."""
        return any(" " in value for value in self.values)


def quantities(text: str) -> list[Quantity]:
    """What ``text`` counts and dates, in order. A bare «one» is mostly a pronoun, and left out."""
    dates = list(_dates(text))
    left = _outside(tokens(text), dates)
    names = list(_names(left))
    numbers = _numbers(_outside(left, names), text)
    return sorted([*dates, *names, *numbers], key=lambda q: (q.start, q.end))


def values(found: Sequence[Quantity]) -> frozenset[str]:
    """Everything that any of them may be, for looking up."""
    return frozenset(value for q in found for value in (*q.values, *q.parts))


def _outside(found: Sequence[Token], taken: Sequence[Quantity]) -> list[Token]:
    return [t for t in found if not any(q.start < t.end and t.start < q.end for q in taken)]


def _dates(text: str) -> Iterator[Quantity]:
    plain = "".join(str(unicodedata.digit(c, None) if c.isdigit() else c)[:1] for c in text)
    for match in _DATE.finditer(plain):
        one = min(match[1], match[4], key=len)
        for group, value in ((1, match[1]), (4, match[4])):
            yield Quantity(*match.span(group), frozenset((str(int(value)),)))
        middle = int(match[3])
        # Of 12/05 either may be the month; the year is the longer one.
        months = {int(v) for v in (match[3], one) if 1 <= int(v) <= _MONTHS_IN_A_YEAR}
        yield Quantity(*match.span(3), frozenset((str(middle), *(f"month {m}" for m in months))))


def _names(found: Sequence[Token]) -> Iterator[Quantity]:
    for n, token in enumerate(found):
        for length in (2, 1):
            run = found[n : n + length]
            name = " ".join((_bare_name(token.word), *(t.word for t in run[1:])))
            if len(run) == length and name in NAMES:
                if name not in AMBIGUOUS or _beside_number(found, n):
                    yield Quantity(token.start, run[-1].end, frozenset((NAMES[name],)))
                break


def _bare_name(word: str) -> str:
    """A name without the particles that Arabic writes onto it, where that makes it one."""
    for bare in (word, word[1:]):
        if bare in NAMES:
            return bare
    return word


def _beside_number(found: Sequence[Token], n: int) -> bool:
    return any(t.word[:1].isdigit() for t in (*found[max(n - 1, 0) : n], *found[n + 1 : n + 2]))


def _numbers(found: Sequence[Token], text: str) -> Iterator[Quantity]:
    run: list[tuple[Token, str]] = []
    joined = False
    for n, token in enumerate(found):
        part = None if _is_percent(found, n) else _part(token)
        if part is None and run and token.word in AND and not joined:
            joined = True
            continue
        if run and (part is None or not _goes_on(run, token, part, text, joined)):
            yield from _read(run, token)
            run = []
        joined = False
        if part is not None:
            run.append((token, part))
    yield from _read(run, None)


def _is_percent(found: Sequence[Token], n: int) -> bool:
    """Whether a hundred is that of «في المئة», per cent."""
    word = found[n].word
    return word in _PERCENT or (word in ("الميه", "الماءه", "المايه") and found[n - 1].word == "في")


def _part(token: Token) -> str | None:
    """What a token adds to a number: digits (with a decimal point), or a number word, folded."""
    if token.word[0].isdigit():
        return _digits(token.word)
    if (lettered := _LETTERED.fullmatch(token.word)) is not None:
        return lettered[1]
    if (roman := _ROMAN.fullmatch(token.written)) is not None:
        return str(_roman(roman[1]))
    bare = (word for word in _without_particles(token.word) if word in _SPELT)
    return next(bare, None)


def _without_particles(word: str) -> Iterator[str]:
    """A word, and what is left of it without the particles that Arabic writes onto it; a short
    rest is mostly another word."""
    yield word
    if word[:1] == "و" or (word[:1] in "فبلك" and len(word) > _SHORT):
        yield word[1:]
    yield word[_PARTICLES.match(word).end() :]  # type: ignore[union-attr]


def _digits(written: str) -> str:
    folded = fold(_SPACES.sub("", written[:_LONGEST_NUMBER]).replace("،", ","))
    suffixed = _SUFFIXED.fullmatch(folded)
    if suffixed:
        return str(int(suffixed[1]))
    decimal = _DECIMAL.match(folded.replace("٫", "."))
    if decimal:
        return f"{int(decimal[1])}.{decimal[2].rstrip('0')}".rstrip(".")
    first = re.match(r"\d+", folded)
    return str(int(first[0])) if first else "0"


def _roman(letters: str) -> int:
    each = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(
        -value if any(value < later for later in each[n + 1 : n + 2]) else value
        for n, value in enumerate(each)
    )


def _is_digits(part: str) -> bool:
    return part[0].isdigit()


def _goes_on(
    run: Sequence[tuple[Token, str]], token: Token, part: str, text: str, joined: bool
) -> bool:
    """Whether ``part`` belongs to the number that ``run`` has begun, as numbers are said."""
    between = text[run[-1][0].end : token.start]
    apart = not joined and bool(between.strip(_JOINS))
    if apart or _is_digits(part):
        return False
    if part not in _ADDED:
        return True
    return not _is_digits(run[-1][1]) and _adds_up(
        int(_value([p for _, p in run])) % 100, part, joined or token.word.startswith("و")
    )


def _adds_up(low: int, part: str, joined: bool) -> bool:
    """Whether a number word is said after what is ``low`` below a hundred."""
    more = _ADDED[part]
    return (
        low == 0
        or (low < 10 and more % 10 == 0 and 10 < more < 100 and joined)  # ثلاثة وعشرون
        or (2 < low < 10 and more == 10)  # ثلاثة عشر
        or (low % 10 == 0 and low >= 20 and more < 10)  # twenty-three
        or (low in (60, 80) and more < 20)  # soixante-douze
        or (low == 10 and more in (7, 8, 9))  # dix-sept
        or (low == 4 and part in TWENTY)  # quatre-vingts
    )


def _read(run: Sequence[tuple[Token, str]], after: Token | None) -> Iterator[Quantity]:
    parts = [part for _, part in run]
    if not run or (len(parts) == 1 and (parts[0] in _ONES or parts[0] in _HALVES)):
        return
    start, end = run[0][0].start, run[-1][0].end
    written = frozenset(part for part in parts if _is_digits(part))
    if all(part in _VAGUE for part in parts):
        yield Quantity(start, end, frozenset((_VAGUE[parts[-1]],)))
        return
    value = _value(parts)
    yield Quantity(start, end, _readings(value, run[-1][0], after), written)


def _readings(value: Decimal, last: Token, after: Token | None) -> frozenset[str]:
    """The value, with what else it may be: the year of another calendar, a decade."""
    read = {format(value.normalize(), "f")}
    if after is not None and after.word in _HIJRI and 0 < value < _LAST_HIJRI:
        read |= {str(year) for year in hijri_years(int(value))}
    if last.word.endswith("s") and value >= 1000 and _is_digits(last.word):
        read.add(str(int(value) % 100))
    return frozenset(read)


def _value(run: Sequence[str]) -> Decimal:
    total = said = Decimal(0)
    factor, half = Decimal(1), False
    for part in run:
        if _is_digits(part):
            said += Decimal(part)
        elif part in SCALES and half:  # «مليون ونصف المليون»
            continue
        elif part in SCALES:
            factor = Decimal(scale(part, multiplied=said > 0))
            total, said = total + (said or Decimal(1)) * factor, Decimal(0)
        elif part in HUNDREDS:
            said, factor = (said or Decimal(1)) * 100, Decimal(100)
        elif part in _HALVES:
            total, half = total + factor / 2, True
        elif part in TWENTY and said % 100 == 4:
            said += 76
        else:
            said += _ADDED.get(part, 0)
    return total + said
