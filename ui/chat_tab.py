"""The tab in which questions are asked: its parts, and what happens when they are used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from api.access import EngineAccess
from rag.errors import ConversationNotFound, ConversationsUnavailable, IsnadError
from ui.chat import ask
from ui.conversation import Conversation
from ui.examples import example_questions
from ui.keeping import keep, opened
from ui.language import language_of_request
from ui.render import conversation_html, first_screen_html, notice_html
from ui.texts import TEXTS, Language, translation
from ui.texts_kept import KEPT_TEXTS

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# The conversation as HTML, as a record, and the box for the next question.
Shown = tuple[str, Conversation, gr.Textbox]
# The events that the conversation's buttons cause, each with the button's data.
_CONVERSATION_JS = 'isnad.conversation(element, trigger, ["ask"])'


@dataclass(frozen=True, slots=True)
class ChatTab:
    """The parts of the chat that others act on.

    ``asked`` are the chains after which ``conversation`` has one more exchange, ``begun`` those
    after which it is another one: hang on to them with ``then``. ``outputs`` take what `showing`
    gives.
    """

    conversation: gr.State
    shown: gr.HTML
    outputs: list[Any]
    asked: list[Any]
    begun: list[Any]
    access: EngineAccess

    def showing(self, conversation: Conversation, language: Language) -> Shown:
        """Values for ``outputs``: ``conversation`` on the page; the first screen if it is empty."""
        return _shown(self.access, conversation, language)


def chat_tab(access: EngineAccess, new: gr.Button, page: gr.Blocks) -> ChatTab:
    """The tab, with ``new`` as the button for an empty conversation on ``page``."""
    conversation = gr.State(Conversation())
    with gr.Row(elem_classes="beside"):
        with gr.Column(elem_classes="chat"):
            shown = gr.HTML(
                elem_classes="conversation", js_on_load=_CONVERSATION_JS, apply_default_css=False
            )
            with gr.Row(elem_classes="ask"):
                box = _question_box()
                send = gr.Button(
                    translation("send"), elem_classes="send", variant="primary", scale=0
                )
        gr.HTML(elem_id="reader", apply_default_css=False)
    outputs = [shown, conversation, box]
    asking = _Asking(access)
    typed = gr.on([box.submit, send.click], asking.ask, [box, conversation], outputs, **QUIET)
    chosen = shown.ask(asking.ask_offered, conversation, outputs, **QUIET)
    loaded = page.load(asking.open, None, outputs, **QUIET)
    emptied = new.click(asking.start, None, outputs, **QUIET)
    return ChatTab(conversation, shown, outputs, [typed, chosen], [loaded, emptied], access)


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        placeholder=translation("placeholder"),
        label=translation("question"),
        elem_classes="question",
        show_label=False,
        container=False,
        max_lines=6,
        scale=1,
        autofocus=True,
    )


class _Asking:
    """What happens when the chat is used; each method gives the chat's outputs anew."""

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
            html, *rest = _shown(self._access, Conversation(), language)
            return notice_html(KEPT_TEXTS[language].answer_gone, language) + html, *rest
        return _shown(self._access, found, language)

    def ask(
        self, question: str, conversation: Conversation, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask what was typed."""
        language = language_of_request(request.headers)
        if not question.strip():
            shown = conversation_html(conversation) if conversation.exchanges else gr.skip()
            yield shown, conversation, _emptied(TEXTS[language].empty)
            return
        told = conversation.told(ask(self._access, conversation, question, language))
        if (answer := told.exchanges[-1].answer) is not None:
            keep(self._access.settings, request.headers, answer)
        yield conversation_html(told), told, _emptied(TEXTS[language].placeholder)

    def ask_offered(
        self, conversation: Conversation, chosen: gr.EventData, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask the question that was clicked."""
        yield from self.ask(chosen.text, conversation, request)


def _shown(access: EngineAccess, conversation: Conversation, language: Language) -> Shown:
    texts = TEXTS[language]
    if conversation.exchanges:
        html = conversation_html(conversation)
    else:
        html = first_screen_html(*beginning(access, language))
    return html, conversation, _emptied(texts.placeholder)


def beginning(access: EngineAccess, language: Language) -> tuple[list[dict[str, str]], str]:
    """What to ask first, and a word above it."""
    texts = TEXTS[language]
    try:
        engine = access.engine()
        if not engine.info.articles:
            return [], texts.no_articles
        examples = example_questions(engine, texts)
    except IsnadError:
        return [], texts.not_ready
    return examples, texts.try_asking if examples else ""


def _emptied(hint: str) -> gr.Textbox:
    return gr.Textbox("", placeholder=hint)
