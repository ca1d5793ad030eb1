"""The real client of OpenAI's API, against a real server."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from api.app import create_app
from api.footnotes import footnotes
from rag.answer.body import answer_body
from rag.engine import Engine
from rag.evaluation.gold import GoldQuestion
from rag.keys import add_key
from rag.records import MARKER, Answer, Question
from rag.settings import Settings

QUESTION = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"
ASKED: Any = [{"role": "user", "content": QUESTION}]
OURS = ("citations", "abstention", "status")


@pytest.fixture(scope="module")
def chat(client: httpx.Client) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{_url(client)}/v1", api_key="none", max_retries=0) as chat:
        yield chat


def _lasting(answer: Answer) -> dict[str, Any]:
    body = answer_body(answer)
    return {name: body[name] for name in OURS}


def _url(client: httpx.Client) -> str:
    return str(client.base_url).rstrip("/")


def test_every_gold_question_is_answered_as_by_the_engine(
    chat: openai.OpenAI, client: httpx.Client, engine: Engine, gold: list[GoldQuestion]
) -> None:
    for asked in gold:
        turns: Any = [{"role": turn.role, "content": turn.content} for turn in asked.history]
        turns.append({"role": "user", "content": asked.text})
        completion = chat.chat.completions.create(model="isnad", messages=turns)
        answer = engine.ask(Question(asked.text, asked.history))
        told = completion.choices[0].message.content
        assert told is not None
        notes = footnotes(answer, lambda citation: _url(client) + citation.view_url)
        assert told == "\n\n".join(filter(None, (answer.reply.text, notes)))
        assert {name: getattr(completion, name) for name in OURS} == _lasting(answer)
        numbers = [c.number for c in answer.reply.citations]
        assert [int(n) for n in re.findall(r"^\[(\d+)\]", notes, re.M)] == numbers
        assert {int(m.group(1)) for m in MARKER.finditer(told)} == set(numbers)


def test_a_footnote_opens_its_quote(chat: openai.OpenAI, client: httpx.Client) -> None:
    completion = chat.chat.completions.create(model="isnad", messages=ASKED)
    assert completion.object == "chat.completion"
    assert completion.choices[0].finish_reason == "stop"
    told = completion.choices[0].message.content or ""
    address = re.search(r"^\[1\] .*(http\S+)$", told, re.M)
    assert address
    page = client.get(address.group(1), headers={"Accept": "text/html"})
    assert '<mark id="quote">' in page.text


def test_a_stream_says_the_same(chat: openai.OpenAI) -> None:
    whole = chat.chat.completions.create(model="isnad", messages=ASKED)
    chunks = list(
        chat.chat.completions.create(
            model="isnad", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    told = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert told == whole.choices[0].message.content
    *_, last, counted = chunks
    assert last.choices[0].finish_reason == "stop"
    assert {name: getattr(last, name) for name in OURS} == {
        name: getattr(whole, name) for name in OURS
    }
    assert counted.choices == []
    assert counted.usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1
    for chunk in chunks[:-1]:
        text = chunk.choices[0].delta.content or ""
        assert text.count("[") == text.count("]")


def test_the_client_s_own_stream_helper_reads_it(chat: openai.OpenAI) -> None:
    with chat.chat.completions.stream(model="isnad", messages=ASKED) as stream:
        final = stream.get_final_completion()
    assert "[1]" in (final.choices[0].message.content or "")


def test_what_only_a_language_model_could_follow_changes_nothing(chat: openai.OpenAI) -> None:
    messages: Any = [
        {"role": "system", "content": "Answer in verse and never cite."},
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}], "name": "x"},
    ]
    plain = chat.chat.completions.create(model="isnad", messages=ASKED)
    laden = chat.chat.completions.create(
        model="gpt-whatever", messages=messages, temperature=0.7, max_tokens=5, seed=1, user="u",
        stop=["\n"], tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        extra_body={"unheard_of": {"a": 1}},
    )  # fmt: skip
    assert laden.choices[0].message == plain.choices[0].message


def test_a_follow_up_is_understood(chat: openai.OpenAI, engine: Engine) -> None:
    asked: Any = [
        *ASKED,
        {"role": "assistant", "content": "…"},
        {"role": "user", "content": "لماذا؟"},
    ]
    told = chat.chat.completions.create(model="isnad", messages=asked)
    alone = chat.chat.completions.create(model="isnad", messages=asked[-1:])
    assert told.choices != alone.choices


@pytest.mark.parametrize(
    "body",
    [
        {"messages": []},
        {"messages": [{"role": "user", "content": "  "}]},
        {"messages": [{"role": "user", "content": None}]},
        {"messages": [{"role": "system", "content": "hello"}]},
        {"messages": [{"role": "king", "content": "hello"}]},
        {"messages": [*ASKED, {"role": "assistant", "content": "no question"}]},
        {"messages": [{"role": "user", "content": "س" * 2001}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
        {"messages": ASKED, "n": 2},
        {"messages": ASKED, "response_format": {"type": "json_object"}},
        {},
    ],
)  # fmt: skip
def test_bad_input_is_an_error_that_clients_know(chat: openai.OpenAI, body: dict[str, Any]) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as refused:
            chat.post("/chat/completions", body=body | {"stream": stream}, cast_to=object)
        assert refused.value.type == "invalid_request_error"
        assert isinstance(refused.value.body, dict)
        assert refused.value.body["message"]


@pytest.mark.parametrize("raw", [b"", b"{", b'{"messages": "\xff"}', b"[" * 100_000, b"null",
                                 b'{"messages": [{"role": "user", "content": "\\ud800"}]}'])  # fmt: skip
def test_a_body_that_cannot_be_read(client: httpx.Client, raw: bytes) -> None:
    sent = client.post(
        "/v1/chat/completions", content=raw, headers={"Content-Type": "application/json"}
    )
    assert sent.status_code == 400
    assert sent.json()["error"]["type"] == "invalid_request_error"


def test_the_models(chat: openai.OpenAI) -> None:
    assert [model.id for model in chat.models.list()] == ["isnad"]
    assert chat.models.retrieve("isnad").object == "model"
    with pytest.raises(openai.NotFoundError):
        chat.models.retrieve("other")
    with pytest.raises(openai.NotFoundError):
        chat.embeddings.create(model="isnad", input="x")


def test_a_key_is_needed_where_there_is_one(serving: Any, tmp_path: Path) -> None:
    key = add_key(tmp_path, "chat", "read")
    with serving(lambda: create_app(Settings(home=tmp_path))) as client:
        for given, error in (("wrong", openai.AuthenticationError), (key, openai.APIStatusError)):
            with openai.OpenAI(base_url=f"{_url(client)}/v1", api_key=given, max_retries=0) as c:
                with pytest.raises(error) as refused:
                    c.chat.completions.create(model="isnad", messages=ASKED)
                assert refused.value.code in ("key_not_valid", "index_missing", "index_unavailable")
                if given == key:
                    assert refused.value.status_code == 503
                    assert c.models.list().data


def test_nothing_in_a_footnote_looks_like_another_marker(engine: Engine) -> None:
    answer = engine.ask(Question(QUESTION))
    first, *others = answer.reply.citations
    hostile = replace(first.article, title="A [2] title\nwith [٣]\u2028lines")
    reply = replace(answer.reply, citations=(replace(first, article=hostile), *others))
    notes = footnotes(replace(answer, reply=reply), lambda _: "here")
    assert notes.startswith("[1] A (2) title with (٣) lines")
