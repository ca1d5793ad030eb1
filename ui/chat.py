"""One turn of a conversation: a question to the engine, and what comes of it, as it comes."""

import logging
import re
from collections.abc import Iterator

from api.access import EngineAccess
from api.growing import growing_here
from api.stream import pieces
from rag.engine import LONGEST_QUESTION
from rag.errors import IndexUnavailable, Overloaded, TookTooLong
from rag.records import Answer, Question
from ui.conversation import Conversation, Exchange, Growing, Notice
from ui.texts import TEXTS, Language, language_of_asker

_LOG = logging.getLogger(__name__)
# What the engine is told of a conversation: it makes sense of a follow-up by the last few turns.
_REMEMBERED = 12
# In how many steps an answer is shown, at most: each is a message to the browser.
_MOST_STEPS = 40
_MARKER = re.compile(r"\[(\d+)\]")


def ask(
    access: EngineAccess, conversation: Conversation, question: str, language: Language
) -> Iterator[Exchange]:
    """``question`` with its answer as it grows, at once and still empty first; the last is the
    whole answer, or word of why there is none.

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
        yield Exchange(text, Notice(told, spoken))
        return
    yield Exchange(text, Growing(spoken))
    last: Answer | Notice | None = None
    so_far = ""
    for last in _states(access, conversation, text, spoken):
        if isinstance(last, Answer):
            yield from (Exchange(text, grown) for grown in growth(last, so_far))
            so_far = last.reply.text
    if last is not None:
        yield Exchange(text, last)


def growth(answer: Answer, so_far: str = "") -> Iterator[Growing]:
    """``answer`` word by word, or by a few words at a time where there are many, from where its
    text goes on behind ``so_far``. Every citation is there as soon as the text uses it."""
    reply = answer.reply
    parts = pieces(reply.text.removeprefix(so_far))
    step = -(-len(parts) // _MOST_STEPS)
    for end in range(step, len(parts), step or 1):
        text = so_far + "".join(parts[:end])
        used = max((int(number) for number in _MARKER.findall(text)), default=0)
        yield Growing(reply.language, text, reply.citations[:used])


def _states(
    access: EngineAccess, conversation: Conversation, text: str, spoken: Language
) -> Iterator[Answer | Notice]:
    """The answer as far as it is worded, again and again; the last is the whole one, or a notice
    of why there is none."""
    texts = TEXTS[spoken]
    try:
        asked = Question(
            text, history=conversation.history[-_REMEMBERED:], conversation_id=conversation.id
        )
        yield from growing_here(access, asked)
    except IndexUnavailable as error:
        _LOG.warning("not ready: %s", error)
        yield Notice(texts.not_ready, spoken)
    except (Overloaded, TookTooLong) as error:
        _LOG.warning("too much at once: %s", error)
        yield Notice(texts.busy, spoken)
    except Exception:  # the visitor is told in plain words, the operator in the log
        _LOG.exception("a question could not be answered")
        yield Notice(texts.failed, spoken)
