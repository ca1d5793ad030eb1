"""Chunks hold whole sentences at exact offsets, and nothing that is page furniture."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.boilerplate import boilerplate
from rag.corpus.chunks import LONGEST, chunks
from rag.corpus.documents import make_document
from rag.corpus.repair import repair
from rag.corpus.sentences import LONGEST_SENTENCE, paragraphs
from rag.records import Document


def _document(path: Path) -> Document:
    return make_document(path.name, path.read_bytes())


@pytest.fixture(params=["000_7fb68e90ac535105", "001_2a233268df746bec", "002_3a65376a54152af5",
                        "003_aaa179ca8755251f", "004_bb1daa4bba46792c"])  # fmt: skip
def document(request: pytest.FixtureRequest, seeds: Path) -> Document:
    return _document(seeds / f"{request.param}.txt")


def test_parts_lie_in_their_chunk_and_chunks_do_not_overlap(document: Document) -> None:
    made = chunks("id", document.text)
    assert all(a.span.end <= b.span.start for a, b in pairwise(made))
    for chunk in made:
        assert chunk.parts
        assert chunk.span.start <= chunk.parts[0].start
        assert chunk.parts[-1].end == chunk.span.end
        assert len(chunk.parts) == 1 or len(chunk.span) <= LONGEST + LONGEST_SENTENCE


def _quotable(document: Document) -> str:
    return " ".join(p.of(document.text) for c in chunks("id", document.text) for p in c.parts)


def test_the_body_is_quotable(document: Document) -> None:
    body = [p.of(document.text) for p in paragraphs(document.text) if len(p) > 140]
    quotable = _letters(_quotable(document))
    asked = [part for line in body for part in line.split("؟") if len(part) > 140]
    assert asked
    for line in asked:
        assert _letters(line)[:100] in quotable


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize(
    ("name", "furniture"),
    [
        ("002_3a65376a54152af5", ["أكتوبر 6 2024", "أخبار عاجلة", "الرئيسية /", "اترك تعليقاً",
                                  "لن يتم نشر", "الحقول الإلزامية", "Watch Dragon"]),
        ("003_aaa179ca8755251f", ["ربما يعجبك أيضا"]),
        ("004_bb1daa4bba46792c", ["مصدر الصورة", "فما الذي يجهزه داعش؟", "ألفة الجامي"]),
    ],
)  # fmt: skip
def test_furniture_and_questions_stay_in_the_text_but_are_never_quoted(
    seeds: Path, name: str, furniture: list[str]
) -> None:
    document = _document(seeds / f"{name}.txt")
    for words in furniture:
        assert words in document.text
        assert words not in _quotable(document)


@pytest.mark.parametrize(
    "page",
    [
        "Home > Politics > The vote\nThe vote was close, and nobody had expected it to be so.\n"
        "Leave a Reply\nYour email address will not be published. Required fields are marked *\nName",
        "mardi 3 mars 2020\nLe vote fut serré, et personne ne s'y attendait vraiment ce jour-là.\n"
        "Photo : AFP\nLire aussi\nUn autre titre sans point\nEncore un titre",
    ],
)
def test_furniture_of_other_pages(page: str) -> None:
    lines = paragraphs(page)
    flags = boilerplate(page, lines)
    kept = [line.of(page) for line, flag in zip(lines, flags, strict=True) if not flag]
    assert len(kept) == 1
    assert kept[0].endswith(".")


def test_a_heading_opens_the_chunk_it_heads_but_is_not_quoted() -> None:
    text = "النتائج\nانتهى الاجتماع إلى اتفاق بين الدول الأعضاء على خطة جديدة."
    (chunk,) = chunks("id", text)
    assert chunk.span.of(text) == text
    assert [part.of(text) for part in chunk.parts] == [text.split("\n")[1]]


def test_a_text_of_short_lines_is_quoted_by_line() -> None:
    text = "one line\nanother line\na third"
    assert [part.of(text) for chunk in chunks("id", text) for part in chunk.parts] == text.split(
        "\n"
    )


@given(st.text(alphabet="abc. ،؟\nابج:ـ", max_size=600))
def test_chunks_of_any_text_are_slices_of_it(text: str) -> None:
    for chunk in chunks("id", text):
        assert 0 <= chunk.span.start <= chunk.parts[0].start <= chunk.parts[-1].end
        assert chunk.parts[-1].end == chunk.span.end <= len(text)
        assert all(part.of(text).strip() == part.of(text) != "" for part in chunk.parts)


@pytest.mark.parametrize(
    "text",
    [
        "كلمة " * 40_000, "ا" * 200_000, "." * 200_000, "كلمة.. " * 30_000, "كلمة، " * 30_000,
        "سطر لا ينتهي بنقطة ولا بعلامة أخرى تدل على نهاية الجملة هنا أبدا\n" * 5_000,
        "\n" * 200_000 + "x", "a" + " " * 200_000 + "b", '"' * 200_000,
    ],
    ids=["words", "word", "dots", "ellipses", "commas", "lines", "blank", "spaces", "quotes"],
)  # fmt: skip
def test_monstrous_texts_are_cut_all_the_same(text: str) -> None:
    """Each of these once took time that grew with the square of its length: minutes, not seconds."""
    repaired, _ = repair(text)
    for chunk in chunks("id", repaired):
        assert all(part.of(repaired).strip() for part in chunk.parts)
