"""The window in Debian's chromium, as a visitor uses it."""

import re
from pathlib import Path
from time import sleep
from typing import Literal
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from visiting import Serving, Visit, ask, barriers, elsewhere, visiting, whole

from rag.evaluation.gold import GoldQuestion
from rag.indexing import build_index
from rag.settings import Settings
from ui.app import create_app
from ui.texts import TEXTS, Language

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> **b** `c` [x](y) $$z$$ & \u202eabc"
AR = "ما هو كبتاغون الأسد؟"
EN = "What is Captagon of Assad?"
NOT_THERE = "من فاز بكأس العالم 2022؟"


def _fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = f"""[...document.querySelectorAll(".first *, .turn *, .reader *, .top *, .ask *")]
        .filter(e => e.getClientRects().length && !e.closest(".unseen, .visually-hidden, h3"))
        .filter(e => {{ const at = e.getBoundingClientRect();
                       return at.left < -1 || at.right > {width} + 1 }})
        .map(e => e.outerHTML.slice(0, 120))"""
    assert page.evaluate(outside) == []


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")])
def test_every_source_is_that_of_the_api_and_is_read_in_its_article(
    visit: Visit, client: httpx.Client, gold: list[GoldQuestion], language: str, direction: str
) -> None:
    asked = (g.text for g in gold if g.language == language and not g.history)
    answers = (client.post("/ask", json={"question": question}).json() for question in asked)
    answer = next(answer for answer in answers if len(answer["citations"]) > 1)
    wanted = [citation["quote"] for citation in answer["citations"]]
    with visit(language) as page:
        assert page.evaluate("document.documentElement.dir") == direction
        ask(page, answer["question"])
        reply = page.locator(".reply")
        assert reply.evaluate("e => getComputedStyle(e).direction") == direction
        quotes = page.locator(".sources .quote").evaluate_all("all => all.map(e => e.textContent)")
        assert quotes == wanted
        links = page.locator("a.marker").evaluate_all("all => all.map(e => e.getAttribute('href'))")
        assert links == [f"{citation['view_url']}#quote" for citation in answer["citations"]]
        page.locator("a.marker").first.click()
        quote = page.locator(".reader #quote")
        expect(quote).to_be_in_viewport()
        for number in [*range(len(wanted)), 0]:
            assert quote.evaluate("e => e.textContent") == wanted[number]
            page.locator(".steps .next").click()
            following = str((number + 1) % len(wanted))
            expect(page.locator(f".reader[data-passage='{following}']")).to_be_visible()


def test_an_answer_is_seen_to_grow(visit: Visit) -> None:
    watch = """() => { window.seen = []; new MutationObserver(() => {
        const reply = document.querySelector(".reply"); if (reply) window.seen.push(reply.textContent)
    }).observe(document.body, {subtree: true, childList: true, characterData: true}) }"""
    with visit("ar") as page:
        page.evaluate(watch)
        ask(page, "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟")
        seen = list(dict.fromkeys(page.evaluate("window.seen")))
        said = [text for text in seen if text.startswith("جاء في المقالات")]
        assert len(said) > 5
        assert sorted(said, key=len) == said


def test_keys_alone_ask_read_and_return(visit: Visit) -> None:
    with visit("ar") as page:
        page.locator("h1").click()
        page.keyboard.press("/")
        page.keyboard.type(AR)
        page.keyboard.press("Enter")
        expect(page.locator(".reply.answered")).to_be_visible()
        whole(page)
        while page.evaluate("document.activeElement.className") != "marker":
            page.keyboard.press("Shift+Tab")
        last = page.locator("a.marker").count() - 1
        card = page.locator(".card:visible")
        quotes = page.locator(".sources .quote").evaluate_all("all => all.map(e => e.textContent)")
        assert card.locator(".quote").text_content() == quotes[last]
        page.keyboard.press("Enter")
        quote = page.locator(".reader #quote")
        expect(quote).to_have_text(quotes[last])
        page.keyboard.press("ArrowLeft")  # onwards, from right to left, and so to the first
        expect(page.locator(".reader[data-passage='0'] #quote")).to_have_text(quotes[0])
        page.keyboard.press("Escape")
        expect(page.locator(".reader")).to_have_count(0)
        expect(page.locator("a.marker").first).to_be_focused()


def test_pointing_at_a_marker_shows_its_quote_with_title_author_and_date(
    visit: Visit, client: httpx.Client
) -> None:
    citation = client.post("/ask", json={"question": EN}).json()["citations"][0]
    with visit("en") as page:
        ask(page, EN)
        page.locator("a.marker").first.hover()
        card = page.locator(".card:visible")
        assert card.locator(".quote").text_content() == citation["quote"]
        for known in ("title", "author", "published"):
            expect(card).to_contain_text(citation["article"][known])
        page.locator(".asked").hover()
        expect(card).to_have_count(0)


