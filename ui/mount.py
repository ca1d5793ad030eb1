"""The window at ``/`` of an application that has routes of its own."""

from hashlib import sha256
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from gradio.route_utils import API_PREFIX
from gradio.routes import INTERNAL_ROUTES
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api.patience import ENDLESS
from ui.page import LocalisedPage
from ui.texts import TRANSLATIONS
from ui.visitor import Visitors
from ui.window import theme

_STATIC = Path(__file__).parent / "static"
_PLACE = "/static-window"

_HEARTBEAT = f"{API_PREFIX}/heartbeat/"


def mount_window(app: FastAPI, window: gr.Blocks, *, days: int) -> None:
    """Add ``window`` to ``app``: it gets the paths that Gradio serves and no others.

    A visitor is known again for ``days`` after a visit.
    """
    app.mount(_PLACE, StaticFiles(directory=_STATIC), name="static-window")
    gr.mount_gradio_app(
        app,
        window,
        path="/",
        theme=theme(),
        favicon_path=str(_STATIC / "favicon.svg"),
        i18n=TRANSLATIONS,
        footer_links=[],
        run_history=False,
        show_error=False,  # an error's text may hold what is nobody's business
        pwa=False,
    )
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    page = Visitors(LocalisedPage(mounted.app, _head()), days=days)
    app.router.routes.append(_Window(mounted.path, app=page))


def _head() -> str:
    """What the page loads of ours, each file by its content, so that browsers may keep it."""
    meta = '<meta name="color-scheme" content="light dark">'
    styles = [f'<link rel="stylesheet" href="{_address(path)}">' for path in _files("css")]
    scripts = [f'<script type="module" src="{_address(path)}"></script>' for path in _files("js")]
    return "".join([meta, *styles, *scripts])


def _files(kind: str) -> list[Path]:
    return sorted(_STATIC.glob(f"*.{kind}"))


def _address(path: Path) -> str:
    return f"{_PLACE}/{path.name}?{sha256(path.read_bytes()).hexdigest()[:12]}"


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
