"""One turn of a conversation: a question to the engine, and what the window shows for it."""

import logging
from dataclasses import dataclass, replace

from api.access import EngineAccess
from rag.engine import LONGEST_QUESTION
from rag.errors import IndexUnavailable, Overloaded, TookTooLong
from rag.records import Question, Turn
from ui.render import answer_html, notice_html, question_html
from ui.texts import TEXTS, Language, language_of_asker

_LOG = logging.getLogger(__name__)
# What the engine is told of a conversation: it makes sense of a follow-up by the last few turns.
_REMEMBERED = 12


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one visitor has asked and been told: ``shown`` is HTML, ``history`` plain text."""

    id: str | None = None
    history: tuple[Turn, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()


def ask(
    access: EngineAccess, conversation: Conversation, question: str, language: Language
) -> Conversation:
    """``conversation`` with ``question`` asked and answered, or with word of why it is not.

    Args:
        access: the way to the engine.
        conversation: so far.
        question: as typed, not blank.
        language: of the interface, for a question in none of ours.
    """
    text = question.encode("utf-8", "replace").decode().strip()
    spoken = language_of_asker(text, language)
    if len(text) > LONGEST_QUESTION:
        told = TEXTS[spoken].too_long.format(length=len(text), limit=LONGEST_QUESTION)
        return _noted(conversation, text, told, spoken)
    try:
        return _answered(access, conversation, text)
    except IndexUnavailable as error:
        _LOG.warning("not ready: %s", error)
        return _noted(conversation, text, TEXTS[spoken].not_ready, spoken)
    except (Overloaded, TookTooLong) as error:
        _LOG.warning("too much at once: %s", error)
        return _noted(conversation, text, TEXTS[spoken].busy, spoken)
    except Exception:  # the visitor is told in plain words, the operator in the log
        _LOG.exception("a question could not be answered")
        return _noted(conversation, text, TEXTS[spoken].failed, spoken)


def _answered(access: EngineAccess, conversation: Conversation, text: str) -> Conversation:
    question = Question(
        text, history=conversation.history[-_REMEMBERED:], conversation_id=conversation.id
    )
    answer = access.admission.call(access.ask, question)
    turns = (Turn("user", text), Turn("assistant", answer.reply.text))
    return Conversation(
        answer.conversation_id,
        conversation.history + turns,
        (*conversation.shown, (question_html(text), answer_html(answer))),
    )


def _noted(conversation: Conversation, text: str, told: str, language: Language) -> Conversation:
    """Shown, but no part of the history: the engine never saw it."""
    turn = (question_html(text), notice_html(told, language))
    return replace(conversation, shown=(*conversation.shown, turn))
