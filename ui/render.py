"""Records to HTML. All text is somebody else's: `shown` makes it text, whatever it holds."""

import re
from urllib.parse import quote

from api.reading import RIGHT_TO_LEFT
from rag.records import Answer, Article, Citation, Reply
from ui.conversation import Conversation, Exchange
from ui.shown import shown
from ui.texts import NAMES, TEXTS, Language, Texts
from ui.worth import worth_html

# How much of the text around a quote is shown beside it, in characters.
_AROUND = 90
_MARKER = re.compile(r"\[(\d+)\]")


def conversation_html(conversation: Conversation) -> str:
    """Every exchange, in order."""
    turns = (_turn(number, one) for number, one in enumerate(conversation.exchanges))
    return f'<div class="turns">{"".join(turns)}</div>'


def _turn(number: int, exchange: Exchange) -> str:
    told = exchange.told
    reply = answer_html(told) if isinstance(told, Answer) else notice_html(told.text, told.language)
    worth = worth_html(told) if isinstance(told, Answer) else ""
    asked = question_html(exchange.question)
    return f'<div class="turn" data-turn="{number}">{asked}{reply}{worth}</div>'


def first_screen_html(examples: list[dict[str, str]], word: str) -> str:
    """What is shown before anything was asked."""
    offered = "".join(
        f'<button class="example" dir="auto" data-event="ask" data-text="{shown(one["text"])}">'
        f"{shown(one['display_text'])}</button>"
        for one in examples
    )
    return f'<div class="first"><p>{shown(word)}</p><div class="examples">{offered}</div></div>'


def language_choice_html() -> str:
    """The languages of the interface, each called as it calls itself."""
    options = "".join(
        f'<option value="{language}" lang="{language}">{name}</option>'
        for language, name in NAMES.items()
    )
    return f'<select class="language" aria-label="Language">{options}</select>'


def question_html(text: str) -> str:
    """What was asked."""
    return f'<div class="asked" dir="auto">{shown(text)}</div>'


def notice_html(text: str, language: Language) -> str:
    """A word of ours about what went wrong."""
    return f'<div class="notice" {_direction(language)} role="status">{shown(text)}</div>'


def answer_html(answer: Answer) -> str:
    """The reply, its markers leading to their quotes, and its sources under it."""
    reply = answer.reply
    texts = TEXTS[_spoken(reply)]
    parts = [_paragraphs(reply)]
    if reply.citations:
        parts.append(_list("sources", texts.sources, reply.citations, texts))
    if reply.abstention and reply.abstention.closest:
        parts.append(_list("related", texts.related, reply.abstention.closest, texts))
    return f'<div class="reply {reply.status}" {_direction(reply.language)}>{"".join(parts)}</div>'


def _spoken(reply: Reply) -> Language:
    return next((language for language in TEXTS if language == reply.language), "en")


def _direction(language: str) -> str:
    return f'lang="{shown(language)}" dir="{_side(language)}"'


def _side(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _paragraphs(reply: Reply) -> str:
    by_number = {citation.number: citation for citation in reply.citations}
    blocks = (block for block in reply.text.split("\n\n") if block.strip())
    return "".join(f'<p dir="auto">{_linked(block, by_number)}</p>' for block in blocks)


def _linked(text: str, by_number: dict[int | None, Citation]) -> str:
    """``text`` with each marker as a link to the quote it stands for."""
    pieces = _MARKER.split(text)  # text, number, text, number, …, text
    linked = [shown(pieces[0])]
    for number, following in zip(pieces[1::2], pieces[2::2], strict=True):
        linked += [_marker(by_number[int(number)]), shown(following)]
    return "".join(linked)


def _marker(citation: Citation) -> str:
    title = shown(_title(citation.article))
    return (
        f'<a class="marker" {_link(citation)} title="{title}">'
        f"<i>&#91;</i>{citation.number}<i>&#93;</i></a>"
    )


def _link(citation: Citation) -> str:
    # The id is a hash of ours; quoted all the same, since the index is a file like any other.
    address = shown(quote(citation.view_url, safe="/?=&") + "#quote")
    return f'href="{address}" target="_blank" rel="noopener"'


def _title(article: Article) -> str:
    return article.title or article.filename


def _list(kind: str, label: str, citations: tuple[Citation, ...], texts: Texts) -> str:
    items = "".join(_source(citation, texts) for citation in citations)
    return f'<section class="{kind}"><h3>{shown(label)}</h3><ol>{items}</ol></section>'


def _source(citation: Citation, texts: Texts) -> str:
    """One source: title, who and when, the exact quote, all in the direction of its article."""
    article = citation.article
    language = shown(article.language)
    number = "" if citation.number is None else f'<span class="number">{citation.number}</span>'
    title = f"<bdi>{shown(_title(article))}</bdi>{_inferred(article, 'title', texts)}"
    return (
        f'<li dir="{_side(article.language)}">{number}<div class="source">'
        f'<p class="title">{title}</p>'
        f"{_about(article, texts)}"
        f'<blockquote dir="auto" lang="{language}">{_in_place(citation)}</blockquote>'
        f'<a class="read" {_link(citation)}>{shown(texts.read)}</a>'
        f"</div></li>"
    )


def _in_place(citation: Citation) -> str:
    """The exact quote between the words around it, which are shown as no part of it."""
    before = " ".join(citation.before.split())
    after = " ".join(citation.after.split())
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + " …"
    before += " " * citation.before[-1:].isspace()
    after = " " * citation.after[:1].isspace() + after
    near = [f'<span class="near">{shown(text)}</span>' for text in (before, after)]
    return f'{near[0]}<mark class="quote">{shown(citation.quote)}</mark>{near[1]}'


def _about(article: Article, texts: Texts) -> str:
    facts = [_fact(article, name, texts) for name in ("author", "publisher", "published")]
    if article.repairs:
        facts.append(shown(texts.repaired))
    line = " · ".join(fact for fact in facts if fact)
    return f'<p class="about">{line}</p>' if line else ""


def _fact(article: Article, name: str, texts: Texts) -> str:
    value = getattr(article, name)
    return f"<bdi>{shown(value)}</bdi>{_inferred(article, name, texts)}" if value else ""


def _inferred(article: Article, name: str, texts: Texts) -> str:
    if article.provenance.get(name) != "inferred":
        return ""
    return f' <small dir="auto">({shown(texts.inferred)})</small>'
