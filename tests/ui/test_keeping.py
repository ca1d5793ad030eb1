"""What a visitor asked stays with that visitor: in the browser, and over HTTP."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import html
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Locator, Page, expect
from visiting import Serving, Visit, ask, visiting, whole

from rag.feedback import read_feedback
from rag.settings import Settings
from ui.app import create_app
from ui.texts import TEXTS

QUESTION = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"
HOSTILE = "<img src=x onerror=alert(1)> </button> ${7*7} {{7}} \u202eabc " + "x" * 1500


def _open_sidebar(page: Page) -> Locator:
    page.locator("#kept .toggle-button").click()
    kept = page.locator(".kept")
    expect(kept).to_be_visible()
    return kept


def _titles(page: Page) -> Locator:
    return page.locator(".kept .title")


def _quotes(page: Page) -> list[str]:
    found: list[str] = page.locator(".sources .quote").evaluate_all(
        "all => all.map(e => e.textContent)"
    )
    return found


def _exported(page: Page, form: str) -> str:
    link = page.locator(f".kept .export a[href$='.{form}']").first
    with page.expect_download() as download:
        link.click()
    assert re.fullmatch(rf"isnad-\d{{4}}-\d\d-\d\d\.{form}", download.value.suggested_filename)
    return Path(download.value.path()).read_text("utf-8")


def test_a_reload_shows_the_same_conversation(visit: Visit) -> None:
    with visit("ar") as page:
        ask(page, QUESTION)
        ask(page, "شكرا")
        expect(page).to_have_url(re.compile(r"\?conversation=[0-9a-f]{32}$"))
        quotes = _quotes(page)
        assert quotes
        page.reload()
        expect(page.locator(".turn")).to_have_count(2)
        assert _quotes(page) == quotes
        # The engine is told of what was said before the reload.
        ask(page, "متى؟")
        page.reload()
        expect(page.locator(".turn")).to_have_count(3)


def test_what_takes_the_place_of_an_answer_takes_it_in_what_is_kept(visit: Visit) -> None:
    with visit("en") as page:
        ask(page, "hello")
        ask(page, QUESTION)
        page.get_by_role("button", name=TEXTS["en"].again).click()
        whole(page)
        page.locator(".turn.last [data-do=edit]").click()
        page.locator(".editing textarea").last.fill("thanks")
        page.get_by_role("button", name=TEXTS["en"].ask_again).click()
        expect(page.locator(".turn.last .asked")).to_have_text("thanks")
        whole(page)
        page.reload()
        expect(page.locator(".asked")).to_have_text(["hello", "thanks"])


def test_conversations_are_found_named_and_deleted(visit: Visit) -> None:
    with visit("en") as page:
        ask(page, QUESTION)
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        expect(page).not_to_have_url(re.compile("conversation="))
        ask(page, "What is Captagon of Assad?")
        _open_sidebar(page)
        expect(_titles(page)).to_have_text(["What is Captagon of Assad?", QUESTION])

        page.locator(".kept-search input").fill("ألقَبض الدّوليّ")
        expect(_titles(page)).to_have_text([QUESTION])
        page.get_by_label(f"Name, export, delete: {QUESTION}").click()
        page.get_by_label("Name", exact=True).fill("Warrants <b>")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(_titles(page)).to_have_text(["Warrants <b>"])
        page.locator(".kept-search input").fill("")
        expect(_titles(page)).to_have_text(["What is Captagon of Assad?", "Warrants <b>"])

        page.locator(".kept button.open").last.click()
        expect(page.locator(".asked")).to_have_text([QUESTION])
        page.get_by_label("Name, export, delete: Warrants <b>").click()
        page.locator(".kept li").last.get_by_text("Delete", exact=True).click()
        page.get_by_role("button", name="Delete it for good").click()
        expect(_titles(page)).to_have_text(["What is Captagon of Assad?"])
        expect(page.locator(".turn")).to_have_count(0)
        page.reload()
        expect(page.locator(".turn")).to_have_count(0)


def test_another_visitor_sees_nothing(visit: Visit, browser: Browser, address: str) -> None:
    with visit("en") as page:
        ask(page, QUESTION)
        expect(page).to_have_url(re.compile("conversation="))
        opened = page.url
        (answer,) = page.locator(".worth").evaluate_all("all => all.map(e => e.dataset.answer)")
        conversation = opened.partition("conversation=")[2]
        for path in (f"/?conversation={conversation}", f"/?answer={answer}"):
            with visiting(browser, address, "fr", path=path, ready=".notice") as other:
                expect(other.locator(".first")).to_be_visible()
                expect(other.locator(".notice")).to_have_count(1)
                expect(other.locator(".turn")).to_have_count(0)
                _open_sidebar(other)
                expect(_titles(other)).to_have_count(0)
                for form in ("md", "html", "json"):
                    url = f"{address}/conversations/{conversation}.{form}"
                    assert other.request.get(url).status == 404
                    assert page.request.get(url).status == 200
                assert other.request.post(f"{address}/answers/{answer}/link").status == 404


def test_a_link_shows_one_answer_to_others(visit: Visit, browser: Browser, address: str) -> None:
    with visit("en", permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, "hello")
        ask(page, QUESTION)
        quotes = _quotes(page)
        page.locator(".worth").last.get_by_title("Link to this answer").click()
        link = page.locator(".worth").last.locator(".address")
        expect(link).to_be_visible()
        shared = link.input_value()
        assert shared.startswith(f"{address}/?answer=")
        assert page.evaluate("navigator.clipboard.readText()") == shared
        with visiting(browser, address, "en", path=shared.removeprefix(address)) as other:
            expect(other.locator(".asked")).to_have_text([QUESTION])
            assert _quotes(other) == quotes
            ask(other, "hello")  # goes on in a conversation of his own
            expect(other).to_have_url(re.compile("conversation="))
            other.reload()
            expect(other.locator(".asked")).to_have_text(["hello"])
        page.goto(shared)
        expect(page.locator(".turn")).to_have_count(2)


def test_every_quote_in_an_export_is_its_article_s_text(visit: Visit, client: httpx.Client) -> None:
    with visit("ar") as page:
        ask(page, QUESTION)
        ask(page, HOSTILE)
        _open_sidebar(page)
        page.locator(".kept .more summary").first.click()
        forms = {form: _exported(page, form) for form in ("json", "html", "md")}
    turns = json.loads(forms["json"])["turns"]
    assert [turn["question"] for turn in turns] == [QUESTION, HOSTILE]
    cited = [
        one
        for turn in turns
        for one in turn["citations"] + (turn["abstention"] or {"closest": []})["closest"]
    ]
    quotes = [one["quote"] for one in cited]
    assert turns[0]["citations"]
    for one in cited:
        text = client.get(f"/articles/{one['article']['id']}/text").text
        assert one["quote"] == text[one["start"] : one["end"]]
        assert client.get(one["view_url"]).status_code == 200
    read = html.fromstring(forms["html"])
    assert [q.text_content() for q in read.xpath("//blockquote")] == quotes
    assert [q.text_content() for q in read.xpath("//h2")] == [QUESTION, HOSTILE]
    assert not read.xpath("//script | //img")
    tokens = MarkdownIt("commonmark").parse(forms["md"])
    shown = [html.fromstring(MarkdownIt("commonmark").render(forms["md"]))]
    assert [q.text_content().strip("\n") for q in shown[0].xpath("//blockquote")] == quotes
    assert not any("html" in token.type for token in tokens)


def test_a_verdict_with_a_comment_is_in_the_database(visit: Visit, home: Path) -> None:
    with visit("ar") as page:
        ask(page, QUESTION)
        worth = page.locator(".worth")
        answer = worth.get_attribute("data-answer")
        down = worth.get_by_role("button", name="جواب غير مفيد")
        down.click()
        expect(down).to_have_attribute("aria-pressed", "true")
        expect(worth.locator(".said")).to_have_text("شكرًا، سُجّل رأيك.")
        page.get_by_label("لماذا؟ (اختياري)").fill(f"ليس عدد الأوامر {HOSTILE}")
        worth.get_by_role("button", name="أرسل").click()
        expect(worth.locator("form")).to_be_hidden()
        (kept,) = [one for one in read_feedback(home) if one.answer_id == answer]
        assert (kept.verdict, kept.comment) == ("down", f"ليس عدد الأوامر {HOSTILE}")
        page.reload()
        expect(down).to_have_attribute("aria-pressed", "true")


def test_hostile_titles_are_text_and_break_nothing(visit: Visit) -> None:
    with visit("ar", width=320, height=640) as page:
        ask(page, HOSTILE)
        _open_sidebar(page)
        title = _titles(page).first.text_content()
        assert title == HOSTILE.replace("\u202e", " ").replace("  ", " ")[:119] + "…"
        page.locator(".kept .more summary").first.click()
        assert page.get_by_label("الاسم").input_value() == title
        for part in (".kept", ".kept .more form", ".kept .export"):
            box = page.locator(part).first.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 320


@pytest.fixture(scope="module")
def unkept(home: Path, tmp_path_factory: pytest.TempPathFactory, serving: Serving) -> Iterator[str]:
    """The address of a server that keeps nothing."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ISNAD_HOME", str(home))
        environment.setenv("ISNAD_KEEP_CONVERSATIONS", "0")
        with serving(create_app) as client:
            yield str(client.base_url).rstrip("/")


