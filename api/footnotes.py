"""Sources as text, for clients that show nothing but text."""

from collections.abc import Callable

from rag.records import MARKER, Answer, Article, Citation

_INFERRED = {"ar": "مستنتَج", "en": "inferred", "fr": "déduit"}


def footnotes(answer: Answer, locate: Callable[[Citation], str]) -> str:
    """The numbered sources of an answer, or the passages an abstention offers, a line each.

    ``locate`` says where a quote can be found.
    """
    reply = answer.reply
    if reply.abstention:
        near = reply.abstention.closest
        return "\n".join(f"- {_line(c.quote)} ({_source(c, reply.language, locate)})" for c in near)
    return "\n".join(f"[{c.number}] {_source(c, reply.language, locate)}" for c in reply.citations)


def _source(citation: Citation, language: str, locate: Callable[[Citation], str]) -> str:
    article = citation.article
    known = (article.title or article.filename, article.author, article.publisher)
    named = [_line(part) for part in (*known, _date(article, language)) if part]
    return f"{', '.join(named)}: {locate(citation)}"


def _date(article: Article, language: str) -> str | None:
    if article.published and article.provenance.get("published") == "inferred":
        return f"{article.published} ({_INFERRED[language]})"
    return article.published


def _line(text: str) -> str:
    """``text`` on one line, with nothing in it that could be taken for a marker of ours."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(MARKER.sub(r"(\1)", shown).split())
