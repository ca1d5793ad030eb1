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
    ("before", "first", "between", "second"),
    [
        ("What is the difference between ", "the old harbour", " and ", "the new airport?"),
        ("Quelle différence entre ", "le vieux port", " et ", "le nouvel aéroport ?"),
        ("ما الفرق بين ", "الميناء القديم", " و", "المطار الجديد؟"),
        ("Compare ", "the old harbour", " with ", "the new airport."),
        ("", "How does the old harbour", " differ from ", "the new airport?"),
        ("Comparez ", "le vieux port", " et ", "le nouvel aéroport."),
        ("", "En quoi le vieux port", " diffère-t-il du ", "nouvel aéroport ?"),
        ("قارن ", "الميناء القديم", " ب", "المطار الجديد"),
        ("بماذا يختلف ", "الميناء القديم", " عن ", "المطار الجديد؟"),
    ],
)
def test_what_is_compared_are_the_halves(
    before: str, first: str, between: str, second: str
) -> None:
    assert halves(before + first + between + second) == (first, second)


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
    assert halves(question) == ()


def test_halves_are_apart_where_different_articles_answer_them() -> None:
    first, second = (
        [Evidence(Article(i, i, "en"), Span(0, 1), "x", "", "", 0.5, Ranks(1, 1))] for i in "ab"
    )
    assert are_apart([first, second])
    assert not are_apart([first, first])
    assert not are_apart([first, []])
    assert not are_apart([])
