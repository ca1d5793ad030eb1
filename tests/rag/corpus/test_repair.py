"""Repair restores what an extractor broke, exactly, and touches nothing else."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.repair import GLYPHS, repair
from rag.records import Repair

PRIVATE = re.compile("[\ue000-\uf8ff]")


@pytest.fixture(scope="module")
def damaged(seeds: Path) -> str:
    return (seeds / "000_7fb68e90ac535105.txt").read_text("utf-8")


def test_article_000_gets_all_its_letters_back(damaged: str) -> None:
    text, repairs = repair(damaged)
    assert len(PRIVATE.findall(damaged)) == 91
    assert not PRIVATE.search(text)
    by_kind = {r.kind: r for r in repairs}
    assert by_kind["private_use_letters"].count == 91
    assert by_kind["reversed_lines"] == Repair("reversed_lines", 3, (2, 27, 36))
    assert "unknown_glyphs" not in by_kind


@pytest.mark.parametrize(
    "line",
    [
        "وكذلك بجهود مشتركة من  التحالف الدولي ضد داعش ساهمت في اضعافها وحرمانها من كثير من مواردها"
        " وحاصرتها في مواقع محدودة.",
        "ينحصر على تهديد أمن ومجتمع دولة واحدة، بل يمثل تحدي إقليمي يقتضي جهداً مشتركاً ودعماً"
        " للأجهزة الأردنية الأمنية والعسكرية في هذه الحرب الشرسة",
        "إضافة إلى وضع خطة إعلامية، وإعداد دراسات وإصدار أدلة ارشادية وتقارير الإحصائية، وعقد مؤتمرات"
        " لرؤساء أجهزة مكافحة المخدرات في الدول العربية",
        "هذا التحرك يُبنى على جهود",
    ],
)
def test_article_000_gets_its_order_back(damaged: str, line: str) -> None:
    assert line in repair(damaged)[0]


def test_article_000_has_its_nine_paragraphs(damaged: str) -> None:
    paragraphs = repair(damaged)[0].split("\n\n")
    assert len(paragraphs) == 9
    assert all(paragraph.endswith(".") for paragraph in paragraphs)
    assert not any("\n" in paragraph for paragraph in paragraphs)


def test_article_000_keeps_every_word_in_order_of_its_lines(damaged: str) -> None:
    """Outside the reversed lines nothing but glyphs and line breaks has changed."""
    text = repair(damaged)[0].replace(" ", "").replace("\n", "")
    for number, line in enumerate(damaged.split("\n"), 1):
        if number not in (2, 27, 36):
            mapped = "".join(GLYPHS[c].letter if c in GLYPHS else c for c in line)
            assert mapped.replace(" ", "") in text


@pytest.mark.parametrize(
    "name", ["001_2a233268df746bec", "002_3a65376a54152af5", "003_aaa179ca8755251f",
             "004_bb1daa4bba46792c"]
)  # fmt: skip
def test_other_articles_are_not_touched(seeds: Path, name: str) -> None:
    text = (seeds / f"{name}.txt").read_text("utf-8")
    assert repair(text) == (text, ())


def test_a_glyph_where_its_shape_cannot_stand_stays_visible() -> None:
    # After a letter that never joins on, between Latin letters, alone: no guess.
    text = "دا\ue915 icon\ue940s \ue913"
    repaired, repairs = repair(text)
    assert repaired == text
    assert repairs == (Repair("unknown_glyphs", 3, (1,)),)


def test_an_unknown_glyph_stays_visible_and_is_told() -> None:
    text = "كلمة \uf0b7 أخرى"
    assert repair(text) == (text, (Repair("unknown_glyphs", 1, (1,)),))


WORDS = st.text(alphabet="ابتجحدرسشصعفقكلمنهوي", min_size=2, max_size=7)
NUMBERS = st.integers(0, 2100).map(str)


def _damaged_words(text: str) -> str:
    """Joined final ي and ى and medial ك as this font's private letters."""
    never = "اأإآدذرزوىءؤة"
    text = re.sub(rf"(?<=[\u0621-\u064a])(?<![{never}])ي(?![\u0621-\u064a])", "\ue915", text)
    text = re.sub(rf"(?<=[\u0621-\u064a])(?<![{never}])ى(?![\u0621-\u064a])", "\ue913", text)
    joins = rf"(?<=[\u0621-\u064a])(?<![{never}])"
    return re.sub(rf"{joins}ك(?=[\u0621-\u064a\ue915\ue913])", "\ue940", text)


def _taken_for_left_to_right(line: str) -> str:
    """The line as an extractor writes it that takes private letters for left-to-right ones."""
    runs = re.findall(r"[\ue000-\uf8ff]+[\s\d،]*|[^\ue000-\uf8ff]+", line)
    drawn = [
        "".join(reversed(re.findall(r"\d+|.", run))) if PRIVATE.match(run) else run for run in runs
    ]
    return "".join(reversed(drawn))


@given(st.lists(st.one_of(WORDS, NUMBERS), min_size=1, max_size=8))
def test_any_line_damaged_in_that_way_is_restored(tokens: list[str]) -> None:
    line = " ".join(tokens)
    damaged = _damaged_words(line)
    if damaged[-1:] in GLYPHS:
        damaged = _taken_for_left_to_right(damaged)
    assert repair(damaged)[0] == line


@given(
    st.lists(
        st.sampled_from(["word", "كلمة", "2021,", "أخرى،", "more"]), min_size=100, max_size=140
    )
)
def test_hard_wraps_are_joined(tokens: list[str]) -> None:
    sentence = " ".join(tokens) + "."
    wrapped = _wrapped(sentence, 60)
    text, repairs = repair("\n".join(wrapped))
    assert text == sentence
    assert repairs == (Repair("hard_wraps", len(wrapped) - 1),)


def _wrapped(sentence: str, width: int) -> list[str]:
    lines = [""]
    for word in sentence.split():
        if len(lines[-1]) + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def test_paragraph_lines_headings_and_lists_are_no_wraps() -> None:
    text = "\n".join(
        ["A heading", *["A whole paragraph that ends where its line ends, as on the web."] * 9,
         "- one", "- two", "- three"]
    )  # fmt: skip
    assert repair(text) == (text, ())


@given(st.text())
def test_repair_never_fails_and_keeps_undamaged_text(text: str) -> None:
    repaired, repairs = repair(text)
    if not repairs:
        assert repaired == text
