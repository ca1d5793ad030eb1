"""Opening the window in a browser, as a visitor who notices everything that goes wrong."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
# How long the machine may take says nothing of the window.
_PATIENCE_MS = 120_000
expect.set_options(timeout=_PATIENCE_MS)

# What Gradio calls an error when a page goes and its streams go with it.
_BROKEN_OFF = ("AbortError: signal is aborted", "Connection errored out")

Serving = Callable[..., AbstractContextManager[httpx.Client]]
Visit = Callable[..., AbstractContextManager[Page]]


@contextmanager
def visiting(
    browser: Browser,
    address: str,
    locale: str,
    *,
    width: int = 1280,
    height: int = 800,
    path: str = "/",
    ready: str = ".first, .turn",
    told: tuple[int, ...] = (),
    **options: Any,
) -> Iterator[Page]:
    """The window at ``path`` for a visitor of his own. On leaving, nothing may have gone wrong, but
    that the server refused something with one of the statuses in ``told``; and, where the page was
    loaded anew, that Gradio calls its own streams, which that breaks off, an error."""
    view = {"width": width, "height": height}
    context = browser.new_context(locale=locale, viewport=view, **options)
    context.set_default_timeout(_PATIENCE_MS)
    wrong = watched(context, address, told)
    try:
        page = context.new_page()
        loads: list[Page] = []
        page.on("domcontentloaded", lambda page: loads.append(page))
        page.goto(f"{address}{path}")
        expect(page.locator(ready).first).to_be_visible()
        yield page
    finally:  # a page that is left open holds the server
        context.close()
    if len(loads) > 1:
        wrong = [what for what in wrong if not any(known in what for known in _BROKEN_OFF)]
    assert not wrong, wrong


def watched(context: BrowserContext, address: str, told: tuple[int, ...] = ()) -> list[str]:
    """What goes wrong, from now on: errors, dialogs, requests to other hosts."""
    wrong: list[str] = []
    refused = tuple(f"status of {status} " for status in told)
    context.on("request", lambda r: wrong.append(r.url) if elsewhere(r.url, address) else None)
    context.on(
        "console",
        lambda m: (
            wrong.append(m.text)
            if m.type == "error" and not any(status in m.text for status in refused)
            else None
        ),
    )
    context.on("weberror", lambda e: wrong.append(str(e.error)))
    context.on("dialog", lambda d: wrong.append(d.message))
    return wrong


def elsewhere(url: str, address: str) -> bool:
    """Whether ``url`` leads to another host."""
    return urlsplit(url).scheme not in ("data", "blob") and not url.startswith(address)


def ask(page: Page, question: str) -> None:
    """Ask in the window, and wait for all that comes of it."""
    turns = page.locator(".turn")
    before = turns.count()
    page.locator(".ask textarea").fill(question)
    page.keyboard.press("Enter")
    expect(turns).to_have_count(before + 1)
    whole(page)


def whole(page: Page) -> None:
    """Wait for the answer that is on its way."""
    expect(page.locator("button.send")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def barriers(page: Page) -> list[str]:
    """What axe-core finds, where it is serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
        if one["impact"] in ("serious", "critical")
    ]
