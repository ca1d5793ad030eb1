"""Dates as people write them, to ISO 8601: in digits of any script, or with a month's name in
Arabic (of any country and calendar), English or French.

A date is given to the day, the month or the year, as far as it is certain: of «03/05/2021» either
may be the month, and a day of the Hijra may be the day before or behind by another calendar.
"""

import datetime
import re
import unicodedata

from rag.corpus.calendar import NAMES, hijri_day
from rag.corpus.text import words

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_YEAR_ALONE = re.compile(r"(\d{4})\s*(?:م\.?)?")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?")
_YEAR = re.compile(r"(\d{4})(?:هـ?|م)?")
# Words of a date that are neither day, month nor year, between which these stand: «Wednesday,
# 12 of May», «أيار/مايو».
_FARTHEST = 3
_FIRST_YEAR, _LAST_YEAR = 1000, 2999
# The calendars of the Hijra differ by so many days.
_HIJRI_DAYS_APART = 2


def iso_date(written: str | None) -> str | None:
    """The date that ``written`` begins with, but for a weekday and the like: ``YYYY-MM-DD``,
    ``YYYY-MM`` or ``YYYY``; ``None`` if it begins with none."""
    text = "".join(_ascii_digit(char) for char in written or "").strip()
    return _in_digits(text) or _named(words(text)[:12])


def _ascii_digit(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdecimal() else char


def _in_digits(text: str) -> str | None:
    if match := _YEAR_FIRST.match(text):
        return _iso(match[1], match[3], match[4])
    if match := _YEAR_LAST.match(text):
        return _of_either(match[4], match[1], match[3])
    if match := _COMPACT.match(text):
        return _iso(match[1], match[2], match[3])
    return _iso(match[1]) if (match := _YEAR_ALONE.fullmatch(text)) else None


def _of_either(year: str, one: str, other: str) -> str | None:
    """A date whose day and month may stand in either order."""
    read = {date for date in (_iso(year, one, other), _iso(year, other, one)) if date}
    return read.pop() if len(read) == 1 else _iso(year) if read else None


def _iso(year: str, month: str | None = None, day: str | None = None) -> str | None:
    """The date, if there is such a day."""
    try:
        found = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return found.isoformat()[: 10 if day else 7 if month else 4]


def _named(tokens: list[str]) -> str | None:
    """A date with a month's name in it."""
    month = _month(tokens)
    if month is None:
        return None
    calendar, number, start, end = month
    near = [*tokens[max(0, start - _FARTHEST) : start], *tokens[end : end + _FARTHEST]]
    day = next((m[1] for token in near if (m := _DAY.fullmatch(token))), None)
    year = next((m[1] for token in near if (m := _YEAR.fullmatch(token))), None)
    if year is None or start > _FARTHEST:
        return None
    if calendar == "hijri":
        return _of_the_hijra(int(year), number, int(day) if day else None)
    return _iso(year, str(number), day)


def _month(tokens: list[str]) -> tuple[str, int, int, int] | None:
    """The first month: its calendar, its number, and from which to which token it is named (twice,
    where it has two names: «أيار/مايو»)."""
    found = None
    n = 0
    while n < len(tokens):
        name, length = _name(tokens, n)
        calendar, _, number = name.partition(" ")
        if calendar in ("month", "hijri"):
            if found is None:
                found = (calendar, int(number), n, n + length)
            elif (calendar, int(number), n) == (found[0], found[1], found[3]):
                return (*found[:3], n + length)
        n += length
    return found


def _name(tokens: list[str], n: int) -> tuple[str, int]:
    for length in (2, 1):
        if name := NAMES.get(" ".join(tokens[n : n + length])):
            return name, min(length, len(tokens) - n)
    return "", 1


def _of_the_hijra(year: int, month: int, day: int | None) -> str | None:
    """What is certain of the common era's date of a day, or of a whole month, of the Hijra."""
    first = hijri_day(year, month, day or 1) - datetime.timedelta(_HIJRI_DAYS_APART)
    last = hijri_day(year, month, day or 30) + datetime.timedelta(_HIJRI_DAYS_APART)
    dates = first.isoformat(), last.isoformat()
    return next((dates[0][:to] for to in (7, 4) if dates[0][:to] == dates[1][:to]), None)
