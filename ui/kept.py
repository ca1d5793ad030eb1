"""The sidebar of kept conversations."""

import gradio as gr

from api.access import EngineAccess
from ui.chat_tab import ChatTab


def kept_sidebar(access: EngineAccess, chat: ChatTab, page: gr.Blocks) -> None:
    """The parts of the sidebar, within which it is called; ``page.load`` is when it is opened."""
