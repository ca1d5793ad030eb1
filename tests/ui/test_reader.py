"""The article beside the chat."""

import re
from html import unescape

from rag.records import Article, Citation, Document, Span
from ui.reader import reader_html

HOSTILE = "<script>alert(1)</script> ${7*7} {{7}} & \u202eabc\n\n"
TEXT = f"{HOSTILE}One sentence. Another sentence. A third. {HOSTILE}"
ARTICLE = Article("a1", "f.txt", "en", title=HOSTILE)


def _citation(number: int, quote: str, article: Article = ARTICLE) -> Citation:
    start = TEXT.index(quote)
    return Citation(number, quote, Span(start, start + len(quote)), article, "", "", 0.5)


def _marks(html: str, kind: str) -> list[str]:
    return [unescape(m) for m in re.findall(rf'<mark [^>]*class="{kind}">(.*?)</mark>', html, re.S)]


PASSAGES = [_citation(1, "One sentence."), _citation(2, "Another sentence. A third."),
            _citation(3, "A third."), _citation(4, "One", Article("b", "b.txt", "en"))]  # fmt: skip


def test_the_passage_is_marked_and_the_answers_others_beside_it() -> None:
    html = reader_html(Document(ARTICLE, TEXT), "en", passages=PASSAGES, turn=2, number=0)
    assert _marks(html, "current") == ["One sentence."]
    assert _marks(html, "other") == ["Another sentence. A third."]
    third = reader_html(Document(ARTICLE, TEXT), "en", passages=PASSAGES, turn=2, number=2)
    assert _marks(third, "current") == ["A third."]
    assert _marks(third, "other") == ["One sentence."]


def test_the_text_is_shown_as_it_is() -> None:
    html = reader_html(Document(ARTICLE, TEXT), "ar", passages=PASSAGES, number=1)
    body = html[html.index('class="text"') :]
    text = unescape(re.sub(r"<[^>]*>", "", body[body.index(">") + 1 :]))
    assert text == TEXT
    assert "<script" not in html


def test_steps_go_round() -> None:
    for number, (before, after) in {0: ("3", "1"), 3: ("2", "0")}.items():
        html = reader_html(Document(ARTICLE, TEXT), "en", passages=PASSAGES, number=number)
        assert re.findall(r'data-event="cite" data-turn="0" data-passage="(\d)"', html) == [
            before,
            after,
        ]
    alone = reader_html(Document(ARTICLE, TEXT), "en", passages=PASSAGES[:1])
    assert "data-event" not in alone


def test_of_a_long_article_what_is_around_the_quote() -> None:
    text = "before " * 20_000 + "QUOTE" + " after" * 20_000
    quote = Citation(1, "QUOTE", Span(140_000, 140_005), ARTICLE, "", "", 0.5)
    html = reader_html(Document(ARTICLE, text), "en", passages=[quote])
    assert _marks(html, "current") == ["QUOTE"]
    assert len(html) < 200_000


def test_an_article_can_be_read_by_itself() -> None:
    html = reader_html(Document(ARTICLE, TEXT), "en")
    assert "<mark" not in html
    assert 'href="&#47;articles&#47;a1"' in html