def test_a_touch_shows_the_card_and_the_card_opens_the_article(visit: Visit) -> None:
    with visit("ar", width=360, height=740, has_touch=True, is_mobile=True) as page:
        ask(page, AR)
        page.locator("a.marker").first.tap()
        card = page.locator(".card:visible")
        expect(card).to_be_in_viewport(ratio=1)
        assert page.locator(".reader").count() == 0
        card.locator("a.open").tap()
        expect(page.locator(".reader #quote")).to_be_in_viewport()
        _fits(page, 360)


def test_stopping_keeps_what_has_its_source(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.chat_tab._PACE", 0.2)
    with visit("en") as page:
        page.locator(".ask textarea").fill(AR)
        page.keyboard.press("Enter")
        expect(page.locator("a.marker")).to_have_count(1)
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".stopped")).to_have_text(TEXTS["en"].stopped)
        text = page.locator(".reply .said").last.text_content()
        assert text is not None
        assert re.search(r"\[\d\]$", text)
        monkeypatch.undo()
        page.get_by_role("button", name="Answer again").click()
        expect(page.locator(".reply.answered")).to_be_visible()
        assert page.locator(".turn").count() == 1


def test_the_last_question_is_edited_and_asked_in_its_place(visit: Visit) -> None:
    with visit("en") as page:
        ask(page, AR)
        ask(page, EN)
        page.keyboard.press("ArrowUp")
        form = page.locator(".editing textarea")
        expect(form).to_have_value(EN)
        form.fill("something else")
        page.keyboard.press("Escape")
        assert page.locator(".asked").all_text_contents() == [AR, EN]
        page.keyboard.press("ArrowUp")
        form.fill(NOT_THERE)
        page.keyboard.press("Enter")
        expect(page.locator(".reply.abstained")).to_be_visible()
        whole(page)
        assert page.locator(".asked").all_text_contents() == [AR, NOT_THERE]


def test_an_answer_is_copied_with_its_sources(visit: Visit, address: str) -> None:
    with visit("fr", permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, AR)
        page.get_by_role("button", name="Copier avec les sources").click()
        expect(page.locator(".told")).to_have_text(TEXTS["fr"].copied)
        copied = page.evaluate("navigator.clipboard.readText()")
        links = page.locator("a.marker").evaluate_all("all => all.map(e => e.getAttribute('href'))")
        assert re.findall(r"^\[\d\] .*: (http\S+)$", copied, re.M) == [
            address + link.removesuffix("#quote") for link in links
        ]


def test_what_is_offered_next_is_answered(visit: Visit) -> None:
    with visit("fr") as page:
        page.locator(".examples .suggestion").first.click()
        expect(page.locator(".reply.answered")).to_be_visible()
        whole(page)
        page.locator(".go-on .suggestion").last.click()
        expect(page.locator(".turn")).to_have_count(2)
        expect(page.locator(".reply.answered")).to_have_count(2)
        whole(page)
        page.get_by_role("button", name="Nouvelle conversation").click()
        expect(page.locator(".examples")).to_be_visible()
        assert page.locator(".turn").count() == 0


def test_an_abstention_looks_different_and_its_passages_can_be_read(visit: Visit) -> None:
    with visit("ar") as page:
        ask(page, NOT_THERE)
        expect(page.locator(".refusal .icon")).to_be_visible()
        assert page.locator(".marker, .number, .sources").count() == 0
        near = page.locator(".related .passage").first
        quote = near.locator(".quote").text_content()
        near.locator("a.open").click()
        expect(page.locator(".reader #quote")).to_have_text(quote or "", use_inner_text=False)


def test_what_is_asked_is_shown_as_text_and_breaks_nothing(visit: Visit) -> None:
    with visit("ar", width=360, height=740) as page:
        for question in (HOSTILE, "س" * 1990, "x" * 10_000):
            ask(page, question)
            assert page.locator(".asked").last.text_content() == question
            _fits(page, 360)
        expect(page.locator(".notice")).to_have_count(1)


