"""The tab in which questions are asked: its parts, and what happens when they are used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

import gradio as gr

from api.access import EngineAccess
from rag.errors import (
    ArticleNotFound,
    ConversationNotFound,
    ConversationsUnavailable,
    IsnadError,
)
from ui.chat import ask
from ui.conversation import Conversation, Growing, Notice
from ui.first import first_screen
from ui.keeping import forget, keep, opened
from ui.language import language_of_request
from ui.reader import gone_html, reader_html
from ui.suggestions import Suggestion, follow_ups
from ui.texts import TEXTS, TRANSLATIONS, Language
from ui.texts_kept import KEPT_TEXTS
from ui.turns import notice_html, turn_html, turns_html

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# For what is found as it is typed. (Gradio's "always_last" keeps the last event back until the one
# before is done, and then sends it with the data of that one.)
FINDING = {**QUIET, "trigger_mode": "multiple"}
# Values for `ChatTab.outputs`.
Shown = tuple[Any, ...]
# What the buttons in an HTML part cause, each with the button's data: Gradio looks for these names.
_EVENTS = '["ask", "again", "edit", "cite", "read"]'
# Seconds between two steps of an answer that is there already, so that it can be seen to grow.
_PACE = 0.015


@dataclass(frozen=True, slots=True)
class ChatTab:
    """The parts of the chat that others act on.

    ``asked`` are the chains after which ``conversation`` has one more exchange: hang on to them
    with ``then``; ``begun`` are those after which it is another one. ``outputs`` take what
    `showing` gives. ``turns`` is where the last turn is shown, or the first screen:
    what its buttons cause can be listened to.
    """

    conversation: gr.State
    turns: gr.HTML
    outputs: list[Any]
    asked: list[Any]
    begun: list[Any]
    access: EngineAccess

    def showing(self, conversation: Conversation, language: Language) -> Shown:
        """Values for ``outputs``: ``conversation`` on the page; the first screen if it is empty."""
        return _shown(self.access, conversation, language)

    def first(self, conversation: Conversation, request: gr.Request) -> object:
        """A value for ``turns``: the first screen as it is now, where nothing was asked."""
        if conversation.exchanges:
            return gr.skip()
        return first_screen(self.access, language_of_request(request.headers))


def chat_tab(access: EngineAccess, new: gr.Button, page: gr.Blocks) -> ChatTab:
    """The tab, with ``new`` as the button for an empty conversation on ``page``."""
    conversation = gr.State(Conversation())
    with gr.Row(elem_classes="beside"):
        with gr.Column(elem_classes="chat"):
            with gr.Column(elem_classes="scroller"):
                past = _html("past", f"isnad.turns(element, trigger, watch, {_EVENTS})")
                turns = _html("current", f"isnad.turns(element, trigger, watch, {_EVENTS})")
            with gr.Row(elem_classes="ask"):
                box = _question_box()
                send = gr.Button(TRANSLATIONS("send"), elem_classes="send", scale=0)
                stop = gr.Button(TRANSLATIONS("stop"), elem_classes="stop", scale=0, visible=False)
        reader = _html("reading", f"isnad.reader(element, trigger, props, watch, {_EVENTS})")
    chat = _Chat(access)
    outputs = [past, turns, conversation, box, send, stop]
    quiet = {"outputs": outputs, **QUIET}
    asking = [
        gr.on([box.submit, send.click], chat.ask, [box, conversation], **quiet),
        turns.ask(chat.ask_offered, conversation, **quiet),
        turns.again(chat.ask_again, conversation, **quiet),
        turns.edit(chat.ask_edited, conversation, **quiet),
    ]
    # This runs after one that was stopped, too, and only when no more of it can come.
    asked = [one.then(chat.settle, conversation, **quiet) for one in asking]
    stop.click(None, cancels=asking, api_visibility="private")
    begun = [page.load(chat.open, None, **quiet), new.click(chat.start, None, **quiet)]
    for part in (past, turns, reader):
        part.cite(chat.cite, conversation, reader, **QUIET)
    turns.read(chat.read, None, reader, **QUIET)
    return ChatTab(conversation, turns, outputs, asked, begun, access)


def _html(name: str, js: str) -> gr.HTML:
    return gr.HTML(elem_classes=name, js_on_load=js, apply_default_css=False)


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        placeholder=TRANSLATIONS("placeholder"),
        label=TRANSLATIONS("question"),
        elem_classes="question",
        show_label=False,
        container=False,
        max_lines=6,
        scale=1,
        autofocus=True,
    )


class _Chat:
    """What happens when the chat is used; what asks gives the chat's outputs anew, many times."""

    def __init__(self, access: EngineAccess) -> None:
        self._access = access

    def start(self, request: gr.Request) -> Shown:
        """An empty conversation, with questions to begin with."""
        return _shown(self._access, Conversation(), language_of_request(request.headers))

    def open(self, request: gr.Request) -> Shown:
        """The conversation that the page's address names, else an empty one."""
        language = language_of_request(request.headers)
        query = dict(request.query_params)
        try:
            found = opened(self._access.settings, request.headers, query) or Conversation()
        except (ConversationNotFound, ConversationsUnavailable):
            past, current, *rest = _shown(self._access, Conversation(), language)
            notice = notice_html(Notice(KEPT_TEXTS[language].answer_gone, language))
            return past, notice + current, *rest
        return _shown(self._access, found, language)

    def ask(
        self, question: str, conversation: Conversation, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask what was typed."""
        language = language_of_request(request.headers)
        if question.strip():
            yield from self._asking(question, conversation, language, request.headers)
        else:
            hint = gr.Textbox("", placeholder=TEXTS[language].empty)
            yield gr.skip(), gr.skip(), conversation, hint, gr.skip(), gr.skip()

    def ask_offered(
        self, conversation: Conversation, chosen: gr.EventData, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask the question that was clicked."""
        yield from self.ask(str(chosen.text), conversation, request)

    def ask_again(self, conversation: Conversation, request: gr.Request) -> Iterator[Shown]:
        """Ask the last question once more, in the place of its answer."""
        if conversation.exchanges:
            question = conversation.exchanges[-1].question
            yield from self.ask(question, self._without_last(conversation, request), request)

    def ask_edited(
        self, conversation: Conversation, edited: gr.EventData, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask another question in the place of the last one."""
        if str(edited.text).strip():
            before = self._without_last(conversation, request)
            yield from self.ask(str(edited.text), before, request)

    def _without_last(self, conversation: Conversation, request: gr.Request) -> Conversation:
        """The conversation before its last exchange, which is kept no longer."""
        if (answer := conversation.exchanges[-1].answer) is not None:
            forget(self._access.settings, request.headers, answer)
        return conversation.before(len(conversation.exchanges) - 1)

    def settle(self, conversation: Conversation, request: gr.Request) -> Shown:
        """Nothing more comes: what could be asked next, or word that the answer was stopped."""
        settled = conversation.settled()
        turn = gr.skip()
        if settled.exchanges:
            turn = _last_turn(self._access, settled, language_of_request(request.headers))
        return gr.skip(), turn, settled, gr.skip(), *_buttons(asking=False)

    def cite(self, conversation: Conversation, chosen: gr.EventData, request: gr.Request) -> str:
        """The article of a passage of an answer, at that passage."""
        language = language_of_request(request.headers)
        turn, number = int(chosen.turn), int(chosen.passage)
        passages = conversation.exchanges[turn].passages
        try:
            document = self._access.engine().document(passages[number].article.id)
        except ArticleNotFound:
            return gone_html(language)
        return reader_html(document, language, passages=passages, turn=turn, number=number)

    def read(self, chosen: gr.EventData, request: gr.Request) -> str:
        """An article that was chosen by itself."""
        language = language_of_request(request.headers)
        try:
            document = self._access.engine().document(str(chosen.article))
        except ArticleNotFound:
            return gone_html(language)
        return reader_html(document, language)

    def _asking(
        self,
        question: str,
        conversation: Conversation,
        language: Language,
        headers: Mapping[str, str],
    ) -> Iterator[Shown]:
        conversation = conversation.settled()
        number = len(conversation.exchanges)
        for step, exchange in enumerate(ask(self._access, conversation, question, language)):
            told = conversation.told(exchange)
            if exchange.answer is not None:
                keep(self._access.settings, headers, exchange.answer)
            turn = turn_html(number, exchange, language, last=True)
            if step == 0:
                shown = turns_html(told, language)
                yield shown, turn, told, _emptied(language), *_buttons(asking=True)
            else:
                yield gr.skip(), turn, told, gr.skip(), gr.skip(), gr.skip()
                if isinstance(exchange.told, Growing):
                    sleep(_PACE)


def _shown(access: EngineAccess, conversation: Conversation, language: Language) -> Shown:
    if conversation.exchanges:
        current = _last_turn(access, conversation, language)
    else:
        current = first_screen(access, language)
    past = turns_html(conversation, language)
    buttons = _buttons(asking=False)
    return past, current, conversation, _emptied(language), *buttons


def _last_turn(access: EngineAccess, conversation: Conversation, language: Language) -> str:
    number = len(conversation.exchanges) - 1
    exchange = conversation.exchanges[-1]
    suggestions: Sequence[Suggestion] = ()
    if exchange.answer:
        try:
            suggestions = access.admission.call(follow_ups, access.engine(), exchange.answer)
        except IsnadError:  # busy, or gone: there is no need to offer anything
            suggestions = ()
    return turn_html(number, exchange, language, last=True, suggestions=suggestions)


def _emptied(language: Language) -> gr.Textbox:
    return gr.Textbox("", placeholder=TEXTS[language].placeholder)


def _buttons(*, asking: bool) -> tuple[gr.Button, gr.Button]:
    """To send and to stop: one of them."""
    return gr.Button(visible=not asking), gr.Button(visible=asking)
