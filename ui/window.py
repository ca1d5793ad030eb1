"""The chat window: what is on it and what happens when it is used."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.themes import Base

from api.access import EngineAccess
from rag.errors import IsnadError
from ui.chat import Conversation, ask
from ui.examples import example_questions
from ui.render import shown
from ui.texts import TEXTS, Language, Texts, interface_language, translations

_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_text("utf-8")
FAVICON = _HERE / "favicon.svg"
# Gradio words its labels in the browser's language, but leaves the page's direction alone.
HEAD = """<meta name="color-scheme" content="light dark"><script>
document.documentElement.dir = /^ar\\b/i.test(navigator.language) ? "rtl" : "ltr";
</script>"""
TRANSLATIONS = gr.I18n(**translations())

Messages = list[dict[str, Any]]
Shown = tuple[Messages | gr.Chatbot, Conversation, gr.Textbox]

_FONTS = (
    *("system-ui", "Segoe UI", "Roboto", "Noto Sans"),
    *("Noto Sans Arabic", "Geeza Pro", "Noto Naskh Arabic", "Tahoma", "sans-serif"),
)
_BRAND = '<h1><b lang="ar">إسناد</b> <span>Isnad</span></h1>'
_AT_ONCE = 16
# An answer is read from its beginning; Gradio would scroll to its end.
_SHOW_QUESTION = """() => setTimeout(() => [...document.querySelectorAll(".conversation .asked")]
    .at(-1)?.scrollIntoView({block: "start"}), 80)"""


def chat_window(access: EngineAccess) -> gr.Blocks:
    """The window over the engine that ``access`` gives."""
    window = Window(access)
    with gr.Blocks(title="إسناد · Isnad", fill_height=True, analytics_enabled=False) as blocks:
        with gr.Row(elem_classes="top"):
            gr.HTML(_BRAND)
            new = gr.Button(TRANSLATIONS("new"), elem_classes="new", scale=0, size="sm")
        gr.HTML(TRANSLATIONS("about"), elem_classes="statement")
        chatbot = _chatbot()
        with gr.Row(elem_classes="ask"):
            box = _question_box()
            send = gr.Button(TRANSLATIONS("send"), elem_classes="send", variant="primary", scale=0)
        conversation = gr.State(Conversation())
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        all_of_it = [chatbot, conversation, box]
        typed = gr.on([box.submit, send.click], window.ask, [box, conversation], all_of_it, **quiet)
        chosen = chatbot.example_select(window.ask_example, conversation, all_of_it, **quiet)
        for asked in (typed, chosen):
            asked.then(None, js=_SHOW_QUESTION)
        new.click(window.start, None, all_of_it, **quiet)
        blocks.load(window.start, None, all_of_it, **quiet)
    return blocks.queue(default_concurrency_limit=_AT_ONCE)


def theme() -> Base:
    """Local fonts only: a theme's own would be fetched from elsewhere."""
    return Base(font=_FONTS, font_mono=("ui-monospace", "monospace"))


def _chatbot() -> gr.Chatbot:
    return gr.Chatbot(
        label=TRANSLATIONS("conversation"),
        elem_classes="conversation",
        show_label=False,
        container=False,
        buttons=[],
        layout="bubble",
        autoscroll=False,
        latex_delimiters=[],
        scale=1,
        height=None,
    )


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


class Window:
    """What happens when the window is used. Each method gives chat, conversation and box anew."""

    def __init__(self, access: EngineAccess) -> None:
        self._access = access

    def start(self, request: gr.Request) -> Shown:
        """An empty conversation, with questions to begin with."""
        texts = TEXTS[_language(request)]
        examples, word = self.beginning(texts)
        chatbot = gr.Chatbot([], examples=examples, placeholder=shown(word))
        return chatbot, Conversation(), _emptied(texts.placeholder)

    def ask(self, question: str, conversation: Conversation, request: gr.Request) -> Shown:
        """Ask what was typed."""
        language = _language(request)
        hint = TEXTS[language].placeholder
        if question.strip():
            conversation = ask(self._access, conversation, question, language)
        else:
            hint = TEXTS[language].empty
        return _messages(conversation), conversation, _emptied(hint)

    def ask_example(
        self, conversation: Conversation, chosen: gr.SelectData, request: gr.Request
    ) -> Shown:
        """Ask the question that was clicked."""
        return self.ask(chosen.value["text"], conversation, request)

    def beginning(self, texts: Texts) -> tuple[list[dict[str, str]], str]:
        """What to ask first, and a word above it."""
        try:
            engine = self._access.engine()
            if not engine.info.articles:
                return [], texts.no_articles
            examples = example_questions(engine, texts)
        except IsnadError:
            return [], texts.not_ready
        return examples, texts.try_asking if examples else ""


def _emptied(hint: str) -> gr.Textbox:
    return gr.Textbox("", placeholder=hint)


def _language(request: gr.Request) -> Language:
    return interface_language(request.headers.get("accept-language", ""))


def _messages(conversation: Conversation) -> Messages:
    """The conversation as Gradio takes it. As components, since those are shown as they are."""
    return [
        {"role": role, "content": gr.HTML(html)}
        for asked, answered in conversation.shown
        for role, html in (("user", asked), ("assistant", answered))
    ]
