"""Reading what is in the index."""

from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from api.reading import reading_page
from rag.records import Article, Document, Repair, Span

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HOSTILE = "<script>alert(1)</script> & \"q\" 'a' </mark></article> \u202e{style} %s"


@pytest.fixture(scope="module")
def articles(client: httpx.Client) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = client.get("/articles").json()["articles"]
    return listed


def test_every_article_is_listed_with_what_is_known(articles: list[dict[str, Any]]) -> None:
    assert [a["filename"] for a in articles] == sorted(a["filename"] for a in articles)
    assert len(articles) == 5
    assert all(a["language"] == "ar" and a["title"] for a in articles)
    for article in articles:
        assert all(article[field] for field in article["provenance"])


def test_an_article_has_its_text_and_its_repairs(
    articles: list[dict[str, Any]], client: httpx.Client
) -> None:
    for listed in articles:
        article = client.get(f"/articles/{listed['id']}").json()
        assert listed.items() <= article.items()
        assert (article["quality"] == "repaired") == bool(article["repairs"])
        bare = client.get(f"/articles/{listed['id']}/text")
        assert bare.headers["content-type"] == "text/plain; charset=utf-8"
        assert bare.text == article["text"] != ""


def test_a_browser_gets_a_page_with_the_span_marked(
    articles: list[dict[str, Any]], client: httpx.Client
) -> None:
    address = f"/articles/{articles[0]['id']}"
    text = client.get(f"{address}/text").text
    page = client.get(address, params={"start": 100, "end": 180}, headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    marked = page.text.split('<mark id="quote">')[1].split("</mark>")[0]
    assert unescape(marked) == text[100:180]
    assert _shown(page.text, "article") == text
    assert "<script" not in page.text


@pytest.mark.parametrize(
    "span",
    ["start=0", "end=5", "start=5&end=5", "start=6&end=5", "start=-1&end=5", "start=0&end=9999999",
     "start=a&end=b", "start=0&end=1e1", f"start=0&end={'9' * 5000}"],
)  # fmt: skip
def test_a_span_that_is_not_in_the_text_is_refused(
    articles: list[dict[str, Any]], client: httpx.Client, span: str
) -> None:
    for headers in ({}, BROWSER):
        response = client.get(f"/articles/{articles[0]['id']}?{span}", headers=headers)
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "article",
    ["none", "..", "%00", "%ff", "%ED%A0%80", "a" * 200, "a%2Fb", "'; DROP TABLE articles"],
)
def test_an_article_that_is_not_there_is_not_found(client: httpx.Client, article: str) -> None:
    for address in (f"/articles/{article}", f"/articles/{article}/text"):
        response = client.get(address)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_what_an_article_holds_is_shown_as_text() -> None:
    article = Article("x", HOSTILE, "en", author=HOSTILE, url="javascript:alert(1)")
    page = reading_page(Document(article, HOSTILE), Span(3, 20))
    assert "<script" not in page
    assert "javascript:" not in page
    assert _shown(page, "article") == HOSTILE
    assert _shown(page, "h1") == HOSTILE


def test_what_was_inferred_says_so_in_the_language_of_the_article() -> None:
    article = Article(
        "x", "f.txt", "fr", published="2017-12", url="https://example.org/a?b=1&c",
        provenance={"published": "inferred"},
    )  # fmt: skip
    page = reading_page(Document(article, "Texte."), None)
    assert "(déduit)" in page
    assert 'href="https://example.org/a?b=1&amp;c"' in page


class _Text(HTMLParser):
    """The text inside the first element of a name, as a browser reads it."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self._tag, self._inside, self.text = tag, False, ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._inside |= tag == self._tag

    def handle_endtag(self, tag: str) -> None:
        self._inside &= tag != self._tag

    def handle_data(self, data: str) -> None:
        self.text += data if self._inside else ""


def _shown(page: str, tag: str) -> str:
    parser = _Text(tag)
    parser.feed(page)
    return parser.text


@pytest.mark.parametrize(
    ("language", "label"),
    [("ar", "قد يكون فيه خطأ"), ("en", "may be wrong"), ("fr", "peut-être fautif")],
)
def test_a_doubtful_text_says_so(language: str, label: str) -> None:
    repairs = (Repair("doubtful_pages", 1, (2,)),)
    document = Document(Article("1", "a.pdf", language, repairs=repairs), "text")
    assert label in reading_page(document, None)
    assert label not in reading_page(Document(Article("1", "a.pdf", language), "text"), None)
