"""The chat window: how its parts are laid out on one page."""

import gradio as gr
from gradio.themes import Base

from api.access import EngineAccess
from ui.articles import articles_tab
from ui.chat_tab import chat_tab
from ui.kept import kept_sidebar
from ui.texts import NAMES, TRANSLATIONS

_FONTS = (
    *("IBM Plex Sans Arabic", "system-ui", "Segoe UI", "Roboto", "Noto Sans"),
    *("Noto Sans Arabic", "Geeza Pro", "Tahoma", "sans-serif"),
)
_BRAND = '<h1><b lang="ar">إسناد</b> <span>Isnad</span></h1>'
_AT_ONCE = 16
# Gradio looks for new events a thousand times a second, which nobody sees in the window, and which
# takes the interpreter from those who are being answered.
_LOOKS_EVERY_SECONDS = 0.02


def chat_window(access: EngineAccess) -> gr.Blocks:
    """The window over the engine that ``access`` gives."""
    with gr.Blocks(title="إسناد · Isnad", fill_height=True, analytics_enabled=False) as blocks:
        kept = gr.Sidebar(open=False, elem_id="kept", label=TRANSLATIONS("kept"))
        with gr.Row(elem_classes="top"):
            gr.HTML(_BRAND, apply_default_css=False)
            gr.HTML(
                _language_choice(),
                elem_classes="languages",
                js_on_load="isnad.languages(element)",
                apply_default_css=False,
            )
            new = gr.Button(TRANSLATIONS("new"), elem_classes="new", scale=0, size="sm")
        with gr.Tabs(elem_classes="parts") as tabs:
            with gr.Tab(TRANSLATIONS("chat_tab"), id="chat"):
                chat = chat_tab(access, new, blocks)
            with gr.Tab(TRANSLATIONS("articles_tab"), id="articles") as tab:
                articles_tab(access, chat, tab)
        with kept:
            kept_sidebar(access, chat, tabs, blocks)
    blocks.queue(default_concurrency_limit=_AT_ONCE)
    blocks._queue.sleep_when_free = _LOOKS_EVERY_SECONDS  # there is no public name for it
    return blocks


def _language_choice() -> str:
    """The languages of the interface, each called as it calls itself."""
    options = "".join(
        f'<option value="{language}" lang="{language}">{name}</option>'
        for language, name in NAMES.items()
    )
    return f'<select class="language">{options}</select>'


def theme() -> Base:
    """Local fonts only: a theme's own would be fetched from elsewhere."""
    return Base(font=_FONTS, font_mono=("ui-monospace", "monospace"))
