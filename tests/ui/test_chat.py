"""Turns of a conversation with the real engine."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from api.access import EngineAccess
from api.admission import AT_ONCE
from rag.errors import TookTooLong
from rag.settings import Settings, load_settings
from ui.chat import ask
from ui.conversation import Conversation, Notice
from ui.examples import example_questions
from ui.texts import TEXTS, Language, Texts

QUESTION = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"


@pytest.fixture(scope="module")
def access(settings: Settings) -> Iterator[EngineAccess]:
    access = EngineAccess(settings)
    yield access
    access.close()


def test_the_engine_is_told_what_was_said_before(access: EngineAccess) -> None:
    first = Conversation().told(ask(access, Conversation(), QUESTION, "en"))
    second = first.told(ask(access, first, "متى؟", "en"))
    assert first.id == second.id is not None
    assert [turn.content for turn in second.history if turn.role == "user"] == [QUESTION, "متى؟"]
    assert [turn.role for turn in second.history] == ["user", "assistant"] * 2
    assert second.before(1) == first


def test_what_was_shown_is_what_the_engine_answered(access: EngineAccess) -> None:
    exchange = ask(access, Conversation(), QUESTION, "en")
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
    exchange = ask(access, Conversation(), question, "fr")
    assert Conversation().told(exchange).history == ()
    length = len(question.strip())
    told = TEXTS[language].too_long.format(length=length, limit=2000)  # type: ignore[index]
    assert exchange.told == Notice(told, language)  # type: ignore[arg-type]


def test_without_an_index_it_says_so_and_goes_on(tmp_path: Path) -> None:
    access = EngineAccess(load_settings(home=tmp_path / "none"))
    exchange = ask(access, Conversation(), QUESTION, "en")
    assert exchange.told == Notice(TEXTS["ar"].not_ready, "ar")


@pytest.mark.parametrize("language", TEXTS)
def test_too_much_at_once_is_told(settings: Settings, language: Language) -> None:
    access = EngineAccess(settings.model_copy(update={"max_waiting": 0, "request_seconds": 0.1}))
    release = Event()
    with ThreadPoolExecutor() as threads:
        held = [threads.submit(access.admission.call, release.wait) for _ in range(AT_ONCE)]
        assert {type(future.exception()) for future in held} == {TookTooLong}
        exchange = ask(access, Conversation(), "12345", language)
        assert exchange.told == Notice(TEXTS[language].busy, language)
        release.set()


def test_an_error_of_ours_is_told_in_plain_words(
    access: EngineAccess, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Conversation(exchanges=None)  # type: ignore[arg-type]
    exchange = ask(access, broken, "How many are there?", "en")
    assert exchange.told == Notice(TEXTS["en"].failed, "en")
    assert "could not be answered" in caplog.text


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_the_examples_are_answered(access: EngineAccess, texts: Texts) -> None:
    for example in example_questions(access.engine(), texts):
        answer = ask(access, Conversation(), example["text"], "en").answer
        assert answer is not None
        assert answer.reply.status == "answered"
        assert len(example["display_text"]) < 120
