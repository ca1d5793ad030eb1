"""The window at ``/`` of an application that has routes of its own."""

import gradio as gr
from fastapi import FastAPI
from gradio.route_utils import API_PREFIX
from gradio.routes import INTERNAL_ROUTES
from starlette.routing import Match, Mount
from starlette.types import Receive, Scope, Send

from api.patience import ENDLESS
from ui.window import FAVICON, HEAD, STYLE, TRANSLATIONS, theme

_HEARTBEAT = f"{API_PREFIX}/heartbeat/"


def mount_window(app: FastAPI, window: gr.Blocks) -> None:
    """Add ``window`` to ``app``: it gets the paths that Gradio serves and no others."""
    gr.mount_gradio_app(
        app,
        window,
        path="/",
        theme=theme(),
        css=STYLE,
        head=HEAD,
        favicon_path=str(FAVICON),
        i18n=TRANSLATIONS,
        footer_links=[],
        run_history=False,
        show_error=False,  # an error's text may hold what is nobody's business
        pwa=False,
    )
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    app.router.routes.append(_Window(mounted.path, app=mounted.app))


class _Window(Mount):
    """A mount at ``/`` takes every path, so that the application could never say 404 or 405."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match what Gradio has routes for."""
        if scope["type"] in ("http", "websocket"):
            first, _, _ = scope["path"].strip("/").partition("/")
            if first and first not in INTERNAL_ROUTES:
                return Match.NONE, {}
        return super().matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark what Gradio holds open for as long as a window is: a stop need not wait for it."""
        if scope["type"] == "http" and _HEARTBEAT in scope["path"]:
            scope["state"][ENDLESS] = True
        await super().handle(scope, receive, send)
