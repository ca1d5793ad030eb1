"""The whole application in one process: the API, and the chat window at ``/``."""

from fastapi import FastAPI

from api.app import create_app as create_api
from rag.settings import load_settings
from ui.mount import mount_window
from ui.window import chat_window


def create_app() -> FastAPI:
    """For a server to call: settings come from the environment. One engine serves both."""
    app = create_api(load_settings())
    mount_window(app, chat_window(app.state.access))
    return app
