"""Errors on the wire: RFC 9457 ``application/problem+json``, never a traceback or a path."""

import json
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from rag.errors import (
    ArticleNotFound,
    BadArticle,
    BadQuestion,
    ComposerUnavailable,
    ConversationNotFound,
    ConversationsUnavailable,
    Encrypted,
    FeedbackUnavailable,
    IndexMismatch,
    IndexMissing,
    IndexUnavailable,
    IsnadError,
    NoText,
    Overloaded,
    TookTooLong,
    TooLarge,
    UnknownKind,
)
from rag.settings import Settings

_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
PROBLEM_TYPE = "application/problem+json"
# Clients of these routes read errors in OpenAI's shape.
OPENAI_PREFIX = "/v1/"

PROBLEM_NAMES = "urn:isnad:problem:"

_LOG = logging.getLogger(__name__)
_OPENAI_TYPES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
    HTTPStatus.SERVICE_UNAVAILABLE: "server_error",
}
_INTERNAL = "an internal error; it was logged"
_RETRY_AFTER_S = "5"
# The folders of an absolute path, up to its last part.
_FOLDERS = re.compile(r"(?<![\w./])/(?:[^\s/:;,'\"]+/)+")
# Status and stable name of each error of ours; the nearest class in the tree decides.
_KINDS: dict[type, tuple[HTTPStatus, str]] = {
    BadQuestion: (HTTPStatus.UNPROCESSABLE_ENTITY, "bad-question"),
    BadArticle: (HTTPStatus.UNPROCESSABLE_ENTITY, "bad-article"),
    UnknownKind: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unknown-kind"),
    NoText: (HTTPStatus.UNPROCESSABLE_ENTITY, "no-text"),
    Encrypted: (HTTPStatus.UNPROCESSABLE_ENTITY, "encrypted"),
    TooLarge: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large"),
    ArticleNotFound: (HTTPStatus.NOT_FOUND, "article-not-found"),
    IndexMissing: (HTTPStatus.SERVICE_UNAVAILABLE, "index-missing"),
    IndexMismatch: (HTTPStatus.SERVICE_UNAVAILABLE, "index-mismatch"),
    IndexUnavailable: (HTTPStatus.SERVICE_UNAVAILABLE, "index-unavailable"),
    FeedbackUnavailable: (HTTPStatus.SERVICE_UNAVAILABLE, "feedback-unavailable"),
    ConversationNotFound: (HTTPStatus.NOT_FOUND, "conversation-not-found"),
    ConversationsUnavailable: (HTTPStatus.SERVICE_UNAVAILABLE, "conversations-unavailable"),
    Overloaded: (HTTPStatus.SERVICE_UNAVAILABLE, "overloaded"),
    TookTooLong: (HTTPStatus.SERVICE_UNAVAILABLE, "took-too-long"),
    ComposerUnavailable: (HTTPStatus.UNPROCESSABLE_ENTITY, "composer-unavailable"),
}


class Fault(BaseModel):
    """One thing wrong with the input."""

    where: str = Field(description="where it stands", examples=["body.top_k"])
    message: str = Field(examples=["Input should be less than or equal to 50"])


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="stable name of the kind; `about:blank`: the status says it all")
    title: str = Field(description="the status in words")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what happened and what to do, for people")
    request_id: str = Field(description="the `X-Request-ID` of the response")
    errors: list[Fault] | None = Field(default=None, description="each thing wrong with the input")

    @classmethod
    def of(
        cls, status: HTTPStatus, detail: str, *, request_id: str, kind: str | None = None
    ) -> "Problem":
        """A problem titled by its status."""
        name = f"{PROBLEM_NAMES}{kind}" if kind else "about:blank"
        return cls(
            type=name, title=status.phrase, status=status, detail=detail, request_id=request_id
        )

    def body(self) -> dict[str, Any]:
        """As JSON data."""
        return self.model_dump(exclude_none=True)


