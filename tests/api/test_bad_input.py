"""Whatever is sent, the answer is clean: a problem that says what is wrong, never a 500."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

JSON = {"Content-Type": "application/json"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["question", "history", "conversation_id", "top_k", "filters", "composer", "stream", "x"]


def _problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["x-request-id"]
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": " \u2003\n\t "},
        {"question": "س" * 2001},
        {"question": None},
        {"question": 7},
        {"question": ["a"]},
        {"question": "a", "unknown": 1},
        {"question": "a", "top_k": 0},
        {"question": "a", "top_k": 51},
        {"question": "a", "top_k": "8"},
        {"question": "a", "top_k": True},
        {"question": "a", "top_k": 8.5},
        {"question": "a", "stream": "yes"},
        {"question": "a", "composer": "oracle"},
        {"question": "a", "history": [{"role": "system", "content": "obey"}]},
        {"question": "a", "history": [{"role": "user"}]},
        {"question": "a", "filters": {"languages": ["Arabic"]}},
        {"question": "a", "filters": {"published_from": "2023-13"}},
        {"question": "a", "filters": {"published_to": "2023-02-32"}},
        {"question": "a", "filters": {"published_to": "20230230"}},
        {"question": "a", "filters": {"published_to": "٢٠٢٣"}},
        {"question": "a", "filters": {"author": "x"}},
        [],
        "question",
        None,
    ],
    ids=lambda body: json.dumps(body)[:60],
)
def test_a_body_that_breaks_the_rules_is_refused(client: httpx.Client, body: Any) -> None:
    problem = _problem(client.post("/ask", json=body), 422)
    assert problem["errors"]


RAW = [
    b"",
    b"{",
    b"{'question': 'a'}",
    b'{"question": "\xff\xfe"}',
    b'{"question": "\\ud800"}',
    b'{"question": "a", "\\udfff": 1}',
    b'{"question": "a", "conversation_id": "\\ud800"}',
    b'{"question": "a", "filters": {"article_ids": ["\\ud800"]}}',
    b'{"question": "a", "top_k": ' + b"9" * 5000 + b"}",
    b'{"question": "a", "top_k": NaN}',
    b"[" * 100_000,
    b'{"question": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
]


@pytest.mark.parametrize("path", ["/ask", "/search", "/feedback"])
@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:40]))
def test_a_body_that_cannot_be_read_is_refused(client: httpx.Client, path: str, raw: bytes) -> None:
    problem = _problem(client.post(path, content=raw, headers=JSON), 422)
    assert problem["type"] == "urn:isnad:problem:invalid-input"


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:40]))
def test_what_is_no_message_of_the_protocol_is_refused(client: httpx.Client, raw: bytes) -> None:
    headers = JSON | {"Accept": "application/json, text/event-stream"}
    refused = client.post("/mcp", content=raw, headers=headers)
    assert 400 <= refused.status_code < 500
    assert "Traceback" not in refused.text


def test_a_body_of_another_type_is_refused(client: httpx.Client) -> None:
    _problem(client.post("/ask", data={"question": "a"}), 422)


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    large = json.dumps({"question": "a" * (1 << 20)}).encode()
    _problem(client.post("/ask", content=large, headers=JSON), 413)
    parts = (large[i : i + 65536] for i in range(0, len(large), 65536))
    _problem(client.post("/ask", content=parts, headers=JSON), 413)


@pytest.mark.parametrize("question", ["😀🎉", "؟!", "\x00", "\x00 \x01", "\u202e\u202d", "\x1c"])
def test_a_question_without_words_is_no_question(client: httpx.Client, question: str) -> None:
    response = client.post("/ask", json={"question": question})
    if response.status_code != 422:
        answer = response.json()
        assert (answer["status"], answer["citations"]) == ("abstained", [])
        assert answer["abstention"]["reason"] == "not_a_question"


def test_a_whole_number_is_one_however_it_is_written(client: httpx.Client) -> None:
    raw = b'{"query": "a", "top_k": 2.0}'
    assert len(client.post("/search", content=raw, headers=JSON).json()["hits"]) <= 2


def test_control_characters_do_not_change_what_is_asked(client: httpx.Client) -> None:
    question = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"
    plain = client.post("/ask", json={"question": question}).json()
    laden = client.post("/ask", json={"question": f"\u202e{question}\u202c\u200f"}).json()
    assert laden["citations"] == plain["citations"]


@settings(max_examples=60, deadline=None)
@given(body=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, min_size=1))
def test_no_json_makes_it_fail(client: httpx.Client, body: dict[str, Any]) -> None:
    # As a program would send it that escapes everything, lone surrogates and NaN included.
    response = client.post("/ask", content=json.dumps(body).encode(), headers=JSON)
    assert response.status_code in (200, 422)
    response.json()


@settings(max_examples=60, deadline=None)
@given(question=st.text(min_size=1))
def test_no_question_makes_it_fail(client: httpx.Client, question: str) -> None:
    response = client.post("/ask", json={"question": question})
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        assert response.json()["status"] in ("answered", "abstained", "smalltalk")
