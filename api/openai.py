"""Routes that speak as OpenAI's API does: ``/v1/chat/completions`` and ``/v1/models``.

https://platform.openai.com/docs/api-reference/chat
"""

import json
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.sse import format_sse_event
from starlette.exceptions import HTTPException

from api import examples
from api.access import Access
from api.footnotes import footnotes
from api.growing import growing, whole
from api.openai_schemas import ChatBody, CompletionBody, ModelBody, ModelsBody
from api.openapi import openai_errors, success
from api.problems import describe, openai_error
from api.stream import patient_stream, pieces
from api.watching import note_question
from rag.answer.body import answer_body
from rag.records import Answer

router = APIRouter(
    prefix="/v1", tags=["OpenAI"], responses=openai_errors(HTTPStatus.SERVICE_UNAVAILABLE)
)
_MODEL = "isnad"
# Clients want a time; there is none to tell but the year in which Isnad began.
_MODEL_MADE = 1767225600


@router.post(
    "/chat/completions",
    response_model=CompletionBody,
    summary="Ask as OpenAI's clients do",
    response_description="The answer, its sources as footnotes in the text and as `citations`. "
    "Where `stream` is true: chunks, the last with `citations`, then `[DONE]`.",
    responses=openai_errors(
        HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )
    | success(
        answered=examples.COMPLETION,
        also={"text/event-stream": {"itemSchema": {"type": "object"}, "example": examples.CHUNKS}},
    ),
)
async def chat(body: ChatBody, access: Access, request: Request) -> dict[str, Any] | Response:
    """The last message is the question, the ones before make sense of it.

    What system messages demand and parameters like `temperature` are taken and change nothing.
    """
    question = body.record()
    note_question(request, question.text)
    here = str(request.base_url).rstrip("/")
    if body.stream:
        return await patient_stream(
            growing(access, question),
            lambda answer, before: map(_event, _chunks(answer, before)),
            lambda answer: _last(answer, body, here),
            failed=lambda error: _event(openai_error(describe(error, request))),
        )
    return _completion(await whole(access, question, request), body, here)


@router.get("/models", response_model=ModelsBody, summary="List the models")
async def models() -> dict[str, Any]:
    """There is one, whatever it is asked as."""
    return {"object": "list", "data": [_model()]}


@router.get(
    "/models/{model}",
    response_model=ModelBody,
    summary="Look at a model",
    responses=openai_errors(HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST),
)
async def model(model: str = Path(description="its id", examples=[_MODEL])) -> dict[str, Any]:
    """The one there is."""
    if model != _MODEL:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no model but {_MODEL}")
    return _model()


def _model() -> dict[str, Any]:
    return {"id": _MODEL, "object": "model", "created": _MODEL_MADE, "owned_by": "isnad"}


def _usage(body: ChatBody, answer: Answer, notes: str) -> dict[str, int]:
    prompt = sum(len(message.text.split()) for message in body.messages)
    completion = len(_content(answer, notes).split())
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _content(answer: Answer, notes: str) -> str:
    return f"{answer.reply.text}\n\n{notes}" if notes else answer.reply.text


def _ours(answer: Answer) -> dict[str, Any]:
    """What is known beyond the text."""
    body = answer_body(answer)
    return {name: body[name] for name in ("status", "citations", "abstention")}


def _head(answer: Answer, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": kind,
        "created": int(time.time()),
        "model": _MODEL,
    }


def _notes(answer: Answer, here: str) -> str:
    return footnotes(answer, lambda citation: here + citation.view_url)


def _completion(answer: Answer, body: ChatBody, here: str) -> dict[str, Any]:
    notes = _notes(answer, here)
    message = {"role": "assistant", "content": _content(answer, notes), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    head = _head(answer, "chat.completion")
    usage = {"usage": _usage(body, answer, notes)}
    return head | {"choices": [choice]} | usage | _ours(answer)


def _chunk(answer: Answer, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _head(answer, "chat.completion.chunk") | {"choices": [choice]}


def _chunks(answer: Answer, before: Answer | None) -> Iterator[dict[str, Any]]:
    """What ``answer`` adds to its state ``before``, in pieces."""
    if before is None:
        yield _chunk(answer, {"role": "assistant", "content": ""})
    said = before.reply.text if before else ""
    for piece in pieces(answer.reply.text.removeprefix(said)):
        yield _chunk(answer, {"content": piece})


def _last(answer: Answer, body: ChatBody, here: str) -> Iterator[bytes]:
    """The footnotes in pieces, then the chunk that carries the sources, and the end."""
    notes = _notes(answer, here)
    for piece in pieces(_content(answer, notes).removeprefix(answer.reply.text)):
        yield _event(_chunk(answer, {"content": piece}))
    yield _event(_chunk(answer, {}, "stop") | _ours(answer))
    if body.stream_options is not None and body.stream_options.include_usage:
        usage = {"choices": [], "usage": _usage(body, answer, notes)}
        yield _event(_head(answer, "chat.completion.chunk") | usage)
    yield format_sse_event(data_str="[DONE]")


def _event(data: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False))
