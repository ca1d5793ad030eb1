"""Sentences end where a reader would end them, at exact offsets."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.sentences import (
    LONGEST_SENTENCE,
    SHORTEST_CLAUSE,
    clauses,
    paragraphs,
    quotable,
    sentences,
)
from rag.records import Span


def _whole(text: str) -> Span:
    return Span(0, len(text))


@pytest.mark.parametrize(
    "expected",
    [
        ["بلغ العدد 10.000 مقاتل.", "ثم عاد 1,200 منهم."],
        ["قال د. أحمد إن الأمر انتهى.", "ثم مضى."],
        ["Dr. Smith met Mr. Jones in the U.S. Senate.", "They spoke."],
        ["See fig. 3 and vol. 2.", "Then stop!"],
        ["هل انتهى الأمر؟", "نعم."],
        ["He asked: “Is it over?”", "It was."],
        ["Watch… and learn.", "Next."],
        ["Le prix est de 3.5 euros.", "M. Dupont est d'accord."],
        ["التحالف ومكافحة الإرهاب.. تحديات جديدة"],
    ],
)
def test_sentences(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [span.of(text) for span in sentences(text, _whole(text))] == expected


def test_a_missing_space_after_a_stop() -> None:
    text = "لدى قوات سوريا الديمقراطية.وطالب بلينكن الدول. It ended.Then it began."
    text += " See example.com/a.b now."
    assert [span.of(text) for span in sentences(text, _whole(text))] == [
        "لدى قوات سوريا الديمقراطية.",
        "وطالب بلينكن الدول.",
        "It ended.",
        "Then it began.",
        "See example.com/a.b now.",
    ]


def test_a_long_sentence_is_cut_at_clause_marks() -> None:
    clause = "وأضاف المتحدث أن الجهود المشتركة بين الدول مستمرة حتى تحقيق الأهداف كلها،"
    text = " ".join([clause] * 16).rstrip("،") + "."
    parts = [span.of(text) for span in clauses(text, _whole(text))]
    assert len(parts) > 4
    assert "، ".join(parts) == text
    assert all(SHORTEST_CLAUSE <= len(part) <= LONGEST_SENTENCE for part in parts)


def test_a_sentence_without_clause_marks_stays_whole_unless_it_is_endless() -> None:
    text = "كلمة " * 100 + "."
    assert clauses(text, _whole(text)) == [_whole(text)]
    parts = [span.of("كلمة " * 1000) for span in clauses("كلمة " * 1000, Span(0, 5000))]
    assert {word for part in parts for word in part.split()} == {"كلمة"}
    assert max(map(len, parts)) <= 2 * LONGEST_SENTENCE
    endless = clauses("ا" * 5000, Span(0, 5000))
    assert "".join(part.of("ا" * 5000) for part in endless) == "ا" * 5000
    assert max(map(len, endless)) == 8 * LONGEST_SENTENCE


def test_a_sentence_broken_over_two_lines_is_one_paragraph() -> None:
    first = "عناصر كثيرة كشف عنها تقرير نشره مركز للدراسات الأمنية في العاصمة"
    text = f"عنوان قصير\n{first}\nالذي أكد ذلك.\nفقرة أخرى."
    assert [span.of(text) for span in paragraphs(text)] == [
        "عنوان قصير",
        f"{first}\nالذي أكد ذلك.",
        "فقرة أخرى.",
    ]


@given(st.text(alphabet="ab. ،,؟!\n\r.”“1ابج…:؛\u2028", max_size=400))
def test_every_word_is_in_exactly_one_part_and_in_order(text: str) -> None:
    parts = [part for p in paragraphs(text) for part in quotable(text, p)]
    said = "".join(part.of(text) for part in parts)
    assert [c for c in said if c.isalnum()] == [c for c in text if c.isalnum()]
    assert all(a.end <= b.start for a, b in pairwise(parts))
    assert all(part.of(text) == part.of(text).strip() != "" for part in parts)
