"""The articles' tab in a browser: to find, read, add, replace and remove articles."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from time import sleep
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from visiting import Serving, ask, barriers, visiting

from rag.records import Article, Repair
from ui.app import create_app
from ui.articles_list import Wanted, list_html, matching
from ui.repairs import repairs_html
from ui.texts import TEXTS, Language
from ui.texts_articles import ARTICLES_TEXTS

HARBOUR = b"The harbour of Zanzibar froze twice in that decade, and 41 ships were lost there."
HOSTILE = "</li><img src=x onerror=alert(1)>${7*7}{{7}}"
WRITE, READ = "a-key-that-may-write", "a-key-that-may-read"


@pytest.fixture(scope="module")
def client(
    home: Path, tmp_path_factory: pytest.TempPathFactory, serving: Serving
) -> Iterator[httpx.Client]:
    """A server whose articles are its own."""
    own = tmp_path_factory.mktemp("articles") / "home"
    shutil.copytree(home, own)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ISNAD_HOME", str(own))
        with serving(create_app) as client:
            while client.get("/readyz").status_code != 200:
                sleep(0.05)
            yield client


@pytest.fixture(scope="module")
def address(client: httpx.Client) -> str:
    return str(client.base_url).rstrip("/")


def _open(page: Page) -> Locator:
    """The articles that are listed, once the tab is open."""
    page.get_by_role("tab").nth(1).click()
    listed = page.locator(".articles-list li")
    expect(listed.first).to_be_visible()
    return listed


def _add(page: Page, *files: tuple[str, bytes]) -> Locator:
    """The report on files that were chosen."""
    given: Any = [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
    page.locator(".drop input").set_input_files(given)
    report = page.locator(".uploads li:is(.done, .partly, .failed)")
    expect(report).to_have_count(len(files))
    return report


def _find(page: Page, search: str, count: int) -> None:
    page.locator(".articles-filter input").fill(search)
    expect(page.locator(".articles-list li")).to_have_count(count)


def test_articles_are_found_and_read(browser: Browser, client: httpx.Client, address: str) -> None:
    articles = client.get("/articles").json()["articles"]
    with visiting(browser, address, "ar") as page:
        listed = _open(page)
        expect(listed).to_have_count(len(articles))
        titles = page.locator(".articles-list .title bdi").all_text_contents()
        assert titles == [article["title"] or article["filename"] for article in articles]
        page.locator("select[name=quality]").select_option("repaired")
        expect(listed).to_have_count(1)
        (repaired,) = [one for one in articles if one["quality"] == "repaired"]
        listed.get_by_role("button").click()
        text = client.get(f"/articles/{repaired['id']}").json()
        expect(page.locator(".pane .text")).to_have_text(text["text"], use_inner_text=False)
        repairs = page.locator(".repairs li")
        expect(repairs).to_have_count(len(text["repairs"]))
        expect(page.locator(".repairs")).to_contain_text("أُصلح هذا النصّ عند قراءته")
        page.keyboard.press("Escape")
        expect(page.locator(".pane")).to_have_count(0)
        expect(listed.get_by_role("button")).to_be_focused()


def test_an_uploaded_article_is_asked_about_replaced_and_removed(
    browser: Browser, client: httpx.Client, address: str
) -> None:
    with visiting(browser, address, "en") as page:
        listed = _open(page)
        before = listed.count()
        expect(_add(page, ("harbour.txt", HARBOUR))).to_contain_text("added")
        expect(listed).to_have_count(before + 1)
        page.get_by_role("tab").first.click()
        ask(page, "How many ships were lost in the harbour of Zanzibar?")
        expect(page.locator(".reply .quote").first).to_have_text(HARBOUR.decode())

        _open(page)
        _find(page, "harbour.txt", 1)
        listed.get_by_role("button").click()
        expect(page.locator(".pane .text")).to_have_text(HARBOUR.decode())
        old = page.locator(".pane").get_attribute("data-article") or ""
        page.locator(".replacement").set_input_files(
            [{"name": "other.txt", "mimeType": "", "buffer": HARBOUR.replace(b"41", b"57")}]  # type: ignore[list-item]
        )
        expect(page.locator(".pane")).to_have_count(0)
        expect(listed.get_by_role("button")).not_to_have_attribute("data-article", old)
        expect(listed).to_have_count(1)
        listed.get_by_role("button").click()
        expect(page.locator(".pane .text")).to_contain_text("57 ships")
        named = [a["filename"] for a in client.get("/articles").json()["articles"]]
        assert named.count("harbour.txt") == 1

        page.get_by_text("Remove the article").click()
        page.get_by_role("button", name="Remove it for good").click()
        expect(page.locator(".removed")).to_contain_text("harbour.txt")
        expect(listed).to_have_count(0)
        page.get_by_role("tab").first.click()
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        ask(page, "How many ships were lost in the harbour of Zanzibar?")
        expect(page.locator(".turn .reply")).to_be_visible()
        expect(page.locator(".turn")).not_to_contain_text("57 ships")


def test_an_article_of_a_folder_is_replaced_too(
    browser: Browser, client: httpx.Client, address: str
) -> None:
    old = next(
        a for a in client.get("/articles").json()["articles"] if a["filename"].startswith("004_")
    )
    with visiting(browser, address, "fr") as page:
        _open(page)
        _find(page, "004_", 1)
        page.locator(".articles-list li").get_by_role("button").click()
        page.locator(".replacement").set_input_files(
            [{"name": "neuf.txt", "mimeType": "", "buffer": b"Un texte tout neuf."}]  # type: ignore[list-item]
        )
        expect(page.locator(".uploads li.done")).to_have_count(1)
        expect(page.locator(".pane")).to_have_count(0)
    assert client.get(f"/articles/{old['id']}").status_code == 404
    (new,) = [
        a for a in client.get("/articles").json()["articles"] if a["filename"] == old["filename"]
    ]
    assert client.get(f"/articles/{new['id']}/text").text.strip() == "Un texte tout neuf."


def test_every_file_has_its_report(browser: Browser, address: str, seeds: Path) -> None:
    broken = (seeds / "000_7fb68e90ac535105.txt").read_bytes() + b"\n."
    lines = b'{"text": "The lighthouse was painted green.", "title": "%s"}\nno json\n'
    with visiting(browser, address, "en", told=(415, 422)) as page:
        _open(page)
        report = _add(
            page,
            ("one.txt", b"The bridge was closed in the spring of that year."),
            ("two.txt", b"The bridge was closed in the spring of that year."),
            (f"{HOSTILE}\u202e.jsonl", lines.replace(b"%s", HOSTILE.encode())),
            ("broken.txt", broken),
            ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
            ("empty.txt", b"  "),
        )
        states = report.locator(".state").all_text_contents()
        assert states[:2] == ["added", "already there, as one.txt"]
        assert states[2] == "added · 1 of its articles could not be read"
        assert states[3] == "added · repaired text"
        assert states[4] == "This kind of file is not read."
        assert states[5].startswith("There is no text in the file.")
        assert report.locator(".name").all_text_contents()[2] == f"{HOSTILE}.jsonl"
        expect(report.nth(2).locator(".title")).to_have_text(HOSTILE)
        _find(page, "lighthouse", 0)
        _find(page, "jsonl", 1)
        expect(page.locator(".articles-list .title bdi")).to_have_text(HOSTILE)
        page.locator(".articles-list li").get_by_role("button").click()
        expect(page.locator(".pane h2")).to_have_text(HOSTILE)


def test_files_are_dropped_and_long_names_break_nothing(browser: Browser, address: str) -> None:
    drop = """([name, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name, {type: "text/plain"}));
        const there = document.querySelector(".drop");
        for (const kind of ["dragover", "drop"])
            there.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    title, name = "و" * 10_000, "س" * 95 + ".md"
    with visiting(browser, address, "ar", width=320, height=640) as page:
        _open(page)
        page.evaluate(drop, [name, f"# {title}\n\nكان الجسر مغلقًا في ذلك الربيع كله.\n"])
        expect(page.locator(".uploads li.done")).to_have_count(1)
        _find(page, name, 1)
        page.locator(".articles-list li").get_by_role("button").click()
        expect(page.locator(".pane .text")).to_contain_text("كان الجسر")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for part in (".drop", ".uploads li", ".pane", ".pane h2", ".articles-list li"):
            box = page.locator(part).first.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    options = {"color_scheme": scheme, "reduced_motion": "reduce"}
    with visiting(browser, address, "ar", told=(422,), **options) as page:
        ask(page, "ما هو كبتاغون الأسد؟")
        page.locator(".worth button.down").click()
        expect(page.locator(".worth .said")).not_to_be_empty()
        page.locator(".worth button.link").click()
        expect(page.locator(".worth .address")).to_be_visible()
        page.locator("#kept .toggle-button").click()
        page.locator(".kept .more > summary").click()
        page.locator(".kept li .sure > summary").click()
        assert barriers(page) == []
        page.locator("#kept .toggle-button").click()
        listed = _open(page)
        _add(page, ("empty.txt", b" "))
        assert barriers(page) == []
        listed.first.get_by_role("button").click()
        page.locator(".repairs summary").click()
        page.locator(".changes summary").click()
        assert barriers(page) == []


