"""The same answer as server-sent events."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import anyio
import httpx
import pytest

from api import stream
from api.problems import Problem
from api.stream import added, answer_stream, ended
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
        for event in (*added(body), *ended(body)):
            if event.name == "citation":
                seen.append(event.data["number"])
            elif event.name == "delta":
                text = event.data["text"]
                assert text.count("[") == text.count("]")
                assert all(f"[{n}]" not in text for n in range(1, 9) if n not in seen)
        assert seen == [citation["number"] for citation in body["citations"]]


def test_what_grew_is_told_once(engine: Engine) -> None:
    """The events of the states that an answer grows through are those of the whole one."""
    body = answer_body(engine.ask(Question(QUESTION)))
    whole = list(added(body))
    text = "".join(event.data["text"] for event in whole if event.name == "delta")
    cut = text.index("[1]") + len("[1]")
    begun = body | {"answer": text[:cut], "citations": body["citations"][:1]}
    grown = [*added(begun), *added(body, begun)]
    assert "".join(e.data["text"] for e in grown if e.name == "delta") == body["answer"]
    assert [e.data for e in grown if e.name == "citation"] == body["citations"]
    assert [e.name for e in grown].count("meta") == 1


def test_an_error_on_the_way_ends_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.01)
    body = {"answer": "One. [1] ", "citations": [{"number": 1}]} | dict.fromkeys(stream._META, "")

    async def broken() -> AsyncGenerator[dict[str, Any]]:
        yield body
        await anyio.sleep(0.1)
        raise RuntimeError("a secret")

    problem = Problem(type="about:blank", title="T", status=500, detail="told", request_id="r")

    async def sent() -> str:
        response = await answer_stream(broken(), on_error=lambda error: problem)
        parts = [part async for part in response.body_iterator]
        return "".join(part if isinstance(part, str) else bytes(part).decode() for part in parts)

    told = anyio.run(sent)
    assert ": ping\n\n" in told
    read = _read(told.replace(": ping\n\n", ""))
    assert [name for name, _ in read] == ["meta", "delta", "citation", "delta", "error"]
    assert read[-1][1] == problem.body()
