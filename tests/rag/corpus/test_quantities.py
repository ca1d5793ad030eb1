"""What a text counts and dates."""

import pytest

from rag.corpus.calendar import hijri_years
from rag.corpus.quantities import quantities


def read(text: str) -> list[set[str]]:
    return [set(q.values) for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019", "2019"),
        ("٢٠١٩", "2019"),
        ("في 2019م", "2019"),
        ("1,500,000", "1500000"),
        ("1 500 000", "1500000"),
        ("16،000", "16000"),
        ("3,5 %", "3.5"),
        ("٣٫٥", "3.5"),
        ("2.5 million", "2500000"),
        ("25 ألف", "25000"),
        ("خمسة وعشرون ألفا", "25000"),
        ("مليون ونصف المليون", "1500000"),
        ("ثلاثمئة وخمسة وستون", "365"),
        ("quatre-vingt-dix-sept", "97"),
        ("five thousand two hundred", "5200"),
        ("XVIIIe siècle", "18"),
        ("the 18th century", "18"),
        ("القرن الثامن عشر", "18"),
        ("thousands", "thousands"),
        ("آلاف", "thousands"),
    ],
)
def test_a_number_is_read_as_it_is_said(text: str, value: str) -> None:
    assert read(text) == [{value}]


@pytest.mark.parametrize("month", ["مايو", "أيار", "May 1", "mai 1", "ماي 1"])
def test_a_month_has_one_value_in_every_language(month: str) -> None:
    assert {"month 5"} in read(month)


def test_words_that_are_months_only_beside_a_number_are_words_elsewhere() -> None:
    assert read("It may rain on the march.") == []


def test_a_date_in_digits_is_a_day_a_month_and_a_year() -> None:
    assert read("12/05/2023") == [{"12"}, {"5", "month 5", "month 12"}, {"2023"}]


def test_two_numbers_are_not_one() -> None:
    assert read("three and five; 2019 and 2020") == [{"3"}, {"5"}, {"2019"}, {"2020"}]


def test_a_year_of_the_hijra_is_also_those_it_falls_in() -> None:
    assert read("1445 هـ") == [{"1445", "2023", "2024"}]
    assert hijri_years(1) == (622, 623)


def test_a_quantity_stands_where_it_is_written() -> None:
    text = "On Tuesday 25 thousand came"
    assert [text[q.start : q.end] for q in quantities(text)] == ["Tuesday", "25 thousand"]