def test_where_nothing_is_kept_it_says_so(browser: Browser, unkept: str) -> None:
    with visiting(browser, unkept, "en") as page:
        ask(page, QUESTION)
        kept = _open_sidebar(page)
        expect(kept).to_have_text("Conversations are not kept on this server.")
        page.reload()
        expect(page.locator(".first")).to_be_visible()
        expect(page.locator(".turn")).to_have_count(0)


def test_the_token_is_a_cookie_that_scripts_cannot_read(client: httpx.Client) -> None:
    with httpx.Client(base_url=client.base_url) as visitor:
        first = visitor.get("/").headers["set-cookie"]
        token = visitor.cookies["isnad-visitor"]
        assert re.fullmatch(
            rf"isnad-visitor={token}; Path=/; Max-Age={365 * 86_400}; HttpOnly; SameSite=Lax", first
        )
        assert visitor.get("/").headers["set-cookie"] == first  # it lasts from the last visit on
        visitor.cookies.clear()
        visitor.cookies.set("isnad-visitor", "guess")
        assert "guess" not in visitor.get("/").headers["set-cookie"]
    assert "set-cookie" not in client.get("/articles").headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/conversations/x.md", 404), ("GET", "/conversations/x.exe", 422),
     ("GET", "/conversations/x", 404), ("POST", "/answers/x/link", 404),
     ("GET", "/answers/x/link", 405)],
)  # fmt: skip
def test_what_is_not_there_is_told_as_elsewhere(
    client: httpx.Client, settings: Settings, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path, headers={"cookie": f"isnad-visitor={'v' * 43}"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(settings.home) not in answer.text
