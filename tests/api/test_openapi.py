"""What is said about the API is complete, true, and asks nothing of another host."""

import re
from typing import Any

import httpx
import pytest

from api import examples, openai_schemas, schemas
from api.openai_schemas import ErrorBody

OPERATIONS = [
    ("/ask", "post"), ("/search", "post"), ("/articles", "get"), ("/articles", "post"),
    ("/articles/{article_id}", "delete"), ("/articles/{article_id}", "get"),
    ("/articles/{article_id}/text", "get"), ("/healthz", "get"), ("/readyz", "get"), ("/metrics", "get"),
    ("/feedback", "post"),
    ("/v1/chat/completions", "post"), ("/v1/models", "get"), ("/v1/models/{model}", "get"),
]  # fmt: skip


@pytest.fixture(scope="module")
def openapi(client: httpx.Client) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/openapi.json").json()
    return described


def test_every_route_is_described(openapi: dict[str, Any]) -> None:
    described = [(path, verb) for path, verbs in openapi["paths"].items() for verb in verbs]
    assert sorted(described) == sorted(OPERATIONS)


@pytest.mark.parametrize(("path", "verb"), OPERATIONS)
def test_a_route_tells_its_purpose_and_its_problems(
    openapi: dict[str, Any], path: str, verb: str
) -> None:
    operation = openapi["paths"][path][verb]
    assert operation["summary"]
    assert operation["description"]
    assert "200" in operation["responses"]
    for status, response in operation["responses"].items():
        assert response["description"]
        if status != "200":
            ((media_type, told),) = response["content"].items()
            if path.startswith("/v1/"):
                assert media_type == "application/json"
                ErrorBody.model_validate(told["example"])
            else:
                assert media_type == "application/problem+json"
                assert told["example"]["status"] == int(status)


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (schemas.AnswerBody, examples.ANSWER),
        (schemas.AnswerBody, examples.ABSTENTION),
        (schemas.HitsBody, examples.HITS),
        (schemas.DocumentBody, examples.DOCUMENT),
        (schemas.KeptFeedbackBody, examples.FEEDBACK),
        (schemas.ReadyBody, examples.READY),
        (openai_schemas.CompletionBody, examples.COMPLETION),
        (openai_schemas.ModelBody, examples.MODEL),
    ],
)
def test_the_examples_are_as_described(model: Any, example: dict[str, Any]) -> None:
    model.model_validate(example)


def test_every_field_of_a_request_is_described(openapi: dict[str, Any]) -> None:
    for name in ("AskBody", "SearchBody", "FiltersBody", "FeedbackBody"):
        schema = openapi["components"]["schemas"][name]
        assert schema["additionalProperties"] is False
        for field, described in schema["properties"].items():
            assert described.get("description") or "$ref" in described, f"{name}.{field}"


def test_limits_are_told(openapi: dict[str, Any]) -> None:
    top_k = openapi["components"]["schemas"]["AskBody"]["properties"]["top_k"]
    assert (top_k["minimum"], top_k["maximum"], top_k["default"]) == (1, 50, 8)


def test_the_page_of_the_docs_stays_at_home(client: httpx.Client) -> None:
    page = client.get("/docs").text
    fetched = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(fetched) == 3
    for address in fetched:
        assert address.startswith("data:") or client.get(address).status_code == 200
    assert "://" not in page
    assert '"validatorUrl": null' in page
