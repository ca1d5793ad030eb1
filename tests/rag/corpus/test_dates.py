"""Dates are read however they are written, as far as they are certain, and no further."""

import datetime

import pytest

from rag.corpus.calendar import hijri_day
from rag.corpus.dates import iso_date

THE_DAY = """
2021-05-12 | 2021-05-12T10:00:00Z | 2021/05/12 | 20210512 | 2021-5-12 | ٢٠٢١-٠٥-١٢
12 مايو 2021 | ١٢ مايو ٢٠٢١ | 12 أيار 2021 | 12 أيار/مايو 2021 | 12 ماي 2021
الأربعاء 12 مايو 2021 | الأربعاء، ١٢ أيار ٢٠٢١ م
May 12, 2021 | 12 May 2021 | 12th of May 2021 | Wed, 12 May 2021 10:00:00 GMT
12 mai 2021 | mercredi 12 mai 2021 à 10h00 | le 12 mai 2021
"""


@pytest.mark.parametrize(
    "written", [d.strip() for d in THE_DAY.replace("\n", "|").split("|") if d.strip()]
)
def test_one_day_in_many_writings(written: str) -> None:
    assert iso_date(written) == "2021-05-12"


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("25/12/2021", "2021-12-25"),
        ("12/25/2021", "2021-12-25"),
        ("05/05/2021", "2021-05-05"),
        ("03/05/2021", "2021"),  # of March, or of May
        ("2021-05", "2021-05"),
        ("كانون الثاني 2020", "2020-01"),
        ("2 تشرين الأول/أكتوبر 2020", "2020-10-02"),
        ("1er août 2021", "2021-08-01"),
        ("2021", "2021"),
    ],
)
def test_as_far_as_it_is_certain(written: str, date: str) -> None:
    assert iso_date(written) == date


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2021-99-99", "31/02/2021", "1620000000", "0000-01-01", "May", "12 مايو", None],
)
def test_what_is_no_date(written: str | None) -> None:
    assert iso_date(written) is None


def test_days_of_the_hijra_are_certain_to_the_month_or_the_year() -> None:
    assert hijri_day(1445, 1, 1) == datetime.date(2023, 7, 19)
    assert hijri_day(1400, 1, 1) == datetime.date(1979, 11, 21)
    assert iso_date("30 رمضان 1442 هـ") == iso_date("٣٠ رمضان ١٤٤٢هـ") == "2021-05"
    assert iso_date("1 محرم 1400 هـ") == "1979-11"
    assert iso_date("رمضان 1442") == "2021"  # from 13 April to 12 May
    assert iso_date("18 ذو الحجة 1428 هـ") == "2007-12"
    assert iso_date("22 ذي الحجة 1428 هـ") is None  # the last or the first day of a year