def test_a_hostile_article_is_shown_as_text_and_breaks_nothing(
    browser: Browser, serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    sentence = f"The reservoir of Wadi Mina holds forty million barrels {HOSTILE} of water."
    text = f"{HOSTILE}\n\n{sentence} {'w' * 10_000}\n\n__i18n__{{}} ${{7*7}} {{{{7}}}}\n"
    (articles / "<img src=x onerror=alert(1)>.txt").write_text(text, "utf-8")
    home = tmp_path / "home"
    build_index(Settings(home=home), [articles])
    monkeypatch.setenv("ISNAD_HOME", str(home))
    with serving(create_app) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        at = str(client.base_url).rstrip("/")
        with visiting(browser, at, "en", width=320, height=640) as page:
            _fits(page, 320)
            page.locator(".known button").click()
            (article,) = client.get("/articles").json()["articles"]
            whole = client.get(f"/articles/{article['id']}/text").text
            expect(page.locator(".reader")).to_be_visible()
            assert page.locator(".reader .text").evaluate("e => e.textContent") == whole
            _fits(page, 320)
            page.keyboard.press("Escape")
            ask(page, "How many barrels of water does the reservoir of Wadi Mina hold?")
            _fits(page, 320)
            page.locator("a.marker").first.click()
            quote = client.post("/ask", json={"question": page.locator(".asked").inner_text()})
            wanted = quote.json()["citations"][0]["quote"]
            expect(page.locator(".reader #quote")).to_be_visible()
            assert page.locator(".reader #quote").evaluate("e => e.textContent") == wanted


def test_an_empty_question_is_met_with_a_hint(visit: Visit) -> None:
    with visit("fr") as page:
        page.get_by_role("button", name="Demander").click()
        expect(page.get_by_placeholder("Écrivez d'abord votre question.")).to_be_visible()
        assert page.locator(".turn").count() == 0


@pytest.mark.parametrize("width", [320, 2560])
def test_narrow_and_wide_it_fits(visit: Visit, width: int) -> None:
    with visit("ar", width=width, height=700) as page:
        _fits(page, width)
        ask(page, AR)
        page.locator("a.open").first.click()
        expect(page.locator(".reader #quote")).to_be_in_viewport()
        _fits(page, width)


def test_the_language_is_chosen_and_stays(visit: Visit) -> None:
    words: dict[Language, str] = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
    with visit("de") as page:
        for language, direction in words.items():
            page.locator("select.language").select_option(language)
            texts = TEXTS[language]
            expect(page.locator(".statement")).to_have_text(texts.about)
            root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
            assert root == [language, direction]
            expect(page.get_by_placeholder(texts.placeholder)).to_be_visible()
            for name in (texts.send, texts.new, texts.toggle_kept):
                expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
            expect(page.get_by_role("tab", name=texts.articles_tab)).to_be_visible()
            expect(page.get_by_role("combobox", name=texts.interface_language)).to_be_visible()
        page.reload()
        expect(page.locator(".statement")).to_have_text(TEXTS["en"].about)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_shuts_anyone_out(visit: Visit, scheme: Literal["light", "dark"]) -> None:
    with visit("ar", color_scheme=scheme, reduced_motion="reduce") as page:
        found = {"first": barriers(page)}
        ask(page, AR)
        page.locator(".turn").hover()
        found["answer"] = barriers(page)
        page.locator("a.marker").first.focus()
        page.locator("a.marker").first.click()
        expect(page.locator(".reader #quote")).to_be_visible()
        found["citation"] = barriers(page)
        ask(page, NOT_THERE)
        page.keyboard.press("ArrowUp")
        found["abstention"] = barriers(page)
        assert {state: list(of) for state, of in found.items() if of} == {}


def test_on_paper_there_are_the_answers_with_their_quotes(visit: Visit) -> None:
    with visit("ar") as page:
        ask(page, AR)
        page.emulate_media(media="print")
        expect(page.locator(".sources .quote").first).to_be_visible()
        for part in (".ask", "select.language", ".actions", ".go-on", "[role=tablist]"):
            expect(page.locator(part).first).to_be_hidden()


def test_when_the_server_is_back_so_is_the_window(
    browser: Browser, serving: Serving, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISNAD_HOME", str(home))
    page = browser.new_context(locale="fr").new_page()
    with serving(create_app, timeout_graceful_shutdown=1) as client:
        at = str(client.base_url)
        page.goto(at)
        expect(page.locator(".examples")).to_be_visible()
    page.locator(".ask textarea").fill(AR)
    page.keyboard.press("Enter")
    expect(page.get_by_text(TEXTS["fr"].lost, exact=True)).to_be_visible()
    page.evaluate("window.before = true")
    with serving(create_app, port=urlsplit(at).port, timeout_graceful_shutdown=1):
        page.wait_for_function("!window.before")
        expect(page.locator(".examples")).to_be_visible()
        ask(page, AR)
        expect(page.locator(".reply.answered")).to_be_visible()
    page.context.close()


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
    with serving(create_app, timeout_graceful_shutdown=1) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        address = str(client.base_url)
        assert client.get("/").status_code == 401
        guest = browser.new_context(
            locale="ar", http_credentials={"username": "x", "password": "a-key-of-some-length"}
        )
        page = guest.new_page()
        page.goto(address)
        page.locator(".examples .suggestion").first.click()
        expect(page.locator(".reply.answered")).to_be_visible()
        with guest.expect_page() as opened:
            page.locator("a.marker").first.click(modifiers=["Control"])
        expect(opened.value.locator("#quote")).to_be_visible()
        guest.close()
