"""The whole application in one process: the API, and the chat window at ``/``."""

from fastapi import FastAPI

from api.app import create_app as create_api
from rag.settings import load_settings
from ui import routes
from ui.keeping import enforce_retention
from ui.mount import mount_window
from ui.window import chat_window


def create_app() -> FastAPI:
    """For a server to call: settings come from the environment. One engine serves both."""
    settings = load_settings()
    enforce_retention(settings)
    app = create_api(settings)
    app.include_router(routes.router)
    mount_window(app, chat_window(app.state.access), days=settings.keep_days)
    return app
