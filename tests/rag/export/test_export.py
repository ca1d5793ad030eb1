"""What is exported holds its promises in every form: read back, each quote is its article's text."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.answer.body import answer_body
from rag.conversations import KeptConversation, KeptTurn
from rag.engine import Engine
from rag.errors import ArticleNotFound
from rag.export import FORMS, markdown, page
from rag.export.view import View
from rag.records import (
    Answer,
    Article,
    Citation,
    IndexInfo,
    Question,
    Reply,
    Span,
    Statement,
    Timings,
)

QUESTIONS = (
    "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟",
    "What is Captagon of Assad?",
    "Combien gagne Daech grâce à la contrebande ?",
    "Who won the 2022 World Cup?",
    "hello",
)
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> </blockquote></div> & &lt; \"q\" 'a'\n\n"
    "# h\n    code\n* _i_ `c` [x](javascript:alert(1)) $$x$$ ${7*7} {{7}} www.a.b https://a.b a@b.c "
    "\u202eabc\u2066 [1] ^a^ ~~b~~ | c |\n---\n1. one\r\n> two :smile: \\ " + "x" * 10_000
)
ADDRESS = "http://127.0.0.1:8000"
# What a parser of HTML cannot be given at all, and lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r"))
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})
Exported = tuple[KeptConversation, tuple[KeptTurn, ...], View]


def _kept(
    answers: list[Answer], title: str = "عنوان"
) -> tuple[KeptConversation, tuple[KeptTurn, ...]]:
    moment = "2026-01-02T03:04:05.678+00:00"
    turns = tuple(KeptTurn(moment, answer) for answer in answers)
    return KeptConversation("c1", title, moment, moment), turns


@pytest.fixture(scope="module")
def text_of(engine: Engine) -> Callable[[str], str | None]:
    def text_of(article_id: str) -> str | None:
        try:
            return engine.document(article_id).text
        except ArticleNotFound:
            return None

    return text_of


@pytest.fixture(scope="module")
def answers(engine: Engine) -> list[Answer]:
    return [engine.ask(Question(question)) for question in QUESTIONS]


@pytest.fixture
def exported(answers: list[Answer], text_of: Callable[[str], str | None]) -> Exported:
    return *_kept(answers), View(ADDRESS, "ar", text_of)


def _cited(answers: list[Answer]) -> list[Citation]:
    """Every citation, numbered or near, in the order in which an export shows them."""
    return [
        citation
        for answer in answers
        for citation in (
            *answer.reply.citations,
            *(answer.reply.abstention.closest if answer.reply.abstention else ()),
        )
    ]


def _text(tokens: list[Token] | None) -> str:
    kinds = {"text", "text_special"}
    return "".join(token.content for token in tokens or () if token.type in kinds)


def _inlines(text: str, within: str) -> list[str]:
    """What a reader of Markdown sees in each block of a kind."""
    depth, found = 0, []
    for token in MARKDOWN.parse(text):
        depth += token.nesting if token.type.startswith(within) else 0
        if depth and token.type == "inline":
            found.append(_text(token.children))
    return found


def test_json_holds_the_body_of_each_answer(exported: Exported, answers: list[Answer]) -> None:
    read = json.loads(FORMS["json"](*exported))
    assert (read["format"], read["id"], read["title"]) == ("isnad-conversation/1", "c1", "عنوان")
    for turn, answer in zip(read["turns"], answers, strict=True):
        body = answer_body(answer)
        for one in turn["citations"] + (turn["abstention"] or {"closest": []})["closest"]:
            assert one.pop("standing") == "in_place"
            one["view_url"] = one["view_url"].removeprefix(ADDRESS).removesuffix("#quote")
        assert turn.pop("asked") == "2026-01-02T03:04:05.678+00:00"
        assert turn == json.loads(json.dumps(body))


def test_every_quote_in_json_is_its_article_s_text(
    exported: Exported, text_of: Callable[[str], str]
) -> None:
    read = json.loads(FORMS["json"](*exported))
    cited = [one for turn in read["turns"] for one in turn["citations"]]
    assert cited
    for one in cited:
        assert one["quote"] == text_of(one["article"]["id"])[one["start"] : one["end"]]


def test_every_quote_on_the_page_is_its_article_s_text(
    exported: Exported, answers: list[Answer], text_of: Callable[[str], str]
) -> None:
    read = html.fromstring(FORMS["html"](*exported))
    quotes = read.xpath("//blockquote")
    assert [q.text_content() for q in quotes] == [c.quote for c in _cited(answers)]
    for quote in quotes:
        start, end = (int(quote.get(name)) for name in ("data-start", "data-end"))
        assert quote.text_content() == text_of(quote.get("data-article"))[start:end]


def test_every_marker_on_the_page_leads_to_its_source(
    exported: Exported, answers: list[Answer]
) -> None:
    read = html.fromstring(FORMS["html"](*exported))
    markers = read.xpath("//a[@class='marker']")
    assert markers
    for marker in markers:
        (target,) = read.xpath("//li[@id=$name]", name=marker.get("href")[1:])
        assert marker.text == f"[{target.getparent().index(target) + 1}]"
    shown = [section.xpath("string(div)") for section in read.xpath("//section")]
    assert shown == ["".join(answer.reply.text.split("\n\n")) for answer in answers]


def test_every_quote_in_markdown_is_its_article_s_text(
    exported: Exported, answers: list[Answer]
) -> None:
    text = FORMS["md"](*exported)
    assert _inlines(text, "blockquote") == [citation.quote for citation in _cited(answers)]
    assert _inlines(text, "heading") == ["عنوان", *QUESTIONS]


def test_every_marker_in_markdown_leads_to_its_quote(
    exported: Exported, answers: list[Answer]
) -> None:
    inlines = [t for t in MARKDOWN.parse(FORMS["md"](*exported)) if t.type == "inline"]
    links = [
        (_text(children[n + 1 : n + 2] and children[n + 1 : _closing(children, n)]), token.attrs)
        for inline in inlines
        if (children := inline.children)
        for n, token in enumerate(children)
        if token.type == "link_open"
    ]
    leading = [(text, attrs["href"]) for text, attrs in links if re.fullmatch(r"\[\d+\]", text)]
    by_answer = [
        (f"[{number}]", f"{ADDRESS}{answer.reply.citations[number - 1].view_url}#quote")
        for answer in answers
        for statement in answer.reply.statements
        for number in statement.citations
    ]
    assert leading == by_answer


def _closing(tokens: list[Token], start: int) -> int:
    return next(n for n in range(start, len(tokens)) if tokens[n].type == "link_close")


def _hostile() -> Answer:
    article = Article(
        "a1", HOSTILE, "ar", title=HOSTILE, author=HOSTILE, url="javascript:alert(1)//https://x"
    )
    span = Span(3, 3 + len(HOSTILE))
    citation = Citation(1, HOSTILE, span, article, "", "", 0.5)
    statement = Statement("قيل (1) <b>x</b> *y*", (1,))
    reply = Reply("answered", "ar", f"جاء:\n\n{statement.marked}", (statement,), (citation,))
    info = IndexInfo("1", 1, 1, "m")
    return Answer("i", "c1", HOSTILE, reply, "extractive", None, info, Timings())


@pytest.fixture
def hostile() -> Exported:
    view = View(ADDRESS, "en", lambda _: "abc" + HOSTILE)
    return *_kept([_hostile()], title=HOSTILE), view


def test_hostile_text_is_text_on_the_page(hostile: Exported) -> None:
    text = FORMS["html"](*hostile)
    read = html.fromstring(text)
    assert read.xpath("string(//blockquote)") == HOSTILE
    assert read.xpath("string(//h2)") == read.xpath("string(//li//b)") == HOSTILE
    assert not read.xpath("//script | //img | //iframe | //@onerror | //a[starts-with(@href, 'j')]")
    assert len(read.xpath("//blockquote")) == len(read.xpath("//section")) == 1


def test_hostile_text_is_text_in_markdown(hostile: Exported) -> None:
    text = FORMS["md"](*hostile)
    assert _inlines(text, "blockquote") == [HOSTILE]
    assert _inlines(text, "heading") == [HOSTILE, HOSTILE]
    tokens = MARKDOWN.parse(text)
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "fence", "code_block", "table_open", "hr"}
    inner = [child for token in tokens for child in token.children or ()]
    assert not {child.type for child in inner} & {"html_inline", "code_inline", "em_open", "image"}
    links = {child.attrs["href"] for child in inner if child.type == "link_open"}
    # What some readers take for a link without being told.
    assert not re.search(r"https://a\.b|www\.a|a@b", text)
    assert links == {f"{ADDRESS}/articles/a1?start=3&end={3 + len(HOSTILE)}#quote"}


def test_what_turns_direction_is_written_out(hostile: Exported) -> None:
    for form in ("json", "md"):
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", FORMS[form](*hostile))
    assert json.loads(FORMS["json"](*hostile))["turns"][0]["citations"][0]["quote"] == HOSTILE


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("text", "standing"), [(None, "gone"), ("another text", "changed")])
def test_a_quote_that_can_no_longer_be_checked_says_so(
    answers: list[Answer], form: str, text: str | None, standing: str
) -> None:
    view = View(ADDRESS, "fr", lambda _: text)
    whole = FORMS[form](*_kept(answers[:1]), view)  # type: ignore[index]
    if form == "json":
        cited = json.loads(whole)["turns"][0]["citations"]
        assert {one["standing"] for one in cited} == {standing}
    else:
        said = {"gone": "ne fait plus partie des articles", "changed": "a changé ici"}[standing]
        assert said in whole


def test_the_original_is_linked_where_it_can_be_opened(
    answers: list[Answer], text_of: Callable[[str], str | None]
) -> None:
    for url, linked in (
        ("https://a.example/x?(y)&z=<é>", True),
        ("ftp://a", False),
        ("//a", False),
        ("https://[", False),
    ):
        first = answers[0].reply
        citations = tuple(replace(c, article=replace(c.article, url=url)) for c in first.citations)
        answer = replace(answers[0], reply=replace(first, citations=citations))
        shown = FORMS["html"](*_kept([answer]), View(ADDRESS, "en", text_of))
        links = html.fromstring(shown).xpath("//a[@rel]/@href")
        assert links == [url] * len(citations) * linked
        written = FORMS["md"](*_kept([answer]), View(ADDRESS, "en", text_of))
        assert written.count("[original]") == len(citations) * linked


@given(TEXTS)
@example("- a")
@example("12. a")
@example("   \n\u2028\u00a0x\u00a0")
@example(HOSTILE)
@example("www.a.b:x")
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    if text:
        tokens = MARKDOWN.parse(f"> {markdown.as_text(text)}")
        assert [token.type for token in tokens][1:-1] == [
            "paragraph_open",
            "inline",
            "paragraph_close",
        ]
        assert _text(tokens[2].children) == text


@given(TEXTS)
@example(HOSTILE)
def test_a_page_shows_any_text_as_it_is(text: str) -> None:
    read = html.fromstring(f"<div><b>{page.as_text(text)}</b><i></i></div>")
    assert [element.tag for element in read] == ["b", "i"]
    assert read[0].text_content() == text


def test_the_page_fetches_nothing(exported: Exported) -> None:
    read = html.fromstring(FORMS["html"](*exported))
    assert read.xpath("//@src | //script | //style[contains(., 'url(')]") == []
    assert read.xpath("//link/@href") == ["data:,"]
