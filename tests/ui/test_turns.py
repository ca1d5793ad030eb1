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
from ui.conversation import Conversation, Exchange, Growing, Notice
from ui.markup import shown
from ui.texts import TEXTS
from ui.turns import answer_html, growing_html, notice_html, question_html, turn_html, turns_html

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
        self.attributes: list[dict[str, str | None]] = []
        self.text = ""
        self.by_class: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.attributes.append(values)
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


def test_a_quote_that_the_answer_says_is_not_shown_twice() -> None:
    said = _Read(answer_html(_answered("the quote", _citation(1, "the quote"))))
    assert said.by_class["around repeated"]
    worded = _Read(answer_html(_answered("in other words", _citation(1, "the quote"))))
    assert worded.by_class["around"]


def test_directions_follow_the_language() -> None:
    assert 'dir="rtl"' in notice_html(Notice("x", "ar"))
    assert 'dir="ltr"' in notice_html(Notice("x", "fr"))
    assert 'dir="auto"' in question_html("x", TEXTS["en"])


def test_what_is_on_its_way_is_busy_and_cannot_be_changed_yet() -> None:
    for told, busy, buttons in (
        (Growing("ar"), "true", []),
        (Growing("ar", "جاء"), "true", []),
        (Growing("ar", "جاء", stopped=True), "false", ["edit", "again"]),
    ):
        read = _Read(turn_html(3, Exchange("سؤال", told), "en", last=True))
        assert [a["aria-busy"] for a in read.attributes if "aria-busy" in a] == [busy]
        offered = [a.get("data-do") or a.get("data-event") for a in read.attributes]
        assert [one for one in offered if one in ("edit", "again")] == buttons
    assert TEXTS["ar"].answering in _Read(growing_html(Growing("ar"), "en")).text
    assert TEXTS["en"].stopped in _Read(growing_html(Growing("ar", stopped=True), "en")).text


def test_all_but_the_last_exchange_are_turns_that_stay() -> None:
    answered = Exchange("q", _answered("x", _citation(1, "x")))
    conversation = Conversation().told(answered).told(answered).told(answered)
    read = _Read(turns_html(conversation, "en"))
    assert [a["data-turn"] for a in read.attributes if "data-turn" in a] == ["0", "1"]
    assert not [a for a in read.attributes if a.get("data-event") == "again"]


def test_what_is_copied_is_the_answer_with_its_sources() -> None:
    answer = _answered("the quote", _citation(1, "the quote", title=HOSTILE, author="Someone"))
    read = _Read(turn_html(0, Exchange("q", answer), "en"))
    (copied,) = [a["data-text"] for a in read.attributes if a.get("data-do") == "copy"]
    assert copied is not None
    assert copied.startswith(f"{answer.reply.text}\n\n[1] ")
    assert copied.endswith("Someone: {origin}/articles/a1?start=3&end=9")
