"""The promises of the contract over HTTP, on every public gold question."""

import re
from dataclasses import asdict
from typing import Any

import httpx
import pytest

from api.schemas import AnswerBody
from rag.evaluation.gold import GoldQuestion
from rag.records import MARKER

QUESTION = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"


@pytest.fixture(scope="module")
def answers(client: httpx.Client, gold: list[GoldQuestion]) -> list[dict[str, Any]]:
    bodies = [{"question": g.text, "history": [asdict(turn) for turn in g.history]} for g in gold]
    responses = [client.post("/ask", json=body) for body in bodies]
    assert {response.status_code for response in responses} == {200}
    return [response.json() for response in responses]


def test_every_body_is_as_described(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        AnswerBody.model_validate(answer)
    assert {answer["status"] for answer in answers} == {"answered", "abstained"}


def test_an_answer_is_cited_and_an_abstention_claims_nothing(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        if answer["status"] == "answered":
            assert answer["abstention"] is None
            assert answer["statements"]
            assert all(statement["citations"] for statement in answer["statements"])
        else:
            assert answer["statements"] == answer["citations"] == []
            assert not MARKER.search(answer["answer"])
            assert answer["abstention"]["message"]
            assert all("number" not in near for near in answer["abstention"]["closest"])


def test_every_quote_is_a_slice_of_the_text_that_is_served(
    answers: list[dict[str, Any]], client: httpx.Client
) -> None:
    listed = client.get("/articles").json()["articles"]
    texts = {a["id"]: client.get(f"/articles/{a['id']}/text").text for a in listed}
    for answer in answers:
        near = answer["abstention"]["closest"] if answer["abstention"] else []
        for citation in answer["citations"] + near:
            text = texts[citation["article"]["id"]]
            assert citation["quote"] == text[citation["start"] : citation["end"]] != ""


def test_numbers_run_in_order_and_every_marker_resolves(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        numbers = [citation["number"] for citation in answer["citations"]]
        markers = [int(marker) for marker in re.findall(r"\[(\d+)\]", answer["answer"])]
        assert numbers == list(range(1, len(numbers) + 1)) == list(dict.fromkeys(markers))
        assert len(MARKER.findall(answer["answer"])) == len(markers)


def test_a_view_url_leads_to_the_article_with_the_quote_marked(
    answers: list[dict[str, Any]], client: httpx.Client
) -> None:
    citation = next(answer["citations"][0] for answer in answers if answer["citations"])
    page = client.get(citation["view_url"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert '<mark id="quote">' in page.text


def test_small_talk_says_nothing_about_the_world(client: httpx.Client) -> None:
    answer = client.post("/ask", json={"question": "مرحبا"}).json()
    assert (answer["status"], answer["language"], answer["direction"]) == ("smalltalk", "ar", "rtl")
    assert answer["statements"] == answer["citations"] == []
    assert answer["abstention"] is None


def test_a_conversation_keeps_its_id(client: httpx.Client) -> None:
    first = client.post("/ask", json={"question": QUESTION}).json()
    body = {"question": QUESTION, "conversation_id": first["conversation_id"]}
    second = client.post("/ask", json=body).json()
    assert second["conversation_id"] == first["conversation_id"]
    assert second["id"] != first["id"]


def test_filters_restrict_what_is_quoted(client: httpx.Client) -> None:
    some, other = (a["id"] for a in client.get("/articles").json()["articles"][:2])
    for article in (some, other):
        body = {"query": QUESTION, "filters": {"article_ids": [article]}}
        hits = client.post("/search", json=body).json()["hits"]
        assert {hit["article"]["id"] for hit in hits} == {article}
    nothing = {"question": QUESTION, "filters": {"published_from": "2100"}}
    assert client.post("/ask", json=nothing).json()["status"] == "abstained"


def test_a_search_gives_slices_best_first(client: httpx.Client) -> None:
    hits = client.post("/search", json={"query": QUESTION, "top_k": 3}).json()["hits"]
    assert len(hits) == 3
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)
    for hit in hits:
        text = client.get(f"/articles/{hit['article']['id']}/text").text
        assert hit["text"] == text[hit["start"] : hit["end"]]


def test_a_composer_that_is_not_set_up_is_said(client: httpx.Client) -> None:
    response = client.post("/ask", json={"question": QUESTION, "composer": "llm"})
    assert response.status_code == 422
    assert response.json()["type"] == "urn:isnad:problem:composer-unavailable"