def test_who_may_only_read_is_offered_no_changes(
    browser: Browser, home: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISNAD_HOME", str(home))
    monkeypatch.setenv("ISNAD_API_KEYS", f"{READ},write:{WRITE}")
    with serving(create_app) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        address = str(client.base_url).rstrip("/")
        for key, count in ((READ, 0), (WRITE, 1)):
            user = {"username": "x", "password": key}
            with visiting(browser, address, "en", http_credentials=user, told=(401,)) as page:
                _open(page).first.get_by_role("button").click()
                expect(page.locator(".pane .text")).to_be_visible()
                expect(page.locator(".drop")).to_have_count(count)
                expect(page.locator(".changes")).to_have_count(count)
                expect(page.locator(".read-only")).to_have_count(1 - count)


def _article(**known: Any) -> Article:
    return Article("a1", "تقرير.pdf", "ar", title="عنوانٌ", author="Zoë", **known)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(Wanted(), True), (Wanted("عنوان"), True), (Wanted("zoe تقرير"), True), (Wanted("غير"), False),
     (Wanted(language="ar"), True), (Wanted(language="fr"), False), (Wanted(quality="clean"), True),
     (Wanted("عنوان", quality="doubtful"), False)],
)  # fmt: skip
def test_a_search_reads_words_as_the_index_does(wanted: Wanted, found: bool) -> None:
    assert matching([_article()], wanted) == [_article()] * found


