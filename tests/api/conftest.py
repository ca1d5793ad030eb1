"""A real server over the five articles, and a real client of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import sleep

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from rag.settings import Settings

Serving = Callable[[Callable[[], FastAPI]], AbstractContextManager[httpx.Client]]


@pytest.fixture(scope="session")
def client(settings: Settings, serving: Serving) -> Iterator[httpx.Client]:
    with serving(lambda: create_app(settings)) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        yield client
