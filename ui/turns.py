"""A conversation as HTML: each question, its answer with its sources, and what can be done next.

What is ours beside an answer is in the answer's language, what belongs to the window in the
window's. Passages of a turn, cited or only related, are numbered from 0 for the reader.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from api.footnotes import footnotes
from rag.answer.phrases import CAUTIONS, reply_language
from rag.records import Answer, Citation
from ui.conversation import Conversation, Exchange, Growing, Notice
from ui.icons import icon
from ui.markup import about_html, button, direction, guessed_html, shown, side, spoken, title_of
from ui.suggestions import Suggestion
from ui.texts import TEXTS, Language, Texts
from ui.worth import worth_html

# How much of the text around a quote is shown beside it, in characters.
_AROUND = 90
_TRAILING_SPACE = re.compile(" $")
_MARKER = re.compile(r"\[(\d+)\]")
# Where a copied source is found: the browser knows under which name we are reached.
_ORIGIN = "{origin}"


def turns_html(conversation: Conversation, language: Language) -> str:
    """Every exchange but the last, in order."""
    turns = enumerate(conversation.exchanges[:-1])
    return "".join(turn_html(number, one, language) for number, one in turns)


def turn_html(
    number: int,
    exchange: Exchange,
    language: Language,
    *,
    last: bool = False,
    suggestions: Sequence[Suggestion] = (),
) -> str:
    """One exchange. The ``last`` one can be asked anew and its question edited."""
    told = exchange.told
    if isinstance(told, Notice):
        reply = notice_html(told)
    elif isinstance(told, Growing):
        reply = growing_html(told, language)
    else:
        reply = answer_html(told)
    can_change = last and not (isinstance(told, Growing) and not told.stopped)
    asked = question_html(exchange.question, TEXTS[language], can_change=can_change)
    actions = _actions(number, exchange, language, can_change)
    return (
        f'<article class="turn{" last" if last else ""}" data-turn="{number}">'
        f"{asked}{reply}{actions}{_offered(told, suggestions)}</article>"
    )


def question_html(text: str, texts: Texts, *, can_change: bool = False) -> str:
    """What was asked, and the form to change it."""
    asked = f'<h2 class="asked" dir="auto">{shown(text)}</h2>'
    if not can_change:
        return f'<div class="asking">{asked}</div>'
    return (
        f'<div class="asking">{button("edit", texts.edit, do="edit")}{asked}</div>'
        f'<form class="editing" hidden>'
        f'<textarea dir="auto" rows="3" aria-label="{shown(texts.edit)}">{shown(text)}</textarea>'
        f'<button type="button" class="plain" data-do="cancel">{shown(texts.cancel)}</button>'
        f'<button type="submit" class="primary">{shown(texts.ask_again)}</button></form>'
    )


def notice_html(notice: Notice) -> str:
    """A word of ours about what went wrong."""
    return f'<div class="notice" {direction(notice.language)}>{shown(notice.text)}</div>'


def growing_html(growing: Growing, language: Language) -> str:
    """An answer on its way, or as far as it came."""
    texts = TEXTS[spoken(growing.language)]
    body = _paragraphs(growing.text, growing.citations, texts)
    if growing.citations:
        body += _list("sources", texts.sources, growing.citations, growing.text, texts)
    if growing.stopped:
        body += f'<p class="stopped" {direction(language)}>{shown(TEXTS[language].stopped)}</p>'
    elif not growing.text:
        body = f'<p class="searching">{shown(texts.answering)}</p>'
    busy = "false" if growing.stopped else "true"
    return (
        f'<div class="reply growing" aria-busy="{busy}" {direction(growing.language)}>{body}</div>'
    )


def answer_html(answer: Answer) -> str:
    """The reply, its markers leading to their quotes, and its sources under it."""
    reply = answer.reply
    texts = TEXTS[spoken(reply.language)]
    parts = [_paragraphs(reply.text, reply.citations, texts)]
    if reply.citations:
        parts.append(_list("sources", texts.sources, reply.citations, reply.text, texts))
    if reply.abstention:
        parts[0] = f'<div class="refusal">{icon("unfound")}<div>{parts[0]}</div></div>'
        if near := reply.abstention.closest:
            parts.append(_list("related", texts.related, near, "", texts))
    cautions = CAUTIONS[reply_language(reply.language)]
    parts += [f'<p class="caution">{shown(cautions[warning])}</p>' for warning in answer.warnings]
    return f'<div class="reply {reply.status}" {direction(reply.language)}>{"".join(parts)}</div>'


def _paragraphs(text: str, citations: Sequence[Citation], texts: Texts) -> str:
    by_number = {citation.number: citation for citation in citations}
    blocks = (block for block in text.split("\n\n") if block.strip())
    return "".join(_paragraph(block, by_number, texts) for block in blocks)


def _paragraph(block: str, by_number: dict[int | None, Citation], texts: Texts) -> str:
    """``block`` with each marker as a link to the quote it stands for."""
    pieces = _MARKER.split(block)  # text, number, text, number, …, text
    linked = [shown(pieces[0])]
    for number, following in zip(pieces[1::2], pieces[2::2], strict=True):
        # A marker stays with the word before it.
        linked[-1] = _TRAILING_SPACE.sub("&nbsp;", linked[-1])
        linked += [_marker(by_number[int(number)], texts), shown(following)]
    kind = "said" if len(pieces) > 1 else "lead"
    return f'<p class="{kind}" dir="auto">{"".join(linked)}</p>'


def _marker(citation: Citation, texts: Texts) -> str:
    number = citation.number or 0
    label = texts.source.format(number=number, title=title_of(citation.article))
    return (
        f'<a class="marker" {_link(citation)} data-passage="{number - 1}" '
        f'aria-label="{shown(label)}"><i>&#91;</i>{number}<i>&#93;</i></a>'
    )


def _link(citation: Citation) -> str:
    # The id is a hash of ours; quoted all the same, since the index is a file like any other.
    address = shown(quote(citation.view_url, safe="/?=&") + "#quote")
    return f'href="{address}" target="_blank" rel="noopener"'


def _list(kind: str, label: str, citations: Sequence[Citation], said: str, texts: Texts) -> str:
    items = "".join(_passage(n, one, said, texts) for n, one in enumerate(citations))
    label = shown(label)
    return (
        f'<section class="{kind}" aria-label="{label}"><h3>{label}</h3><ol>{items}</ol></section>'
    )


def _passage(number: int, citation: Citation, said: str, texts: Texts) -> str:
    """One source: title, who and when, the exact quote, all in the direction of its article. A
    quote that was ``said`` in full is only shown where it is asked for."""
    article = citation.article
    mark = "" if citation.number is None else f'<span class="number">{citation.number}</span>'
    about = about_html(article, texts)
    repeated = " repeated" if " ".join(citation.quote.split()) in said else ""
    return (
        f'<li class="passage" data-passage="{number}">'
        f'<a class="open" {_link(citation)} data-passage="{number}">{mark}'
        f'<span class="what" dir="{side(article.language)}">'
        f'<span class="title"><bdi>{shown(title_of(article))}</bdi>'
        f"{guessed_html(article, 'title', texts)}</span>"
        f'{f"""<span class="about">{about}</span>""" if about else ""}</span></a>'
        f'<blockquote class="around{repeated}" dir="auto" lang="{shown(article.language)}">'
        f"{_in_place(citation)}</blockquote></li>"
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


def _actions(number: int, exchange: Exchange, language: Language, can_change: bool) -> str:
    """What can be done with an answer."""
    texts = TEXTS[language]
    buttons = []
    if exchange.answer:
        copied = f"{exchange.answer.reply.text}\n\n{footnotes(exchange.answer, _found)}".strip()
        buttons.append(button("copy", texts.copy, do="copy", text=copied, done=texts.copied))
    if can_change:
        buttons.append(button("again", texts.again, event="again", turn=number))
    if exchange.answer:
        buttons.append(worth_html(exchange.answer, language))
    return f'<div class="actions">{"".join(buttons)}</div>' if buttons else ""


def _found(citation: Citation) -> str:
    return f"{_ORIGIN}{citation.view_url}"


def _offered(told: Answer | Notice | Growing, suggestions: Sequence[Suggestion]) -> str:
    if not suggestions or not isinstance(told, Answer):
        return ""
    language = spoken(told.reply.language)
    label = shown(TEXTS[language].go_on)
    return (
        f'<section class="go-on" aria-label="{label}" {direction(language)}><h3>{label}</h3>'
        f"{suggestions_html(suggestions)}</section>"
    )


def suggestions_html(suggestions: Sequence[Suggestion]) -> str:
    """Questions that a press asks."""
    return "".join(
        f'<button type="button" class="suggestion" dir="auto" data-event="ask" '
        f'data-text="{shown(one.text)}">{shown(one.offered)}</button>'
        for one in suggestions
    )
