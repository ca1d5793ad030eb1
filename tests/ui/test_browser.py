"""The window in Debian's chromium, as a visitor uses it."""

from pathlib import Path
from time import sleep

import httpx
import pytest
from playwright.sync_api import Browser, expect
from visiting import Serving, Visit, ask, elsewhere

from rag.evaluation.gold import GoldQuestion
from ui.app import create_app

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> **b** `c` [x](y) $$z$$ & \u202eabc"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")])
def test_the_sources_on_the_page_are_those_of_the_api(
    visit: Visit, client: httpx.Client, gold: list[GoldQuestion], language: str, direction: str
) -> None:
    asked = (g.text for g in gold if g.language == language and not g.history)
    answers = (client.post("/ask", json={"question": question}).json() for question in asked)
    answer = next(answer for answer in answers if answer["status"] == "answered")
    with visit(language) as page:
        assert page.evaluate("document.documentElement.dir") == direction
        ask(page, answer["question"])
        reply = page.locator(".reply")
        assert reply.evaluate("e => getComputedStyle(e).direction") == direction
        quotes = page.locator(".sources .quote").evaluate_all("all => all.map(e => e.textContent)")
        assert quotes == [citation["quote"] for citation in answer["citations"]]
        links = page.locator("a.marker").evaluate_all("all => all.map(e => e.getAttribute('href'))")
        assert links == [f"{citation['view_url']}#quote" for citation in answer["citations"]]
        with page.expect_popup() as opened:
            page.locator("a.marker").first.click()
        assert opened.value.locator("#quote").text_content() == quotes[0]


def test_what_is_asked_is_shown_as_text_and_breaks_nothing(visit: Visit) -> None:
    with visit("ar", width=360, height=740) as page:
        for question in (HOSTILE, "س" * 1990, "x" * 10_000):
            ask(page, question)
            assert page.locator(".asked").last.text_content() == question
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            for part in (".asked", ".turn"):
                box = page.locator(part).last.bounding_box()
                assert box is not None
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= 360
        expect(page.locator(".notice")).to_have_count(1)


def test_an_empty_question_is_met_with_a_hint(visit: Visit) -> None:
    with visit("fr") as page:
        page.get_by_role("button", name="Demander").click()
        expect(page.get_by_placeholder("Écrivez d'abord votre question.")).to_be_visible()
        assert page.locator(".turn").count() == 0


def test_an_example_is_answered_and_a_new_conversation_is_empty(visit: Visit) -> None:
    with visit("ar") as page:
        page.locator(".example").first.click()
        expect(page.locator(".reply.answered")).to_be_visible()
        page.get_by_role("button", name="محادثة جديدة").click()
        expect(page.locator(".example").first).to_be_visible()
        assert page.locator(".turn").count() == 0


def test_the_docs_stay_at_home(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if elsewhere(r.url, address) else None)
    page.goto(f"{address}/docs")
    expect(page.get_by_text("Ask a question")).to_be_visible()
    page.close()
    assert asked == []


def test_signing_in_with_a_key_opens_the_window_and_its_sources(
    browser: Browser, serving: Serving, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISNAD_HOME", str(home))
    monkeypatch.setenv("ISNAD_API_KEYS", "a-key-of-some-length")
    with serving(create_app) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        address = str(client.base_url)
        assert client.get("/").status_code == 401
        guest = browser.new_context(
            locale="ar", http_credentials={"username": "x", "password": "a-key-of-some-length"}
        )
        page = guest.new_page()
        page.goto(address)
        page.locator(".example").first.click()
        expect(page.locator(".reply.answered")).to_be_visible()
        with page.expect_popup() as opened:
            page.locator("a.marker").first.click()
        expect(opened.value.locator("#quote")).to_be_visible()
        guest.close()
