"""The window and the API share one process, and neither takes the other's paths."""

import os

import httpx
import pytest
from gradio.queueing import Queue


def test_the_window_is_at_the_root(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "إسناد" in page.text
    assert client.head("/").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/articles", "/docs", "/openapi.json"])
def test_the_api_keeps_its_routes(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/ask", 405), ("GET", "/nothing", 404), ("GET", "/articles/x", 404),
     ("POST", "/docs", 405), ("GET", "/ask/more", 404)],
)  # fmt: skip
def test_the_api_still_says_what_is_wrong(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_description_is_that_of_the_api_alone(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert not [path for path in paths if "gradio" in path]


def test_the_window_offers_no_api_of_its_own(client: httpx.Client) -> None:
    offered = client.get("/gradio_api/info").json()
    assert offered == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_nothing_is_reported_to_anyone() -> None:
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] in ("1", "True")  # Gradio sets it too


def test_gradio_still_calls_the_pause_between_looks_so() -> None:
    """`ui.window` sets what has no public name: setting what nobody reads would be no error."""
    assert "sleep_when_free" in Queue.start_processing.__code__.co_names
