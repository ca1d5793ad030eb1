"""Whatever is offered to be asked is answered."""

import pytest

from rag.engine import Engine
from rag.evaluation.gold import GoldQuestion
from rag.records import Answer, Question
from ui.suggestions import example_questions, follow_ups
from ui.texts import TEXTS, Texts


def _spans(answer: Answer) -> set[tuple[str, int, int]]:
    reply = answer.reply
    passages = reply.abstention.closest if reply.abstention else reply.citations
    return {(p.article.id, p.span.start, p.span.end) for p in passages}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_the_examples_are_answered(engine: Engine, texts: Texts) -> None:
    examples = example_questions(engine, texts)
    assert len({example.text for example in examples}) == 4
    for example in examples:
        assert engine.ask(Question(example.text)).reply.status == "answered"
        assert len(example.offered) < 120


@pytest.mark.parametrize("language", TEXTS)
def test_what_follows_is_answered_by_something_new(
    engine: Engine, gold: list[GoldQuestion], language: str
) -> None:
    asked = [question.text for question in gold if question.language == language][:6]
    offered = 0
    for question in asked:
        answer = engine.ask(Question(question))
        for suggestion in follow_ups(engine, answer):
            following = engine.ask(Question(suggestion.text))
            assert following.reply.status == "answered"
            assert _spans(following) - _spans(answer)
            offered += 1
    assert offered > len(asked)


def test_nothing_follows_a_greeting(engine: Engine) -> None:
    assert follow_ups(engine, engine.ask(Question("hello"))) == ()
