"""The same answer as server-sent events."""

import json
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest

from api.problems import Problem
from api.stream import Event, event_stream, events
from rag.answer.body import answer_body
from rag.engine import Engine
from rag.evaluation.gold import GoldQuestion
from rag.records import Question

QUESTION = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"


def _read(text: str) -> list[tuple[str, Any]]:
    """Events from the wire, by the definition: a name line and a data line, then a blank one."""
    read = []
    for block in text.removesuffix("\n\n").split("\n\n"):
        name, data = block.split("\n")
        read.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return read


def _lasting(body: dict[str, Any]) -> dict[str, Any]:
    """What two answers to the same question have in common."""
    return {k: v for k, v in body.items() if k not in ("id", "conversation_id", "timings_ms")}


@pytest.mark.parametrize(
    ("asked", "accept"),
    [({"stream": True}, "*/*"), ({}, "text/event-stream")],
    ids=["in the body", "in the header"],
)
def test_a_stream_tells_what_the_body_tells(
    client: httpx.Client, asked: dict[str, bool], accept: str
) -> None:
    body = client.post("/ask", json={"question": QUESTION}).json()
    response = client.post("/ask", json={"question": QUESTION, **asked}, headers={"Accept": accept})
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "\\u" not in response.text
    read = _read(response.text)
    names = [name for name, _ in read]
    assert (names[0], names[-2:]) == ("meta", ["final", "done"])
    final = read[-2][1]
    assert _lasting(final) == _lasting(body)
    assert "".join(data["text"] for name, data in read if name == "delta") == body["answer"]
    assert read[0][1].items() <= final.items()


def test_each_citation_comes_before_its_marker_and_no_marker_is_split(
    engine: Engine, gold: list[GoldQuestion]
) -> None:
    for asked in gold:
        body = answer_body(engine.ask(Question(asked.text, asked.history)))
        seen: list[int] = []
        for event in events(body):
            if event.name == "citation":
                seen.append(event.data["number"])
            elif event.name == "delta":
                text = event.data["text"]
                assert text.count("[") == text.count("]")
                assert all(f"[{n}]" not in text for n in range(1, 9) if n not in seen)
        assert seen == [citation["number"] for citation in body["citations"]]


def test_an_error_on_the_way_ends_the_stream() -> None:
    def broken() -> Iterator[Event]:
        yield Event("meta", {})
        raise RuntimeError("a secret")

    problem = Problem(type="about:blank", title="T", status=500, detail="told", request_id="r")
    response = event_stream(broken(), on_error=lambda error: problem)

    async def sent() -> str:
        parts = [part async for part in response.body_iterator]
        return "".join(part if isinstance(part, str) else bytes(part).decode() for part in parts)

    read = _read(anyio.run(sent))
    assert [name for name, _ in read] == ["meta", "error"]
    assert read[1][1] == problem.body()
