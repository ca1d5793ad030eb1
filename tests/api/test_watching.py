"""What is counted and logged, and that questions are not among it."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import sleep
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from rag.keys import add_key
from rag.settings import Settings

Serving = Callable[..., AbstractContextManager[httpx.Client]]
ANSWERED = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"


@pytest.fixture
def fresh(home: Any, serving: Serving) -> Iterator[httpx.Client]:
    """A server that has counted nothing yet."""
    with serving(lambda: create_app(Settings(home=home))) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.02)
        yield client


def _samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_answers_stages_and_the_index_are_counted(fresh: httpx.Client) -> None:
    for question in (ANSWERED, ANSWERED, "؟؟؟", "مرحبا"):
        fresh.post("/ask", json={"question": question})
    fresh.post("/ask", json={})
    fresh.get("/articles/none")
    fresh.get("/nothing/at/all")
    fresh.request("BREW", "/ask")
    told = fresh.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=")
    samples = _samples(told.text)

    def sample(name: str, **labels: str) -> float:
        return samples[name, frozenset(labels.items())]

    assert sample("isnad_requests_total", method="POST", route="/ask", status="200") == 4
    assert sample("isnad_requests_total", method="POST", route="/ask", status="422") == 1
    article = "/articles/{article_id}"
    assert sample("isnad_requests_total", method="GET", route=article, status="404") == 1
    assert sample("isnad_requests_total", method="GET", route="none", status="404") == 1
    assert sample("isnad_requests_total", method="other", route="/ask", status="405") == 1
    assert sample("isnad_request_seconds_count", route="/ask") == 6
    assert sample("isnad_answers_total", status="answered", reason="") == 2
    assert sample("isnad_answers_total", status="abstained", reason="not_a_question") == 1
    assert sample("isnad_answers_total", status="smalltalk", reason="") == 1
    for stage in ("embed", "search", "compose", "total"):
        assert sample("isnad_answer_seconds_count", stage=stage) == 4
    ready = fresh.get("/readyz").json()["index"]
    assert sample("isnad_index_articles") == ready["articles"] == 5
    assert sample("isnad_index_chunks") == ready["chunks"]
    assert sample("isnad_index_generation") == int(ready["version"].split("-")[0])


def test_openmetrics_where_it_is_asked_for(fresh: httpx.Client) -> None:
    fresh.get("/healthz")
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    assert {"isnad_requests", "isnad_index_chunks"} <= {
        family.name for family in openmetrics(fresh.get("/metrics", headers=accept).text)
    }


def test_the_window_s_questions_are_counted_too(home: Any) -> None:
    from api.access import EngineAccess
    from ui.chat import Conversation, ask

    access = EngineAccess(Settings(home=home))
    list(ask(access, Conversation(), ANSWERED, "ar"))
    told = access.metrics.registry.get_sample_value(
        "isnad_answers_total", {"status": "answered", "reason": ""}
    )
    assert told == 1


def test_a_request_is_one_line_without_what_was_asked(
    home: Any, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with serving(lambda: create_app(Settings(home=home))) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.02)
        for path, body in (
            ("/ask", {"question": ANSWERED}),
            ("/ask", {"question": ANSWERED, "stream": True}),
            ("/ask", {"question": ANSWERED, "top_k": 0}),
            ("/search", {"query": ANSWERED}),
            ("/v1/chat/completions", {"messages": [{"role": "user", "content": ANSWERED}]}),
            ("/nowhere", {"question": ANSWERED}),
        ):
            named = {"X-Request-ID": path.strip("/").replace("/", ".")}
            client.post(f"{path}?q={ANSWERED}", json=body, headers=named)
    # A line is written when its response has been sent, so the last only before the server ends.
    lines = [line for line in _lines(caplog) if line["method"] == "POST"]
    assert sorted((line["method"], line["route"], line["status"]) for line in lines) == [
        ("POST", "/ask", 200), ("POST", "/ask", 200), ("POST", "/ask", 422),
        ("POST", "/search", 200), ("POST", "/v1/chat/completions", 200), ("POST", "none", 404),
    ]  # fmt: skip
    assert all(line["ms"] > 0 for line in lines)
    assert {line["route"] for line in lines if line["request_id"] == "search"} == {"/search"}
    ours = "".join(r.getMessage() for r in caplog.records if not r.name.startswith("http"))
    assert "القبض" not in ours
    assert "%D9" not in ours


def test_questions_are_logged_where_that_is_wanted(
    tmp_path: Any, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    key = add_key(tmp_path, "phone", "read")
    with serving(lambda: create_app(Settings(home=tmp_path, log_questions=True))) as client:
        client.post("/ask", json={"question": ANSWERED}, headers={"X-API-Key": key})
        client.post("/ask", json={"question": ANSWERED})
    told, refused = _lines(caplog)
    assert (told["status"], told["question"], told["key"]) == (503, ANSWERED, "phone")
    assert (refused["status"], refused["key"]) == (401, None)
    assert "question" not in refused
    assert key not in caplog.text


def _lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(r.getMessage()) for r in caplog.records if r.name == "isnad.requests"]
