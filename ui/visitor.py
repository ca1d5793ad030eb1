"""Who a visitor is: nobody but the bearer of a random token, which is a cookie of his browser.

Scripts cannot read it and other sites cannot make use of it. It lasts as long as what is kept, from
the last visit on.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.conversations import is_visitor, new_visitor

COOKIE = "isnad-visitor"
_DAY_SECONDS = 86_400


def visitor_of_request(headers: Mapping[str, str]) -> str | None:
    """The token that a request came with, names of headers in lower case; ``None``: no cookie."""
    token = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    return token if is_visitor(token) else None


class Visitors:
    """ASGI application: as ``app``, whose page at ``/`` brings along the token, new or again."""

    def __init__(self, app: ASGIApp, *, days: int) -> None:
        self._app = app
        self._seconds = days * _DAY_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        token = visitor_of_request(Headers(scope=scope)) or new_visitor()
        secure = "; Secure" if scope["scheme"] == "https" else ""
        cookie = f"{COOKIE}={token}; Path=/; Max-Age={self._seconds}; HttpOnly; SameSite=Lax"

        async def send_with_token(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie + secure)
            await send(message)

        await self._app(scope, receive, send_with_token)
