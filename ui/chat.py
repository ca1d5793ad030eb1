"""One turn of a conversation: a question to the engine, and what came of it."""

import logging

from api.access import EngineAccess
from rag.engine import LONGEST_QUESTION
from rag.errors import IndexUnavailable, Overloaded, TookTooLong
from rag.records import Question
from ui.conversation import Conversation, Exchange, Notice
from ui.texts import TEXTS, Language, language_of_asker

_LOG = logging.getLogger(__name__)
# What the engine is told of a conversation: it makes sense of a follow-up by the last few turns.
_REMEMBERED = 12


def ask(
    access: EngineAccess, conversation: Conversation, question: str, language: Language
) -> Exchange:
    """``question`` asked, and its answer, or word of why there is none.

    Args:
        access: the way to the engine.
        conversation: so far.
        question: as typed, not blank.
        language: of the interface, for a question in none of ours.
    """
    text = question.encode("utf-8", "replace").decode().strip()
    spoken = language_of_asker(text, language)
    texts = TEXTS[spoken]
    if len(text) > LONGEST_QUESTION:
        told = texts.too_long.format(length=len(text), limit=LONGEST_QUESTION)
        return Exchange(text, Notice(told, spoken))
    try:
        asked = Question(
            text, history=conversation.history[-_REMEMBERED:], conversation_id=conversation.id
        )
        return Exchange(text, access.admission.call(access.ask, asked))
    except IndexUnavailable as error:
        _LOG.warning("not ready: %s", error)
        return Exchange(text, Notice(texts.not_ready, spoken))
    except (Overloaded, TookTooLong) as error:
        _LOG.warning("too much at once: %s", error)
        return Exchange(text, Notice(texts.busy, spoken))
    except Exception:  # the visitor is told in plain words, the operator in the log
        _LOG.exception("a question could not be answered")
        return Exchange(text, Notice(texts.failed, spoken))
