"""An article beside the chat, the quotes of one answer marked in it."""

from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import quote

from rag.records import Article, Citation, Document, Span
from ui.icons import icon
from ui.markup import about_html, button, direction, guessed_html, shown, title_of
from ui.texts import TEXTS, Language, Texts

# How much of a long article stands before and after the quote, in characters.
_BEFORE, _AFTER = 40_000, 80_000


def reader_html(
    document: Document,
    language: Language,
    *,
    passages: Sequence[Citation] = (),
    turn: int = 0,
    number: int = 0,
) -> str:
    """``document`` with the passage of that number (from 0, of ``passages`` of that ``turn``)
    marked as the one that is read, and the answer's others in it as others."""
    current = passages[number].span if passages else None
    article = document.article
    others = [p.span for p in passages if p.article.id == article.id and p.span != current]
    texts = TEXTS[language]
    return (
        f'<aside class="reader" aria-labelledby="reading" tabindex="-1" {direction(language)} '
        f'data-turn="{turn}" data-passage="{number if passages else ""}">'
        f"{_bar(article, texts, passages, turn, number)}"
        f'<div class="page" tabindex="0" role="region" aria-label="{shown(texts.article)}">'
        f"{_head(article, texts)}"
        f'<div class="text" {direction(article.language)}>'
        f"{_marked(document.text, current, others)}</div></div></aside>"
    )


def gone_html(language: Language) -> str:
    """In the place of an article that is no longer there."""
    texts = TEXTS[language]
    close = button("close", texts.close, do="close")
    return (
        f'<aside class="reader" aria-label="{shown(texts.article)}" tabindex="-1" '
        f'{direction(language)}><div class="bar"><span class="steps"></span>{close}</div>'
        f'<p class="notice">{shown(texts.gone)}</p></aside>'
    )


def _bar(
    article: Article, texts: Texts, passages: Sequence[Citation], turn: int, number: int
) -> str:
    steps = _steps(texts, turn, number, len(passages)) if passages else ""
    address = passages[number].view_url if passages else f"/articles/{article.id}"
    address = shown(quote(address, safe="/?=&") + ("#quote" if passages else ""))
    label = shown(texts.elsewhere)
    return (
        f'<div class="bar"><span class="steps">{steps}</span>'
        f'<a class="icon-button" href="{address}" target="_blank" rel="noopener" '
        f'aria-label="{label}" title="{label}">{icon("elsewhere")}</a>'
        f"{button('close', texts.close, do='close')}</div>"
    )


def _steps(texts: Texts, turn: int, number: int, count: int) -> str:
    """To the passages before and after, round and round."""
    position = texts.position.format(number=number + 1, count=count)
    if count == 1:
        return ""
    before, after = (number - 1) % count, (number + 1) % count
    return (
        button("previous", texts.previous, event="cite", turn=turn, passage=before)
        + f'<span class="position">{shown(position)}</span>'
        + button("next", texts.next, event="cite", turn=turn, passage=after)
    )


def _head(article: Article, texts: Texts) -> str:
    about = about_html(article, texts)
    return (
        f'<header {direction(article.language)}><h2 id="reading">{shown(title_of(article))}'
        f"{guessed_html(article, 'title', texts)}</h2>"
        f"{f'<p class=about>{about}</p>' if about else ''}</header>"
    )


def _marked(text: str, current: Span | None, others: Sequence[Span]) -> str:
    """``text`` around ``current``, which is marked, and with what of ``others`` lies beside it."""
    at = current or Span(0, 0)
    first, last = max(at.start - _BEFORE, 0), min(at.end + _AFTER, len(text))
    marks = [*_apart(at, others)] if current else []
    inside = [span for span in marks if first <= span.start and span.end <= last]
    edges = [first, *(edge for span in inside for edge in (span.start, span.end)), last]
    pieces = [shown(text[a:b]) for a, b in pairwise(edges)]
    for place, span in enumerate(inside):
        kind = 'id="quote" class="current"' if span == current else 'class="other"'
        pieces[2 * place + 1] = f"<mark {kind}>{pieces[2 * place + 1]}</mark>"
    return "…" * (first > 0) + "".join(pieces) + "…" * (last < len(text))


def _apart(current: Span, others: Sequence[Span]) -> list[Span]:
    """``current`` and those of ``others`` that overlap neither it nor each other, in order."""
    kept = [current]
    for span in others:
        if all(span.end <= one.start or one.end <= span.start for one in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
