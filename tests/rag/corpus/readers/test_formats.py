"""Every kind of file gives its text and what it says of itself, whatever it is called."""

import json

import pytest
from made_files import make_docx, make_epub, make_zip

from rag.corpus.documents import Refused, make_document, make_documents
from rag.corpus.repair import LOST
from rag.errors import BadArticle
from rag.records import Document

Paragraphs = tuple[str, ...]

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>خطة التطعيم - موقع الأخبار</title>
<meta property="og:title" content="خطة التطعيم"><meta name="author" content="ليلى حسن">
<meta property="og:site_name" content="موقع الأخبار">
<meta property="article:published_time" content="2021-05-02"></head>
<body><script>alert("do not quote me")</script><nav><ul><li><a href="/">الرئيسية</a></li>
<li><a href="/s">رياضة</a></li></ul></nav>
<article><h1>خطة التطعيم</h1>{body}</article>
<footer><p>جميع الحقوق محفوظة</p></footer></body></html>"""


def page(paragraphs: Paragraphs, charset: str = "utf-8") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return PAGE.format(charset=charset, body=body).encode(charset)


def holds(document: Document, paragraphs: Paragraphs) -> bool:
    """Whether the paragraphs are lines of the text, in their order."""
    lines = document.text.split("\n")
    at = [lines.index(paragraph) for paragraph in paragraphs if paragraph in lines]
    return len(at) == len(paragraphs) and at == sorted(at)


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.pdf"])
@pytest.mark.parametrize("charset", ["utf-8", "cp1256", "utf-16"])
def test_a_web_page_gives_its_main_text(paragraphs: Paragraphs, name: str, charset: str) -> None:
    document = make_document(name, page(paragraphs, charset))
    assert holds(document, paragraphs)
    assert not {"رياضة", "do not quote me", "جميع الحقوق محفوظة"} & set(document.text.split("\n"))
    assert "alert" not in document.text
    article = document.article
    assert (article.title, article.author, article.publisher, article.published) == (
        "خطة التطعيم", "ليلى حسن", "موقع الأخبار", "2021-05-02",
    )  # fmt: skip
    assert set(article.provenance.values()) == {"stated"}


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(BadArticle, match="no text in this page"):
        make_document("a.html", b"<!doctype html><script>var words = 'are not text'</script>")


@pytest.mark.parametrize("name", ["a.docx", "a.txt"])
def test_a_word_document(paragraphs: Paragraphs, name: str) -> None:
    document = make_document(name, make_docx(paragraphs, title="خطة التطعيم"))
    assert holds(document, paragraphs)
    assert document.article.title == "خطة التطعيم"
    assert document.article.provenance["title"] == "inferred"


@pytest.mark.parametrize("name", ["a.epub", "a.docx"])
def test_a_book_in_the_order_of_its_spine(paragraphs: Paragraphs, name: str) -> None:
    document = make_document(name, make_epub(paragraphs))
    assert holds(document, paragraphs)
    article = document.article
    assert (article.title, article.author, article.published) == (
        "كتاب الحملة", "ليلى حسن", "2021-05-02",
    )  # fmt: skip
    assert article.provenance["author"] == "stated"


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_front_matter_states_and_is_no_text(paragraphs: Paragraphs, name: str) -> None:
    front = "---\ntitle: 'خطة: التطعيم'\nauthors: [ليلى حسن, سامي]\ndate: 2021-05-02\n---\n"
    document = make_document(name, (front + "\n\n".join(paragraphs)).encode())
    assert document.text == "\n\n".join(paragraphs)
    article = document.article
    assert (article.title, article.author, article.published) == (
        "خطة: التطعيم", "ليلى حسن، سامي", "2021-05-02",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "---\n- a list\n- of things\n---\nSome words.",
        "---\n: {bad\n---\nSome words.",
        "---\nSome words.",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert make_document("a.md", text.encode()).text == text


def test_json_lines_are_articles_and_bad_lines_are_told(paragraphs: Paragraphs) -> None:
    lines = [
        json.dumps({"text": paragraphs[0], "title": "أولى", "published": "2021-05"}),
        "{not json}",
        "",
        json.dumps({"text": 7}),
        json.dumps({"text": paragraphs[1], "author": "سامي", "other": {"ignored": 1}}),
    ]
    made = list(make_documents("a.txt", "\n".join(lines).encode()))
    first, bad, no_text, second = made
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.text, first.article.title, first.article.published) == (
        paragraphs[0], "أولى", "2021-05",
    )  # fmt: skip
    assert (second.text, second.article.author) == (paragraphs[1], "سامي")
    assert first.article.id != second.article.id
    assert [m.line for m in made if isinstance(m, Refused)] == [2, 4]
    assert isinstance(bad, Refused)
    assert bad.cause.startswith("not JSON")
    assert no_text == Refused(4, "no string called text in it")


def test_the_first_line_may_be_a_bad_one(paragraphs: Paragraphs) -> None:
    lines = ['{"text": "cut o', json.dumps({"text": paragraphs[0]})]
    bad, good = make_documents("a.jsonl", "\n".join(lines).encode())
    assert isinstance(bad, Refused)
    assert isinstance(good, Document)
    assert good.text == paragraphs[0]


def test_half_characters_and_control_characters_are_marked(paragraphs: Paragraphs) -> None:
    spoilt = f"{paragraphs[0]}\ud83d{paragraphs[1]}\u0000"
    line = json.dumps({"text": spoilt, "title": "a\udc00b"})
    document = make_document("a.jsonl", line.encode())
    assert document.text == spoilt.replace("\ud83d", LOST).replace("\u0000", LOST)
    assert document.article.title == f"a{LOST}b"
    assert document.article.quality == "doubtful"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word file"),
        (b"{\\rtf1 words}", "RTF"),
        (make_zip({"content.xml": "<a/>", "META-INF/manifest.xml": "<a/>"}), "OpenDocument"),
        (b'[{"title": "a", "text": "Some words."}]', "JSON that is not one article a line"),
        (b'{\n "title": "a",\n "text": "Some words."\n}', "JSON that is not one article a line"),
        (make_zip({"a.txt": "words"}), "neither a Word document nor an EPUB"),
        (b"PK\x03\x04" + b"not really" * 9, "damaged zip"),
        (b"%PDF-1.7\n" + b"not really" * 9, "damaged PDF"),
    ],
    ids=["doc", "rtf", "odt", "list", "spread json", "zip", "broken zip", "broken pdf"],
)
def test_what_cannot_be_read_says_what_it_is(data: bytes, cause: str) -> None:
    with pytest.raises(BadArticle, match=cause):
        make_document("a.txt", data)
