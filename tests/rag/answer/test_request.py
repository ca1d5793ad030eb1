"""Requests about articles, told from questions to their text."""

import pytest

from rag.answer.request import Request, request_of


@pytest.mark.parametrize(
    ("asked", "about", "subject"),
    [
        ("من كتب المقال عن المناخ؟", "author", "المناخ"),
        ("مين كتب مقال السمك؟", "author", "السمك"),
        ("who wrote the article on water?", "author", "water"),
        ("Who is the author?", "author", ""),
        ("qui a écrit l'article sur la pêche ?", "author", "peche"),
        ("متى نُشر مقال التعليم؟", "published", "التعليم"),
        ("when was the article about tea published?", "published", "tea"),
        ("quand a été publié le rapport ?", "published", ""),
        ("where was the piece on gold published?", "publisher", "gold"),
        ("أين نُشر التقرير؟", "publisher", ""),
        ("لخص لي مقال السياحة", "summary", "السياحه"),
        ("بدي ملخص عن مقال الزراعة", "summary", "الزراعه"),
        ("Please summarise the article on trade", "summary", "trade"),
        ("What is this collection about?", "summary", ""),
        ("عمّ تتحدث هذه المقالات؟", "summary", ""),
        ("de quoi parlent ces textes ?", "summary", ""),
        ("résume l'article sur la santé", "summary", "sante"),
        ("Which articles mention Paris?", "mentions", "paris"),
        ("أي المقالات تذكر باريس؟", "mentions", "باريس"),
        ("quels articles parlent de la France ?", "mentions", "france"),
        ("ما هي المقالات الموجودة لديك؟", "list", ""),
        ("how many articles do you have?", "list", ""),
        ("كم عدد المقالات؟", "list", ""),
    ],
)
def test_requests(asked: str, about: str, subject: str) -> None:
    assert request_of(asked) == Request(about, subject)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    [
        "what does the author of the article say about rice?",
        "كم عدد المصابين حسب كاتب المقال؟",
        "ما هي الدول التي ذكرها المقال؟",
        "what reports did the UN publish on children?",
        "who published the law on water?",
        "What are the talks about?",
        "من كتب الدستور؟",
        "متى صدر القانون؟",
        "qui a publié la loi ?",
        "",
        "؟",
    ],
)
def test_questions_to_the_text(asked: str) -> None:
    assert request_of(asked) is None
