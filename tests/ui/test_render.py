"""Whatever a text holds is shown as that text."""

import re
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rag.records import (
    Abstention,
    Answer,
    Article,
    Citation,
    IndexInfo,
    Reply,
    Span,
    Statement,
    Timings,
)
from ui.render import answer_html, notice_html, question_html
from ui.shown import shown

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> </blockquote></div> & &lt; \"q\" 'a'\n\n"
    "# h\n    code\n* _i_ `c` [x](javascript:alert(1)) $$x$$ ${7*7} {{7}} \u202eabc"
)
ANY = st.text(st.characters(exclude_categories=["Cs"]))


class _Read(HTMLParser):
    """What a browser makes of a piece of HTML: its elements, its text, the text of each class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.by_class: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self._open.append(values.get("class") or "")
        self.by_class.setdefault(self._open[-1], []).append("")
        self.links += [values["href"] or ""] if "href" in values else []

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        for name in self._open:
            self.by_class[name][-1] += data


def _citation(number: int | None, text: str, **known: Any) -> Citation:
    article = Article("a1", "f.txt", "ar", **known)
    return Citation(number, text, Span(3, 9), article, "before " * 40, "after " * 40, 0.5)


def _answer(reply: Reply) -> Answer:
    return Answer("i", "c", "q", reply, "extractive", None, IndexInfo("1", 1, 1, "m"), Timings())


def _answered(text: str, citation: Citation) -> Answer:
    statement = Statement(text, (1,))
    reply = Reply("answered", "ar", f"جاء:\n\n{statement.marked}", (statement,), (citation,))
    return _answer(reply)


@given(ANY)
def test_text_is_shown_as_it_is(text: str) -> None:
    read = _Read(f"<p>{shown(text)}</p>")
    # What no browser shows at all is shown as U+FFFD.
    assert read.text == re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\ufffd", text)
    assert read.tags == ["p"]


@given(ANY)
def test_nothing_in_it_is_markup_to_any_reader(text: str) -> None:
    assert not re.search(r"[<>\"'`*_\[\](){}$\\~|!\n\r\t]", shown(text))


def test_lone_surrogates_can_be_sent() -> None:
    assert shown("a\ud800b") == "a&#63;b"


def test_an_answer_shows_its_sources() -> None:
    known = {"title": "عنوان", "author": "كاتب", "published": "2023-04"}
    citation = _citation(1, "نصّ الاقتباس", **known, provenance={"published": "inferred"})
    read = _Read(answer_html(_answered("نصّ الاقتباس", citation)))
    assert read.by_class["quote"] == ["نصّ الاقتباس"]
    assert read.by_class["marker"] == ["[1]"]
    assert read.by_class["number"] == ["1"]
    assert read.by_class["title"] == ["عنوان"]
    assert read.by_class["about"] == ["كاتب · 2023-04 (مستنتَج)"]
    assert set(read.links) == {"/articles/a1?start=3&end=9#quote"}


def test_a_source_without_a_title_is_called_by_its_file() -> None:
    read = _Read(answer_html(_answered("x", _citation(1, "x"))))
    assert read.by_class["title"] == ["f.txt"]
    assert "about" not in read.by_class


def test_what_an_article_holds_is_shown_as_text() -> None:
    citation = _citation(1, HOSTILE, title=HOSTILE, author=HOSTILE, publisher=HOSTILE)
    html = answer_html(_answered("x", citation))
    read = _Read(html)
    assert not {"script", "img"} & set(read.tags)
    assert read.by_class["quote"] == read.by_class["title"] == [HOSTILE]
    assert "\n" not in html  # to Markdown, the whole is one block of HTML


def test_an_abstention_has_no_numbers() -> None:
    near = _citation(None, "قريب", title="عنوان")
    abstention = Abstention("not_supported", "لا جواب", (near,))
    reply = Reply("abstained", "ar", "لا جواب", abstention=abstention)
    read = _Read(answer_html(_answer(reply)))
    assert read.by_class["quote"] == ["قريب"]
    assert {"reply abstained", "related"} <= read.by_class.keys()
    assert not {"marker", "number", "sources"} & read.by_class.keys()


def test_directions_follow_the_language() -> None:
    assert 'dir="rtl"' in notice_html("x", "ar")
    assert 'dir="ltr"' in notice_html("x", "fr")
    assert 'dir="auto"' in question_html("x")
