"""What holds for every request: its name, its host, its largest body, what a browser may do."""

import asyncio
import re
import uuid
from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, problem_response

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TOO_SLOW = "the body took too long to arrive"
_UPLOADS = "/articles"
# Pages may use what they carry and what comes from here, and reach no other host.
_HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class ResponseHeaders:
    """ASGI middleware: names each request and sets the headers that a response lacks.

    A client may name its request by sending ``X-Request-ID``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        headers = _HEADERS | {"X-Request-ID": request.state.request_id}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in headers.items():
                    present.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class TrustedHosts:
    """ASGI middleware: refuses requests to a host name that is none of ours.

    The framework has one too, but its answer is no problem.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, which has been named."""
        if scope["type"] not in ("http", "websocket") or _host(scope) in self._hosts:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            problem = Problem.of(
                HTTPStatus.MISDIRECTED_REQUEST,
                "this is not served under that host name; ISNAD_TRUSTED_HOSTS adds names",
                request_id=Request(scope).state.request_id,
                kind="unknown-host",
            )
            await problem_response(problem, scope["path"])(scope, receive, send)


def _host(scope: Scope) -> str:
    """The name in ``Host``, without port and brackets."""
    named = Headers(scope=scope).get("host", "").lower()
    if named.startswith("["):
        return named[1:].partition("]")[0]
    return named.partition(":")[0]


class BodyLimit:
    """ASGI middleware: refuses a larger body, unread where its size is given, else on the way,
    and one that is not there in time.

    An uploaded article may be larger than any other body. The framework has a limit too, but its
    answer is plain text, also in the place of ours.
    """

    def __init__(self, app: ASGIApp, *, largest: int, largest_upload: int, seconds: float) -> None:
        """The largest bodies in bytes; ``seconds`` from the request's head to its body's end."""
        self._app = app
        self._largest, self._largest_upload = largest, largest_upload
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, which has been named."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = scope["method"] == "POST" and scope["path"] == _UPLOADS
        largest = self._largest_upload if is_upload else self._largest
        if int(Headers(scope=scope).get("content-length", 0)) > largest:
            status, detail = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _refusal(largest)
            problem = Problem.of(status, detail, request_id=scope["state"]["request_id"])
            await problem_response(problem, scope["path"])(scope, receive, send)
            return
        await self._app(scope, self._limited(receive, largest), send)

    def _limited(self, receive: Receive, largest: int) -> Receive:
        received, complete = 0, False
        until = asyncio.get_running_loop().time() + self._seconds

        async def receive_limited() -> Message:
            nonlocal received, complete
            if complete:  # what comes now is that the client has gone
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW) from None
            received += len(message.get("body", b""))
            if received > largest:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _refusal(largest))
            complete = not message.get("more_body", False)
            return message

        return receive_limited


def _refusal(largest: int) -> str:
    return f"the body is larger than {largest:,} bytes"
