"""So many requests for each key, or for each address where there is none."""

import math
import time
from http import HTTPStatus

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Problem, problem_response


class RateLimit:
    """ASGI middleware: refuses the requests of an identified client that are beyond its limit.

    Counted is what makes the engine work, and every wrong key; not the window's own files.
    """

    def __init__(self, app: ASGIApp, *, limit: str) -> None:
        """``limit``: as ``60/minute``."""
        self._app = app
        self._limit: RateLimitItem = parse(limit)
        self._counts = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not _counted(scope):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        client = _client(connection)
        if self._counts.hit(self._limit, client):
            await self._app(scope, receive, send)
            return
        problem = Problem.of(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"more than {self._limit.amount} requests in {_window(self._limit)}; wait a little",
            request_id=connection.state.request_id,
            kind="rate-limited",
        )
        headers = {"Retry-After": str(self._seconds(client))}
        await problem_response(problem, scope["path"], headers)(scope, receive, send)

    def _seconds(self, client: str) -> int:
        """How long until more is allowed."""
        reset = self._counts.get_window_stats(self._limit, client).reset_time
        return max(1, math.ceil(reset - time.time()))


def _counted(scope: Scope) -> bool:
    state = scope["state"]
    wrong = state["key_given"] and state["key"] is None
    return wrong or scope["method"] == "POST" or scope["path"].startswith("/articles")


def _client(connection: HTTPConnection) -> str:
    if connection.state.key is not None:
        return f"key {connection.state.key.name}"
    return f"address {connection.client.host if connection.client else ''}"


def _window(limit: RateLimitItem) -> str:
    return f"{limit.multiples} {limit.GRANULARITY.name}"
