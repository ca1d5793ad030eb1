"""One line of JSON for each request, and its count. Never what was asked, unless that is wanted."""

import json
import logging
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics

LOG = logging.getLogger("isnad.requests")
# Of methods a stranger may invent as many as he likes.
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_CLIENT_GONE = 499


class Watching:
    """ASGI middleware: logs and counts each named request when its response has ended."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = _CLIENT_GONE

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception:
            status = 500
            raise
        finally:
            self._tell(scope, status, perf_counter() - started)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        self._metrics.requested(method, route, status, seconds)
        if LOG.isEnabledFor(logging.INFO):
            LOG.info(json.dumps(_line(scope, method, route, status, seconds), ensure_ascii=False))


def note_question(request: Request, text: str) -> None:
    """Have ``text`` logged with its request, if the operator wants that."""
    if request.app.state.settings.log_questions:
        request.state.question = text


def _line(scope: Scope, method: str, route: str, status: int, seconds: float) -> dict[str, Any]:
    state = HTTPConnection(scope).state
    key = getattr(state, "key", None)
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 3),
        "request_id": state.request_id,
        "key": key.name if key else None,
    }
    asked = getattr(state, "question", None)
    return line if asked is None else line | {"question": asked}


def _route(scope: Scope) -> str:
    """The pattern that the path matched: paths themselves are endless, and anybody's."""
    route = scope.get("route")
    if route is None:
        return "none"
    return getattr(route, "path_format", None) or getattr(route, "path", None) or "window"