@pytest.mark.parametrize("language", TEXTS)
def test_long_lists_are_shown_a_part_at_a_time(language: Language) -> None:
    many = [Article(f"a{n}", f"{n}.txt", "en") for n in range(120)]
    first = list_html(many, Wanted(), language)
    assert first.count("<li>") == 50
    assert ARTICLES_TEXTS[language].show_more in first
    rest = list_html(many, Wanted(most=150), language)
    assert rest.count("<li>") == 120
    assert ARTICLES_TEXTS[language].show_more not in rest


@pytest.mark.parametrize("language", TEXTS)
def test_what_may_be_wrong_comes_first_and_leads_to_its_page(language: Language) -> None:
    repairs = (Repair("running_heads", 4, (1, 2)), Repair("doubtful_pages", 1, (2,)))
    article = _article(repairs=repairs, page_starts=(0, 40, 90))
    html = unescape(repairs_html(article, language))
    assert re.match('<details class="repairs doubtful" [^>]* open>', html)
    texts = ARTICLES_TEXTS[language]
    assert html.index(texts.doubtful_pages) < html.index(texts.running_heads)
    assert 'href="/articles/a1?start=40&end=90#quote"' in html


def test_a_text_that_is_as_it_was_given_says_nothing() -> None:
    assert repairs_html(_article(), "ar") == ""


def test_every_kind_of_repair_has_words_in_every_language() -> None:
    for kind in (
        "private_use_letters", "learned_letters", "reversed_lines", "hard_wraps", "unknown_glyphs",
        "reordered_pages", "presentation_forms", "running_heads", "doubtful_pages",
        "lost_characters",
    ):  # fmt: skip
        for texts in ARTICLES_TEXTS.values():
            assert getattr(texts, kind)
