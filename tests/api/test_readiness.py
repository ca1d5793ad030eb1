"""What it does while it cannot answer: it lives, says why, and tries again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from time import sleep

import httpx
import pytest
from fastapi import FastAPI

from api.access import EngineAccess
from api.app import create_app
from rag.errors import IndexUnavailable
from rag.indexing import build_index
from rag.settings import Settings, load_settings

Serving = Callable[[Callable[[], FastAPI]], AbstractContextManager[httpx.Client]]


def test_it_is_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["index"]["articles"] == 5


def test_an_index_that_appears_is_picked_up(serving: Serving, seeds: Path, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    with serving(lambda: create_app(settings)) as client:
        while (response := client.get("/readyz")).json().get("detail", "").startswith("still"):
            sleep(0.05)
        assert client.get("/healthz").status_code == 200
        for refused in (response, client.post("/ask", json={"question": "x"})):
            problem = refused.json()
            assert refused.status_code == problem["status"] == 503
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["retry-after"]
            assert problem["type"] == "urn:isnad:problem:index-missing"
            assert str(tmp_path) not in problem["detail"]
        build_index(settings, [seeds])
        assert client.get("/readyz").status_code == 200
        assert client.post("/ask", json={"question": "مرحبا"}).status_code == 200


def test_a_model_that_cannot_be_had_is_said(serving: Serving, home: Path, tmp_path: Path) -> None:
    settings = load_settings(home=home, embedding_model=str(tmp_path / "no-model"))
    with serving(lambda: create_app(settings)) as client:
        while (response := client.get("/readyz")).json().get("detail", "").startswith("still"):
            sleep(0.05)
        assert response.status_code == 503
        assert "no-model" in response.json()["detail"]
        assert str(tmp_path) not in response.json()["detail"]


def test_while_one_thread_opens_it_the_others_are_told(settings: Settings) -> None:
    access = EngineAccess(settings)
    with access._opening, pytest.raises(IndexUnavailable, match="starting"):
        access.engine()
    assert access.ready is None
    assert access.engine() is access.engine() is access.ready
    access.close()
    assert access.ready is None
