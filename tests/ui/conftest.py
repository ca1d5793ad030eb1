"""The whole application on a real server, its window in a real browser."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from time import sleep
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from visiting import FLAGS, Serving, Visit, visiting

from rag.settings import Settings
from ui.app import create_app


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


# One for each file: while it is open no test of another file could run an event loop.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Visit:
    """Open the window: ``with visit("ar") as page``; see `visiting.visiting`."""

    def visit(locale: str, *, at: str = address, **options: Any) -> AbstractContextManager[Page]:
        return visiting(browser, at, locale, **options)

    return visit
