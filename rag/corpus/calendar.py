"""Months and days of the week by name, in Arabic (all its calendars), English and French."""

import datetime

from rag.corpus.text import words

_MONTHS = (
    "يناير كانون_الثاني جانفي january jan janvier",
    "فبراير شباط فيفري february feb fevrier",
    "مارس آذار march mar mars",
    "أبريل إبريل نيسان أفريل april apr avril",
    "مايو أيار ماي may mai",
    "يونيو يونية حزيران جوان june jun juin",
    "يوليو يولية تموز جويلية july jul juillet",
    "أغسطس آب أوت غشت august aug aout",
    "سبتمبر أيلول شتنبر september sept sep septembre",
    "أكتوبر تشرين_الأول october oct octobre",
    "نوفمبر تشرين_الثاني نونبر november nov novembre",
    "ديسمبر كانون_الأول دجنبر december dec decembre",
)
_HIJRI_MONTHS = (
    "محرم muharram mouharram",
    "صفر safar",
    "ربيع_الأول",
    "ربيع_الثاني ربيع_الآخر",
    "جمادى_الأولى",
    "جمادى_الآخرة جمادى_الثانية",
    "رجب rajab",
    "شعبان shaaban sha'ban chaabane",
    "رمضان ramadan",
    "شوال shawwal chawwal",
    "ذو_القعدة ذي_القعدة",
    "ذو_الحجة ذي_الحجة",
)
_DAYS = (
    "الأحد sunday dimanche",
    "الاثنين الإثنين monday lundi",
    "الثلاثاء tuesday mardi",
    "الأربعاء wednesday mercredi",
    "الخميس thursday jeudi",
    "الجمعة friday vendredi",
    "السبت saturday samedi",
)


def _named(prefix: str, spelt: tuple[str, ...]) -> dict[str, str]:
    return {
        " ".join(words(name.replace("_", " ").replace("'", ""))): f"{prefix}{n}"
        for n, names in enumerate(spelt, start=1)
        for name in names.split()
    }


NAMES = _named("month ", _MONTHS) | _named("hijri ", _HIJRI_MONTHS) | _named("day ", _DAYS)
"""Folded name (of one word or two) to what it names: ``month 5``, ``hijri 9``, ``day 1``."""

AMBIGUOUS = frozenset(
    (
        *words("may march mars mar mai august jan sep sept dec ماي مارس آب جوان أوت"),
        *_named("", _HIJRI_MONTHS),
    )
)
"""Names of months that are words or names of people too: months only beside a number."""


def hijri_years(year: int) -> tuple[int, int]:
    """The two years of the common era that a year of the Hijra falls in, to within a year: one
    lunar year has 354.37 days, and the first began in July 622."""
    first = int(year * 0.970224 + 621.5774 - 1e-9)
    return first, first + 1


def hijri_day(year: int, month: int, day: int) -> datetime.date:
    """The day of the common era on which a day of the Hijra falls, by the tabular calendar
    (Reingold and Dershowitz, «Calendrical Calculations»); other ones differ by a day or two."""
    before = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2
    return datetime.date(622, 7, 18) + datetime.timedelta(before + day)
