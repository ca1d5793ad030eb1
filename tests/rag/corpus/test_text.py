"""One treatment for both sides: the same word in any writing becomes the same tokens."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.text import all_grams, analysed, fold, grams, stem, stems, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("إيران آمن أمن", "ايران امن امن"),
        ("مسؤولية مسئولية", "مسووليه مسيوليه"),
        ("شُكْرًا", "شكرا"),
        ("الـــعراق", "العراق"),
        ("على علي", "علي علي"),
        ("کتاب ی", "كتاب ي"),
        ("١٤٠٠ ۱۴۰۰ 1400", "1400 1400 1400"),
        ("10.000 1,200 ١٬٢٠٠ 12.345.678", "10000 1200 1200 12345678"),
        ("3.14 1.2.3 28.6.2021", "3.14 1.2.3 28.6.2021"),
        ("Élève ÇA Straße", "eleve ca strasse"),
        ("a\u200fb\u202ec", "abc"),
        ("a\x00b\ud800c", "a b c"),
        ("ﻻ ﷲ ﬁn", "لا الله fin"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_words_are_runs_of_letters_and_digits_of_any_script() -> None:
    assert words("l'armée «داعش»، 2021؛ snake_case") == [
        "l",
        "armee",
        "داعش",
        "2021",
        "snake",
        "case",
    ]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("المخدرات", "مخدرات"),
        ("ومكافحتها", "مكافحة"),
        ("الإرهابية", "إرهاب"),
        ("بالتحالف", "التحالف"),
        ("للدول", "الدول"),
        ("ومصر", "مصر"),
    ],
)
def test_clitics_and_endings_do_not_part_a_word_from_itself(word: str, other: str) -> None:
    assert stem(words(word)[0]) == stem(words(other)[0])


@pytest.mark.parametrize(("word", "other"), [("كتاب", "كلاب"), ("سلامة", "علامة")])
def test_different_words_keep_different_stems(word: str, other: str) -> None:
    assert stem(words(word)[0]) != stem(words(other)[0])


def test_stem_leaves_other_scripts_alone() -> None:
    assert [stem(w) for w in ("running", "2021", "москва")] == ["running", "2021", "москва"]


def test_grams_are_the_four_letter_windows_without_the_article() -> None:
    assert grams("المخدرات") == ("مخدر", "خدرا", "درات")
    assert grams("drug") == ("drug",)
    assert grams("un") == ("un",)


@given(st.text())
def test_fold_is_stable_and_words_are_not_empty(text: str) -> None:
    once = fold(text)
    assert fold(once).split() == once.split()
    assert all(words(text))


# What writers put between and into words, and what folding could carry over white space.
_STRETCHES = st.sampled_from(
    [
        "10.000",
        "1",
        "000",
        "،",
        "\u00a0",
        "\u202f",
        "\u2028",
        "\x1f",
        "\u0301",
        "\uff9e",
        "\u200b",
        " ",
    ]
)


@given(st.lists(st.one_of(_STRETCHES, st.text(max_size=50))).map("".join))
def test_words_met_before_are_those_of_the_whole_text_folded_at_once(text: str) -> None:
    assert words(text) == re.findall(r"[^\W_]+", fold(text))
    assert words(text) == re.findall(r"[^\W_]+", fold(text))  # now from what is kept


@given(st.text(max_size=80) | st.text("ابتةوال ،.١2a\n", max_size=80))
def test_an_analysis_says_of_words_what_is_said_of_each(text: str) -> None:
    found = words(text)
    told = analysed(text)
    assert told.words == found
    assert (told.stems.split(), told.grams.split()) == (stems(found), all_grams(found))
    each = [analysed(word).hashes for word in found]
    assert (b"".join(each), {4}) == (told.hashes, {len(one) for one in each} | {4})
