"""Errors of every kind, and what every response carries."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.problems import Problem, ProblemResponse
from rag.settings import Settings

Serving = Callable[[Callable[[], FastAPI]], AbstractContextManager[httpx.Client]]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/nothing", 404), ("GET", "/articles/x/y", 404), ("GET", "/ask", 405),
     ("PUT", "/articles", 405), ("POST", "/healthz", 405), ("GET", "/docs/assets/none.js", 404)],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(
    client: httpx.Client, method: str, address: str, status: int
) -> None:
    response = client.request(method, address)
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "about:blank"
    assert problem["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [("PUT", "/articles", "GET, POST"), ("POST", "/articles/x", "DELETE, GET"),
     ("DELETE", "/ask", "POST")],
)  # fmt: skip
def test_a_wrong_method_is_told_every_right_one(
    client: httpx.Client, method: str, address: str, allowed: str
) -> None:
    response = client.request(method, address)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)


def test_an_unforeseen_error_tells_nothing_of_the_inside(
    settings: Settings, serving: Serving
) -> None:
    app = create_app(settings)

    def fail() -> None:
        raise RuntimeError("a secret")

    app.add_api_route("/fail", fail)
    with serving(lambda: app) as client:
        response = client.get("/fail", headers={"X-Request-ID": "mine-1"})
    problem = response.json()
    assert response.status_code == problem["status"] == 500
    assert problem["request_id"] == response.headers["x-request-id"] == "mine-1"
    assert "secret" not in response.text
    assert "Traceback" not in response.text


def test_a_request_may_be_named_by_its_client(client: httpx.Client) -> None:
    named = client.get("/healthz", headers={"X-Request-ID": "a.B-1_2"})
    assert named.headers["x-request-id"] == "a.B-1_2"
    for unfit in ("", "a b", "<script>", "x" * 129):
        given = client.get("/healthz", headers={"X-Request-ID": unfit}).headers["x-request-id"]
        assert given not in ("", unfit)


@pytest.mark.parametrize("address", ["/healthz", "/docs", "/articles", "/nothing"])
def test_every_response_is_closed_to_other_hosts(client: httpx.Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_a_problem_can_be_read_whatever_it_quotes() -> None:
    problem = Problem(type="t", title="t", status=422, detail="\ud800 ق", request_id="r")
    assert '"detail": "? ق"' in bytes(ProblemResponse(problem).body).decode()
