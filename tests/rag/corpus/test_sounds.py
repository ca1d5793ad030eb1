"""What a word sounds like, across scripts."""

import pytest

from rag.corpus.sounds import is_latin, sound, sound_alike
from rag.corpus.text import words


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("تشرشل", "Churchill"),
        ("شكسبير", "Shakespeare"),
        ("الفاتيكان", "Vatican"),
        ("وبالفيتنام", "Vietnam"),
        ("خرائط", "5ara2et"),
        ("منظمة", "munazzama"),
        ("مكافحة", "moukafa7a"),
    ],
)
def test_one_name_in_two_scripts(arabic: str, latin: str) -> None:
    (ours,), (theirs,) = words(arabic), words(latin)
    assert sound_alike(sound(ours), sound(theirs)) == 1
    assert (is_latin(ours), is_latin(theirs)) == (False, True)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("blnkn", "blnkn", 1),
        ("wcntn", "wcngtn", 1 - 1.5 / 6),
        ("grmn", "grbn", 1 - 1.5 / 4),
        ("grmn", "krmn", 0),
        ("grmn", "grbk", 0),
        ("grm", "grmnt", 0),
        ("sd", "sd", 0),
        ("", "", 0),
    ],
)
def test_how_alike(one: str, other: str, alike: float) -> None:
    assert sound_alike(one, other) == sound_alike(other, one) == pytest.approx(alike)


def test_numbers_have_no_sound() -> None:
    assert sound("1986") == ""
