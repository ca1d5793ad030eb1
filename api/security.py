"""What holds for every request: its name, its largest body, what a browser may do with it."""

import re
import uuid
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, ProblemResponse

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
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


class BodyLimit:
    """ASGI middleware: refuses a larger body, unread where its size is given, else on the way.

    An uploaded article may be larger than any other body. The framework has a limit too, but its
    answer is plain text, also in the place of ours.
    """

    def __init__(self, app: ASGIApp, *, largest: int, largest_upload: int) -> None:
        self._app = app
        self._largest, self._largest_upload = largest, largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, which has been named."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        is_upload = request.method == "POST" and request.url.path == _UPLOADS
        largest = self._largest_upload if is_upload else self._largest
        if int(request.headers.get("content-length", 0)) > largest:
            status, detail = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _refusal(largest)
            problem = Problem.of(status, detail, request_id=request.state.request_id)
            await ProblemResponse(problem)(scope, receive, send)
            return
        await self._app(scope, _limited(receive, largest), send)


def _limited(receive: Receive, largest: int) -> Receive:
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > largest:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _refusal(largest))
        return message

    return receive_limited


def _refusal(largest: int) -> str:
    return f"the body is larger than {largest:,} bytes"
