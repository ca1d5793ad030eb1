"""Keeping what is asked in the window, and opening it again from an address."""

import logging
from collections.abc import Mapping

from rag.conversations import (
    Retention,
    delete_from,
    enforce,
    keep_answer,
    kept_answer,
    kept_turns,
)
from rag.errors import ConversationNotFound, ConversationsUnavailable
from rag.records import Answer
from rag.settings import Settings
from ui.conversation import Conversation, Exchange
from ui.visitor import visitor_of_request

_LOG = logging.getLogger(__name__)


def retention(settings: Settings) -> Retention:
    """How much is kept, as the settings say."""
    return Retention(settings.keep_conversations, settings.keep_days)


def enforce_retention(settings: Settings) -> None:
    """Let go of what the settings no longer keep. A server starts, whether that can be done or
    not."""
    try:
        enforce(settings.home, retention(settings))
    except ConversationsUnavailable as error:
        _LOG.error("%s", error)


def keep(settings: Settings, headers: Mapping[str, str], answer: Answer) -> None:
    """Keep an answer for the visitor who asked. That it cannot be kept takes it from nobody."""
    visitor = visitor_of_request(headers)
    if visitor is None:
        return
    try:
        keep_answer(settings.home, visitor, answer, retention(settings))
    except (ConversationsUnavailable, ConversationNotFound) as error:
        _LOG.error("an answer could not be kept: %s", error)


def forget(settings: Settings, headers: Mapping[str, str], answer: Answer) -> None:
    """Let go of an answer, and what followed it, in whose place another one is coming."""
    visitor = visitor_of_request(headers)
    if visitor is None:
        return
    try:
        delete_from(settings.home, visitor, answer.id)
    except ConversationNotFound:
        _LOG.debug("there was nothing to forget")
    except ConversationsUnavailable as error:
        _LOG.error("an answer could not be forgotten: %s", error)


def opened(
    settings: Settings, headers: Mapping[str, str], query: Mapping[str, str]
) -> Conversation | None:
    """The conversation that an address names by its own id or that of an answer in it; of another
    visitor's, the answer alone, if it is shared. ``None``: it names none.

    Raises:
        ConversationNotFound: there is none for this visitor.
        ConversationsUnavailable: it cannot be read.
    """
    visitor = visitor_of_request(headers) or ""
    if conversation_id := query.get("conversation"):
        return _conversation(settings, visitor, conversation_id)
    if not (answer_id := query.get("answer")):
        return None
    answer = kept_answer(settings.home, visitor, answer_id).answer
    try:
        return _conversation(settings, visitor, answer.conversation_id)
    except ConversationNotFound:
        return Conversation(exchanges=(Exchange(answer.question, answer),))


def _conversation(settings: Settings, visitor: str, conversation_id: str) -> Conversation:
    _, turns = kept_turns(settings.home, visitor, conversation_id)
    answers = [turn.answer for turn in turns]
    return Conversation(
        conversation_id, tuple(Exchange(answer.question, answer) for answer in answers)
    )
