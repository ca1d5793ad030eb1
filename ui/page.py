"""The page that Gradio serves, with its language, direction, styles and scripts from the start.

Gradio adds a head of ours only when its own script runs: too late for the language, which that
script has chosen by then, and for a first sight in the right direction and colours.
"""

import json
import re
from dataclasses import asdict

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.reading import RIGHT_TO_LEFT
from ui.language import language_of_request
from ui.texts import TEXTS, Language

_HTML = '<html\n\tlang="en"'
_HEAD = '<meta charset="utf-8" />'
# What Gradio tells link previews: of itself, with a picture from elsewhere.
_PREVIEWS = re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')
# Gradio words its own labels in the language of the browser, and has no other way of being told.
_SPEAK = """<script>for (const [name, value] of [["language", "{0}"], ["languages", ["{0}"]]])
  Object.defineProperty(navigator, name, {{get: () => value}});</script>"""
# For our own scripts, when they are there.
_TEXTS = "<script>window.isnad = {{texts: {0}}};</script>"


class LocalisedPage:
    """ASGI application: as ``app``, its page at ``/`` in the visitor's language with ``head``."""

    def __init__(self, app: ASGIApp, head: str) -> None:
        self._app = app
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        language = language_of_request(Headers(scope=scope))
        start: Message = {}
        body = bytearray()

        async def send_localised(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                page = _localised(body.decode(), language, self._head).encode()
                headers = MutableHeaders(scope=start)
                if scope["method"] != "HEAD":
                    headers["content-length"] = str(len(page))
                headers["vary"] = "Accept-Language, Cookie"
                headers["cache-control"] = "no-store"
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self._app(_uncompressed(scope), receive, send_localised)


def _uncompressed(scope: Scope) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


def _localised(page: str, language: Language, head: str) -> str:
    side = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    page = _PREVIEWS.sub("", page).replace(_HTML, f'<html lang="{language}" dir="{side}"', 1)
    return page.replace(_HEAD, _HEAD + _ours(language) + head, 1)


def _ours(language: Language) -> str:
    texts = json.dumps(asdict(TEXTS[language]), ensure_ascii=False)
    return _SPEAK.format(language) + _TEXTS.format(texts)
