"""Questions that ask two things are cut between them, and no others are."""

import pytest

from rag.answer.halves import are_apart, halves
from rag.records import Article, Evidence, Ranks, Span


@pytest.mark.parametrize(
    ("first", "between", "second"),
    [
        ("Which bakery opens earlier, the northern bakery", " or ", "the bakery in Tripoli?"),
        ("How much does the bus cost", ", and ", "how long does the train take?"),
        ("Who painted the harbour wall", "? ", "Which colour did he choose?"),
        ("Combien coûte le billet du bateau", " et ", "quand part le dernier car ?"),
        ("أيهما أقدم، جسر النهر الكبير", " أم ", "جسر الوادي الصغير؟"),
        ("كم تكلفة المدرسة الجديدة", "، و", "متى يبدأ البناء فيها؟"),
        ("شكون عندو السعر الأرخص، خبز الدار البيضاء", " ولا ", "خبز فاس القديمة؟"),
    ],
)
def test_a_question_is_cut_between_its_halves(first: str, between: str, second: str) -> None:
    assert halves(first + between + second) == (first, second)


@pytest.mark.parametrize(
    "question",
    [
        "When did the ferry sink?",
        "Is it true or false?",
        "Which of the red boats, the blue boats or the green boats or the white boats won the race?",
        "ما رأي الوزير والنائب في القانون الجديد؟",
        "Salt and pepper prices in the old market?",
        "",
    ],
)
def test_a_question_without_two_halves_stays_whole(question: str) -> None:
    assert halves(question) is None


def test_halves_are_apart_where_different_articles_answer_them() -> None:
    first, second = (
        [Evidence(Article(i, i, "en"), Span(0, 1), "x", "", "", 0.5, Ranks(1, 1))] for i in "ab"
    )
    assert are_apart(first, second)
    assert not are_apart(first, first)
    assert not are_apart(first, [])
