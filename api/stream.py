"""An answer as server-sent events: ``meta``, ``citation``, ``delta``, ``final``, ``done``.

Each citation comes before the text that uses it, no delta splits a marker, the deltas together
are the answer, and ``final`` is the body that would have been sent unstreamed.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.sse import EventSourceResponse, format_sse_event

from api import examples
from api.problems import Problem

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


def event_stream(
    stream: Iterable[Event], *, on_error: Callable[[Exception], Problem]
) -> EventSourceResponse:
    """``stream`` as a response; an error on the way ends it with an ``error`` event."""
    return EventSourceResponse(_encoded(stream, on_error), headers=NOT_HELD_BACK)


def _encoded(stream: Iterable[Event], on_error: Callable[[Exception], Problem]) -> Iterator[bytes]:
    try:
        for event in stream:
            yield _bytes(event.name, event.data)
    except Exception as error:  # the status line is sent: this is the only way left to tell
        yield _bytes("error", on_error(error).model_dump(exclude_none=True))


def _bytes(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
