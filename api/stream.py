"""An answer as server-sent events: ``meta``, ``citation``, ``delta``, ``final``, ``done``.

Each citation comes before the text that uses it, no delta splits a marker, the deltas together
are the answer, and ``final`` is the body that would have been sent unstreamed.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
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


def added(body: dict[str, Any], before: dict[str, Any] | None = None) -> Iterator[Event]:
    """What the answer ``body`` tells beyond ``before``, an earlier state of it, in order."""
    if before is None:
        yield Event("meta", {key: body[key] for key in _META})
    said, cited = (before["answer"], before["citations"]) if before else ("", [])
    waiting = {citation["number"]: citation for citation in body["citations"][len(cited) :]}
    for piece in pieces(body["answer"].removeprefix(said)):
        for number in _MARKER.findall(piece):
            if citation := waiting.pop(int(number), None):
                yield Event("citation", citation)
        yield Event("delta", {"text": piece})


def ended(body: dict[str, Any]) -> Iterator[Event]:
    """What ends the stream of the answer ``body``."""
    yield Event("final", body)
    yield Event("done", {})


async def answer_stream(
    states: AsyncGenerator[dict[str, Any]], *, on_error: Callable[[Exception], Problem]
) -> EventSourceResponse:
    """The answer whose ``states`` are bodies; see `patient_stream`."""
    return await patient_stream(
        states,
        lambda body, before: map(_encoded, added(body, before)),
        lambda body: map(_encoded, ended(body)),
        failed=lambda error: _failed(on_error(error)),
    )


async def patient_stream(
    states: AsyncGenerator[T],
    added: Callable[[T, T | None], Iterable[bytes]],
    ended: Callable[[T], Iterable[bytes]],
    *,
    failed: Callable[[Exception], bytes],
) -> EventSourceResponse:
    """An answer whose ``states``, each the beginning of the next, end with the whole one, as a
    response: what each has ``added`` to the one before it, and what ends the last.

    What is there soon, or fails soon, is told before anything is sent, so that a failure has its
    status; later it is told as ``failed`` says. Till then the stream consists of comments that keep
    proxies and clients from giving up.
    """
    first = asyncio.create_task(_next(states))
    try:
        await asyncio.wait({first}, timeout=HEARTBEAT_SECONDS)
        if first.done():
            first.result()
    except BaseException:
        await _let_go(first, states)
        raise
    parts = told(first, states, added, ended, failed=failed)
    return EventSourceResponse(parts, headers=NOT_HELD_BACK)


async def told(
    awaited: "asyncio.Task[T | None]",
    states: AsyncGenerator[T],
    added: Callable[[T, T | None], Iterable[bytes]],
    ended: Callable[[T], Iterable[bytes]],
    *,
    failed: Callable[[Exception], bytes],
) -> AsyncIterator[bytes]:
    """The parts of a `patient_stream` whose first state is ``awaited``."""
    before: T | None = None
    try:
        while True:
            while not awaited.done():
                yield KEEPALIVE_COMMENT
                await asyncio.wait({awaited}, timeout=HEARTBEAT_SECONDS)
            state = awaited.result()
            if state is None:
                break
            awaited = asyncio.create_task(_next(states))
            for part in added(state, before):
                yield part
            before = state
            await asyncio.wait({awaited}, timeout=HEARTBEAT_SECONDS)
        assert before is not None
        for part in ended(before):
            yield part
    except Exception as error:  # the status line is sent: this is the only way left to tell
        yield failed(error)
    finally:  # where the client has gone, nobody waits for the answer any more
        await _let_go(awaited, states)


async def _next(states: AsyncGenerator[T]) -> T | None:
    return await anext(states, None)


async def _let_go(awaited: "asyncio.Task[T | None]", states: AsyncGenerator[T]) -> None:
    awaited.cancel()
    await asyncio.wait({awaited})
    await states.aclose()


def _encoded(event: Event) -> bytes:
    return _bytes(event.name, event.data)


def _failed(problem: Problem) -> bytes:
    return _bytes("error", problem.body())


def _bytes(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
