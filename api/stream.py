"""An answer as server-sent events: ``meta``, ``citation``, ``delta``, ``final``, ``done``.

Each citation comes before the text that uses it, no delta splits a marker, the deltas together
are the answer, and ``final`` is the body that would have been sent unstreamed.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from api import examples
from api.problems import Problem

T = TypeVar("T")

DESCRIPTION: dict[str, Any] = {
    "itemSchema": {
        "type": "object",
        "properties": {
            "event": {"enum": ["meta", "citation", "delta", "final", "done", "error"]},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
        "required": ["event", "data"],
    },
    "example": examples.STREAM,
}

_META = ("id", "conversation_id", "status", "question", "language", "direction", "composer",
         "model", "index")  # fmt: skip
# A word with the space after it. Our markers hold no space, so none is cut in two.
_PIECE = re.compile(r"\s*\S+\s*|\s+")
_MARKER = re.compile(r"\[(\d+)\]")


# Proxies commonly give up on a silent connection after 30 or 60 seconds.
HEARTBEAT_SECONDS = 10.0
# Told to proxies, which would otherwise hold events back.
NOT_HELD_BACK = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def pieces(text: str) -> list[str]:
    """``text`` cut where it may be sent in parts: no marker is split."""
    return _PIECE.findall(text)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name and its JSON data."""

    name: str
    data: dict[str, Any]


def events(body: dict[str, Any]) -> Iterator[Event]:
    """The events of the answer ``body``, in order."""
    yield Event("meta", {key: body[key] for key in _META})
    waiting = {citation["number"]: citation for citation in body["citations"]}
    for piece in pieces(body["answer"]):
        for number in _MARKER.findall(piece):
            if citation := waiting.pop(int(number), None):
                yield Event("citation", citation)
        yield Event("delta", {"text": piece})
    yield Event("final", body)
    yield Event("done", {})


async def answer_stream(
    answering: Coroutine[Any, Any, dict[str, Any]], *, on_error: Callable[[Exception], Problem]
) -> EventSourceResponse:
    """The answer that ``answering`` gives, as a response; see `patient_stream`."""
    return await patient_stream(
        answering,
        lambda body: _encoded(events(body), on_error),
        failed=lambda error: _failed(on_error(error)),
    )


async def patient_stream(
    making: Coroutine[Any, Any, T],
    parts: Callable[[T], AsyncIterator[bytes]],
    *,
    failed: Callable[[Exception], bytes],
) -> EventSourceResponse:
    """The ``parts`` of what ``making`` gives, as a response.

    What is there soon, or fails soon, is told before anything is sent, so that a failure has its
    status; later it is told as ``failed`` says. Till then the stream consists of comments that keep
    proxies and clients from giving up.
    """
    task = asyncio.create_task(making)
    try:
        await asyncio.wait({task}, timeout=HEARTBEAT_SECONDS)
        if task.done():
            return EventSourceResponse(parts(task.result()), headers=NOT_HELD_BACK)
    except asyncio.CancelledError:
        task.cancel()
        raise
    return EventSourceResponse(_late(task, parts, failed), headers=NOT_HELD_BACK)


async def _late(
    task: asyncio.Task[T],
    parts: Callable[[T], AsyncIterator[bytes]],
    failed: Callable[[Exception], bytes],
) -> AsyncIterator[bytes]:
    try:
        while not task.done():
            yield KEEPALIVE_COMMENT
            await asyncio.wait({task}, timeout=HEARTBEAT_SECONDS)
        made = task.result()
    except Exception as error:
        yield failed(error)
        return
    finally:
        task.cancel()  # where the client has gone: nobody waits for the answer any more
    async for part in parts(made):
        yield part


def event_stream(
    stream: Iterable[Event], *, on_error: Callable[[Exception], Problem]
) -> EventSourceResponse:
    """``stream`` as a response; an error on the way ends it with an ``error`` event."""
    return EventSourceResponse(_encoded(stream, on_error), headers=NOT_HELD_BACK)


# Asynchronous, though nothing is waited for: the framework takes each step of a plain iterator to a
# thread and back.
async def _encoded(
    stream: Iterable[Event], on_error: Callable[[Exception], Problem]
) -> AsyncIterator[bytes]:
    try:
        for event in stream:
            yield _bytes(event.name, event.data)
    except Exception as error:  # the status line is sent: this is the only way left to tell
        yield _failed(on_error(error))


def _failed(problem: Problem) -> bytes:
    return _bytes("error", problem.body())


def _bytes(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
