"""Turns of a conversation with the real engine."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Event

import promises
import pytest
from scripted_models import LIES, characters

from api.access import EngineAccess
from api.admission import AT_ONCE
from rag.answer.body import answer_body
from rag.answer.phrases import CAUTIONS
from rag.engine import Engine
from rag.errors import TookTooLong
from rag.records import Answer
from rag.settings import Settings, load_settings
from ui.chat import ask, growth
from ui.conversation import Conversation, Exchange, Growing, Notice
from ui.markup import shown
from ui.texts import TEXTS, Language
from ui.turns import answer_html

QUESTION = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"


def _told(
    access: EngineAccess, so_far: Conversation, question: str, language: Language
) -> Exchange:
    return list(ask(access, so_far, question, language))[-1]


@pytest.fixture(scope="module")
def access(settings: Settings) -> Iterator[EngineAccess]:
    access = EngineAccess(settings)
    yield access
    access.close()


def test_the_engine_is_told_what_was_said_before(access: EngineAccess) -> None:
    first = Conversation().told(_told(access, Conversation(), QUESTION, "en"))
    second = first.told(_told(access, first, "متى؟", "en"))
    assert first.id == second.id is not None
    assert [turn.content for turn in second.history if turn.role == "user"] == [QUESTION, "متى؟"]
    assert [turn.role for turn in second.history] == ["user", "assistant"] * 2
    assert second.before(1) == first


def test_what_was_shown_is_what_the_engine_answered(access: EngineAccess) -> None:
    exchange = _told(access, Conversation(), QUESTION, "en")
    assert exchange.question == QUESTION
    assert exchange.answer is not None
    assert exchange.answer.reply.direction == "rtl"


@pytest.mark.parametrize(
    ("question", "language"),
    [("سؤال " * 600, "ar"), ("question " * 600, "en"), ("12345" * 600, "fr")],
)
def test_a_long_question_is_refused_in_the_askers_language(
    access: EngineAccess, question: str, language: str
) -> None:
    exchange = _told(access, Conversation(), question, "fr")
    assert Conversation().told(exchange).history == ()
    length = len(question.strip())
    word = TEXTS[language].too_long.format(length=length, limit=2000)  # type: ignore[index]
    assert exchange.told == Notice(word, language)  # type: ignore[arg-type]


def test_without_an_index_it_says_so_and_goes_on(tmp_path: Path) -> None:
    access = EngineAccess(load_settings(home=tmp_path / "none"))
    exchange = _told(access, Conversation(), QUESTION, "en")
    assert exchange.told == Notice(TEXTS["ar"].not_ready, "ar")


@pytest.mark.parametrize("language", TEXTS)
def test_too_much_at_once_is_told(settings: Settings, language: Language) -> None:
    access = EngineAccess(settings.model_copy(update={"max_waiting": 0, "request_seconds": 0.1}))
    release = Event()
    with ThreadPoolExecutor() as threads:
        held = [threads.submit(access.admission.call, release.wait) for _ in range(AT_ONCE)]
        try:
            assert {type(future.exception()) for future in held} == {TookTooLong}
            exchange = _told(access, Conversation(), "12345", language)
        finally:
            release.set()
    assert exchange.told == Notice(TEXTS[language].busy, language)
    assert Conversation().told(exchange).history == ()


def test_an_error_of_ours_is_told_in_plain_words(
    access: EngineAccess, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Conversation(exchanges=None)  # type: ignore[arg-type]
    exchange = _told(access, broken, "How many are there?", "en")
    assert exchange.told == Notice(TEXTS["en"].failed, "en")
    assert "could not be answered" in caplog.text


def test_an_answer_grows_and_each_citation_is_there_when_the_text_uses_it(
    access: EngineAccess,
) -> None:
    exchanges = list(ask(access, Conversation(), QUESTION, "en"))
    answer = exchanges[-1].answer
    assert answer is not None
    grown = [exchange.told for exchange in exchanges[:-1]]
    assert grown[0] == Growing("ar")
    assert grown[1:] == list(growth(answer))
    shown = [step.text for step in grown if isinstance(step, Growing)]
    assert all(after.startswith(before) for before, after in pairwise([*shown, answer.reply.text]))
    for step in growth(answer):
        used = [int(number) for number in re.findall(r"\[(\d+)\]", step.text)]
        assert [citation.number for citation in step.citations] == used
        assert not re.search(r"\[\d*$", step.text)


def test_where_a_model_words_it_each_sentence_is_shown_as_it_is_released(
    settings: Settings, models_url: str
) -> None:
    """What was shown stays: each state begins with the one before it."""
    given = settings.model_copy(update={"llm_base_url": models_url, "llm_model": "honest"})
    access = EngineAccess(given)
    *grown, last = [e.told for e in ask(access, Conversation(), QUESTION, "en")]
    access.close()
    assert isinstance(last, Answer)
    assert last.composer == "llm"
    texts = [step.text for step in grown if isinstance(step, Growing)]
    assert all(after.startswith(before) for before, after in pairwise([*texts, last.reply.text]))
    assert len(texts) > len(last.reply.statements)


@pytest.mark.parametrize("name", list(characters()))
def test_the_promises_hold_in_the_window_whatever_the_model_does(
    name: str, settings: Settings, models_url: str, engine: Engine
) -> None:
    given = settings.model_copy(update={"llm_base_url": models_url, "llm_model": name})
    access = EngineAccess(given)
    answer = _told(access, Conversation(), QUESTION, "en").answer
    access.close()
    assert answer is not None
    promises.hold(answer_body(answer), lambda identity: engine.document(identity).text)
    assert not any(lie.rstrip(".") in answer_html(answer) for lie in LIES)


def test_where_the_model_is_down_the_window_says_so(settings: Settings, models_url: str) -> None:
    given = settings.model_copy(update={"llm_base_url": models_url, "llm_model": "failing"})
    access = EngineAccess(given)
    exchange = _told(access, Conversation(), QUESTION, "en")
    access.close()
    assert exchange.answer is not None
    assert (exchange.answer.composer, exchange.answer.warnings) == ("extractive", ("model_failed",))
    assert shown(CAUTIONS["ar"]["model_failed"]) in answer_html(exchange.answer)
