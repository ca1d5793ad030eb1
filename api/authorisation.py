"""Who asks, and whether they may: API keys in ``Authorization`` or ``X-API-Key``.

A browser is asked for a password, which is the key, so that the chat window and the articles it
leads to need one signing in. While there are no keys, everyone may do everything.
"""

import base64
import binascii
from http import HTTPStatus

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.accept import prefers
from api.problems import Problem, problem_response
from rag.keys import Key, KeyRing

# What tells nothing of the articles, for those who watch over the process.
_OPEN = frozenset({"/healthz", "/readyz"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_KEY = "this needs an API key: send `Authorization: Bearer KEY` or `X-API-Key: KEY`"
_WRONG_KEY = "the API key is not valid, or was revoked"
_READ_ONLY = "this key may ask, not change articles; it needs one with the scope write"


def may_change_articles(key: Key | None) -> bool:
    """Whether who was let in with ``key`` may: without one, that is while there are no keys."""
    return key is None or key.scope == "write"


class Identification:
    """ASGI middleware: leaves the key that a request came with, if it is one, in its state."""

    def __init__(self, app: ASGIApp, *, keys: KeyRing) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] in ("http", "websocket"):
            connection = HTTPConnection(scope)
            given = _given_key(connection)
            connection.state.key_given = given is not None
            connection.state.key = self._keys.find(given) if given is not None else None
        await self._app(scope, receive, send)


class Authorisation:
    """ASGI middleware: refuses what the key of an identified request does not allow."""

    def __init__(self, app: ASGIApp, *, keys: KeyRing) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = self._refusal(connection) if self._keys.required else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = _challenge(connection, refusal)
            await problem_response(refusal, scope["path"], headers)(scope, receive, send)

    def _refusal(self, connection: HTTPConnection) -> Problem | None:
        key: Key | None = connection.state.key
        name = getattr(connection.state, "request_id", "")
        if key is None:
            detail = _WRONG_KEY if connection.state.key_given else _NO_KEY
            return Problem.of(
                HTTPStatus.UNAUTHORIZED, detail, request_id=name, kind="key-not-valid"
            )
        if not may_change_articles(key) and _writes(connection):
            return Problem.of(HTTPStatus.FORBIDDEN, _READ_ONLY, request_id=name, kind="read-only")
        return None


def _writes(connection: HTTPConnection) -> bool:
    path: str = connection.scope["path"]
    reading = connection.scope.get("method", "GET") in _READING
    return not reading and (path == "/articles" or path.startswith("/articles/"))


def _challenge(connection: HTTPConnection, refusal: Problem) -> dict[str, str]:
    """What to sign in with. Only a page that is opened makes a browser ask for a password."""
    if refusal.status != HTTPStatus.UNAUTHORIZED:
        return {}
    page = prefers(connection.headers.get("accept", ""), "text/html")
    return {"WWW-Authenticate": 'Basic realm="Isnad", charset="UTF-8"' if page else "Bearer"}


def _given_key(connection: HTTPConnection) -> str | None:
    """The text sent as a key, if any was."""
    header = connection.headers.get("authorization")
    if header is None:
        return connection.headers.get("x-api-key")
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        return None if _forged(connection) else _password(value)
    return value.strip() if scheme.lower() == "bearer" else header


def _forged(connection: HTTPConnection) -> bool:
    """Whether another site's page makes a browser act with the password it remembers."""
    site = connection.headers.get("sec-fetch-site", "none")
    reading = connection.scope.get("method", "GET") in _READING
    return site not in ("none", "same-origin") and not reading


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
