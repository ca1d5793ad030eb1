"""The whole application on a real server, its window in a real browser."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import sleep

import httpx
import pytest
from fastapi import FastAPI

from rag.settings import Settings
from ui.app import create_app

Serving = Callable[[Callable[[], FastAPI]], AbstractContextManager[httpx.Client]]


@pytest.fixture(scope="session")
def client(settings: Settings, serving: Serving) -> Iterator[httpx.Client]:
    """A client of the application, ready to answer."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ISNAD_HOME", str(settings.home))
        with serving(create_app) as client:
            while client.get("/readyz").status_code != 200:
                sleep(0.05)
            yield client


@pytest.fixture(scope="session")
def address(client: httpx.Client) -> str:
    """Where the application is served."""
    return str(client.base_url).rstrip("/")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine; on Debian: apt-get install chromium")
    return path
