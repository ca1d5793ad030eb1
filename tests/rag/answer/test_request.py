"""Requests about articles, told from questions to their text."""

import pytest

from rag.answer.request import Request, request_of
from rag.records import Turn


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
        ("شنو كاين فهاد المقالات؟", "list", ""),
        ("what is in these documents?", "list", ""),
        ("que contiennent ces textes ?", "list", ""),
        ("من هم كتّاب هذه المقالات؟", "author", ""),
        ("quels sont les auteurs ?", "author", ""),
        ("List all the authors", "author", ""),
        ("ما مصدر التقرير عن النفط؟", "publisher", "النفط"),
        ("ما هو أحدث مقال؟", "newest", ""),
        ("the most recent report on trade", "newest", "trade"),
        ("quel est l'article le plus récent ?", "newest", ""),
        ("ما أقدم مقال عن الصيد؟", "oldest", "الصيد"),
        ("what is the oldest article?", "oldest", ""),
        ("ما عناوين المقالات؟", "titles", ""),
        ("Give me the title of the article about Asia", "titles", "asia"),
        ("In what article is Paris mentioned?", "mentions", "paris"),
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
        "ما مصدر الطاقة؟",
        "what is the latest news?",
        "ما عنوان الكتاب الذي ألفه؟",
        "what do the articles say about rice?",
        "ما في المقال عن الأرز؟",
        "",
        "؟",
    ],
)
def test_questions_to_the_text(asked: str) -> None:
    assert request_of(asked) is None


SUMMED_UP = (Turn("user", "لخص مقال السياحة"), Turn("assistant", "..."))


@pytest.mark.parametrize(
    ("asked", "about"),
    [("ومتى نُشر؟", "published"), ("ومن كتبه؟", "author"), ("who wrote it?", "author")],
)
def test_a_request_that_names_no_article_is_about_the_last_one(asked: str, about: str) -> None:
    assert request_of(asked, SUMMED_UP) == Request(about, "السياحه")  # type: ignore[arg-type]


def test_the_last_one_is_remembered_over_several_turns() -> None:
    history = (*SUMMED_UP, Turn("user", "ومتى نُشر؟"), Turn("assistant", "2020"))
    assert request_of("ومن كتبه؟", history) == Request("author", "السياحه")


def test_an_article_is_the_last_one_by_what_was_asked_of_its_text() -> None:
    history = (Turn("user", "How many ships sank?"), Turn("assistant", "Two [1]"))
    assert request_of("who wrote that?", history) == Request("author", "ships sank")


def test_a_request_for_all_articles_stays_one() -> None:
    assert request_of("من هم كتّاب المقالات؟", SUMMED_UP) == Request("author", "")
    assert request_of("كم عدد المقالات؟", SUMMED_UP) == Request("list", "")
