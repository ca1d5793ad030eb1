"""What the OpenAPI text says beyond types: examples, other media types, and every problem."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from api.openai_schemas import ErrorBody
from api.problems import OPENAI_PREFIX, PROBLEM_TYPE, Problem, openai_error

Responses = dict[int | str, dict[str, Any]]

_REQUEST_ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
# For each status: the kind of problem in its example, when it is given, the example's detail.
_MEANINGS: dict[HTTPStatus, tuple[str | None, str, str]] = {
    HTTPStatus.UNAUTHORIZED: (
        "key-not-valid",
        "There are API keys, and the request came with none of them.",
        "the API key is not valid, or was revoked",
    ),
    HTTPStatus.BAD_REQUEST: (
        "invalid-input",
        "The input cannot be taken: broken JSON, a wrong type, no question at the end.",
        "body.messages: the last message must be the question: role user, with text",
    ),
    HTTPStatus.NOT_FOUND: (
        "article-not-found",
        "No article with that id is in the index.",
        "there is no article 9f2c61d0a4b7e835",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        None,
        "The body, or the file in it, is larger than is taken.",
        "the body is larger than 1,048,576 bytes",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "invalid-input",
        "The input cannot be taken: broken JSON, a wrong type, an unknown field, a value out of "
        "range.",
        "body.top_k: Input should be less than or equal to 50",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "rate-limited",
        "More requests than this key or address may make; `Retry-After` says for how long.",
        "more than 60 requests in 1 minute; wait a little",
    ),
    HTTPStatus.REQUEST_TIMEOUT: (
        None,
        "The body took too long to arrive.",
        "the body took too long to arrive",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "unknown-kind",
        "The file is of a kind that is not read, or the body is not `multipart/form-data`.",
        "a zip file that is neither a Word document nor an EPUB book",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "index-missing",
        "Not ready (starting, no index yet, or one made with another model or version), too many "
        "questions at once, or no answer in time. `Retry-After` says when to try again.",
        "there is no index in the data folder yet; make one with: isnad index FOLDER",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        None,
        "A mistake of ours; `request_id` finds it in the log.",
        "an internal error; it was logged",
    ),
}

_GUARDED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


def problems(*statuses: HTTPStatus) -> Responses:
    """The problems that a route may answer with, and those that every guarded route may."""
    return open_problems(*_GUARDED, *statuses)


def open_problems(*statuses: HTTPStatus) -> Responses:
    """The problems of a route that needs no key."""
    return {int(s): _problem(s) for s in (*statuses, HTTPStatus.INTERNAL_SERVER_ERROR)}


def openai_errors(*statuses: HTTPStatus) -> Responses:
    """What `problems` says, for routes whose clients read errors in OpenAI's shape."""
    all_of_them = (*_GUARDED, *statuses, HTTPStatus.INTERNAL_SERVER_ERROR)
    return {int(status): _openai_error(status) for status in all_of_them}


def _openai_error(status: HTTPStatus) -> dict[str, Any]:
    name, meaning, detail = _MEANINGS[status]
    problem = Problem.of(status, detail, kind=name, request_id=_REQUEST_ID)
    media = {"schema": ErrorBody.model_json_schema(), "example": openai_error(problem)}
    return {"description": meaning, "content": {"application/json": media}}


def complete(app: FastAPI) -> None:
    """Put right what the framework says of ``app``: how a key is sent, if one is needed at all."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        schema = described()
        schema["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        for path, operations in schema["paths"].items():
            if path.startswith(OPENAI_PREFIX):
                for operation in operations.values():
                    # The framework's word for bad input, which is a 400 on these routes.
                    operation["responses"].pop("422", None)
        schema["security"] = [{}, {"bearer": []}, {"header": []}]
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def success(*, also: dict[str, Any] | None = None, **examples: Any) -> Responses:
    """A 200 with named JSON examples, and ``also`` what it is in other media types."""
    named = {name: {"value": value} for name, value in examples.items()}
    content = {"application/json": {"examples": named}} | (also or {})
    return {int(HTTPStatus.OK): {"content": content}}


def _problem(status: HTTPStatus) -> dict[str, Any]:
    name, meaning, detail = _MEANINGS[status]
    example = Problem.of(status, detail, kind=name, request_id=_REQUEST_ID).body()
    content = {PROBLEM_TYPE: {"schema": _schema(), "example": example}}
    return {"description": meaning, "content": content}


def _schema() -> dict[str, Any]:
    """The schema of a problem in one piece: it is no part of any response model."""
    schema = Problem.model_json_schema()
    schema["properties"]["errors"]["anyOf"][0]["items"] = schema.pop("$defs")["Fault"]
    return schema