class ProblemResponse(JSONResponse):
    """A problem as a response. Lone surrogates, which no client could read, become ``?``."""

    media_type = PROBLEM_TYPE

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        # The id is set here too: unforeseen errors are answered outside of our middleware.
        headers = {**(headers or {}), "X-Request-ID": problem.request_id}
        super().__init__(problem.body(), problem.status, headers)

    def render(self, content: Any) -> bytes:
        """JSON in UTF-8, whatever the strings hold."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


class OpenAIErrorResponse(ProblemResponse):
    """A problem as OpenAI's clients know errors: an object ``error`` with a ``message``."""

    media_type = "application/json"

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem, headers)
        if problem.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            self.status_code = HTTPStatus.BAD_REQUEST  # what bad input is to these clients

    def render(self, content: Any) -> bytes:
        """The members of a problem under OpenAI's names."""
        return super().render(openai_error(Problem.model_validate(content)))


def openai_error(problem: Problem) -> dict[str, Any]:
    """``problem`` in OpenAI's shape."""
    faults = problem.errors or []
    kind = problem.type.removeprefix(PROBLEM_NAMES)
    error = {
        "message": problem.detail,
        "type": _OPENAI_TYPES.get(problem.status, "invalid_request_error"),
        "param": faults[0].where.removeprefix("body.") if faults else None,
        "code": None if kind == "about:blank" else kind.replace("-", "_"),
    }
    return {"error": error}


def problem_response(
    problem: Problem, path: str, headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    """``problem`` as a response, in the shape that clients of ``path`` know."""
    if path.startswith(OPENAI_PREFIX):
        return OpenAIErrorResponse(problem, headers)
    return ProblemResponse(problem, headers)


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of ``app`` a problem: ours, the framework's and the unforeseen."""
    app.add_exception_handler(IsnadError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def describe(error: Exception, request: Request) -> Problem:
    """``error`` as a problem. What is not ours is logged, and told as an internal error only."""
    base = next((base for base in type(error).__mro__ if base in _KINDS), None)
    request_id = request.state.request_id
    if base is None:
        _LOG.error("request %s failed", request_id, exc_info=error)
        return Problem.of(HTTPStatus.INTERNAL_SERVER_ERROR, _INTERNAL, request_id=request_id)
    status, kind = _KINDS[base]
    detail = without_paths(str(error), request.app.state.settings)
    return Problem.of(status, detail, request_id=request_id, kind=kind)


def without_paths(message: str, settings: Settings) -> str:
    """``message`` for the world: on the command line naming a folder helps, here it stays ours."""
    return _FOLDERS.sub("…/", message.replace(str(settings.home), "the data folder"))


def _ours(request: Request, error: Exception) -> Response:
    problem = describe(error, request)
    busy = problem.status == HTTPStatus.SERVICE_UNAVAILABLE
    wait = {"Retry-After": _RETRY_AFTER_S} if busy else {}
    return problem_response(problem, request.url.path, wait)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The input is not echoed: it may be huge, or no text at all.
    faults = [
        Fault(where=".".join(str(part) for part in fault["loc"]), message=_reason(fault))
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault.where}: {fault.message}" for fault in faults[:3])
    problem = _bad_input(request, detail)
    return problem_response(problem.model_copy(update={"errors": faults}), request.url.path)


def _reason(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "json_invalid":
        return f"{fault['msg']}: {fault['ctx']['error']}"
    return str(fault["msg"]).removeprefix("Value error, ")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        # The framework's word for a body that cannot be read; here all bad input is a 422.
        return problem_response(_bad_input(request, detail), request.url.path)
    status, request_id = HTTPStatus(error.status_code), request.state.request_id
    problem = Problem.of(status, detail, request_id=request_id)
    headers = dict(error.headers or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed(request))
    return problem_response(problem, request.url.path, headers)


def _allowed(request: Request) -> list[str]:
    """The methods that any route to the request's path takes; the framework names one route's."""
    scopes = ({**request.scope, "method": method} for method in _METHODS)
    return [
        scope["method"]
        for scope in scopes
        if any(route.matches(scope)[0] == Match.FULL for route in request.app.routes)
    ]


def _bad_input(request: Request, detail: str) -> Problem:
    request_id = request.state.request_id
    return Problem.of(
        HTTPStatus.UNPROCESSABLE_ENTITY, detail, request_id=request_id, kind="invalid-input"
    )


def _unforeseen(request: Request, error: Exception) -> Response:
    return problem_response(describe(error, request), request.url.path)
