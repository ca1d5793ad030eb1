"""The protocol's real client, over HTTP and over stdio."""

import os
import re
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from api.app import create_app
from api.schemas import AnswerBody, HitsBody
from rag.answer.body import answer_body
from rag.engine import Engine
from rag.evaluation.gold import GoldQuestion
from rag.keys import add_key
from rag.records import MARKER, Question
from rag.settings import Settings

QUESTION = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"
Using = Callable[[Callable[[Client], Awaitable[Any]]], Any]


@pytest.fixture(params=["http", "stdio"])
def using(request: pytest.FixtureRequest, client: httpx.Client, home: Path) -> Using:
    """Run a function with a connected client."""
    command = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from rag.cli import main; main()", "mcp", "--home", str(home)],
        env=dict(os.environ),
    )
    url = str(client.base_url).rstrip("/") + "/mcp"
    return _using(lambda: Client(url if request.param == "http" else command))


def _using(connect: Callable[[], AbstractAsyncContextManager[Client]]) -> Using:
    def run(work: Callable[[Client], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            async with connect() as client:
                return await work(client)

        return anyio.run(main)

    return run


def _text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def _lasting(body: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in body.items() if k not in ("id", "conversation_id", "timings_ms")}


def test_the_tools_are_described(using: Using) -> None:
    async def work(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search"}
        for tool in tools.values():
            assert tool.description
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert tool.output_schema
            assert all("description" in p or "$ref" in p or "anyOf" in p
                       for p in tool.input_schema["properties"].values())  # fmt: skip
        assert "cite" in (client.instructions or "") or "source" in (client.instructions or "")

    using(work)


def test_every_gold_question_is_answered_as_by_the_engine(
    using: Using, engine: Engine, gold: list[GoldQuestion]
) -> None:
    async def work(client: Client) -> None:
        for asked in gold:
            result = await client.call_tool("ask", {"question": asked.text})
            answer = engine.ask(Question(asked.text))
            assert not result.is_error
            assert result.structured_content is not None
            AnswerBody.model_validate(result.structured_content)
            assert _lasting(result.structured_content) == _lasting(answer_body(answer))
            told = _text(result)
            assert told.startswith(answer.reply.text)
            markers = {int(m.group(1)) for m in MARKER.finditer(told)}
            assert markers == {c.number for c in answer.reply.citations}
            assert len(re.findall(r"^\[\d+\] .*\.txt:\d+-\d+$", told, re.M)) == len(markers)

    using(work)


def test_a_search_and_its_filters(using: Using, engine: Engine) -> None:
    article = engine.articles()[0].id

    async def work(client: Client) -> None:
        result = await client.call_tool(
            "search",
            {"query": QUESTION, "top_k": 3, "filters": {"article_ids": [article]}},
        )
        hits = HitsBody.model_validate(result.structured_content).hits
        assert 0 < len(hits) <= 3
        assert {hit.article.id for hit in hits} == {article}
        assert all(hit.text in _text(result) for hit in hits)

    using(work)


def test_bad_input_is_told_and_breaks_nothing(using: Using) -> None:
    async def work(client: Client) -> None:
        for arguments in (
            {}, {"question": ""}, {"question": " "}, {"question": "س" * 2001}, {"question": 7},
            {"question": "a", "top_k": 0}, {"question": "a", "filters": {"languages": ["Arabic"]}},
        ):  # fmt: skip
            refused = await client.call_tool("ask", arguments)
            assert refused.is_error
            assert "Traceback" not in _text(refused)
        assert not (await client.call_tool("ask", {"question": QUESTION})).is_error

    using(work)


def test_over_http_a_key_is_needed_where_there_is_one(serving: Any, tmp_path: Path) -> None:
    add_key(tmp_path, "assistant", "read")
    with serving(lambda: create_app(Settings(home=tmp_path))) as client:
        assert client.post("/mcp", json={}).status_code == 401


def test_no_index_is_told_without_a_path(serving: Any, tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        refused = await client.call_tool("ask", {"question": QUESTION})
        assert refused.is_error
        assert "isnad index" in _text(refused) or "starting" in _text(refused)
        assert str(tmp_path) not in _text(refused)

    with serving(lambda: create_app(Settings(home=tmp_path))) as http:
        _using(lambda: Client(f"{str(http.base_url).rstrip('/')}/mcp"))(work)
