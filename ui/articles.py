"""The tab of the articles."""

import gradio as gr

from api.access import EngineAccess


def articles_tab(access: EngineAccess, page: gr.Blocks) -> None:
    """The parts of the tab, within which it is called; ``page.load`` is when it is opened."""
