"""What an export adds to a source as kept: where it is read, and whether it still stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from rag.answer.phrases import Language
from rag.export.labels import LABELS, Labels
from rag.records import Article, Citation

# Whether the quote is, now, at its place in its article: ``in_place``; the article's text is
# another one there: ``changed``; there is no such article any more: ``gone``.
Standing = Literal["in_place", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class View:
    """``address`` is where the articles are served (scheme and host), ``text_of`` gives the
    canonical text of an article by its id, or ``None`` where there is none."""

    address: str
    language: Language
    text_of: Callable[[str], str | None]

    @property
    def labels(self) -> Labels:
        """Our words, in the reader's language."""
        return LABELS[self.language]

    def link(self, citation: Citation) -> str:
        """Where the article opens at the quote. Its id is quoted, though it is a hash of ours."""
        return quote(self.address + citation.view_url, safe=":/?=&[]") + "#quote"

    def standing(self, citation: Citation) -> Standing:
        """Whether the promise of a quote can still be checked, and holds."""
        text = self.text_of(citation.article.id)
        if text is None:
            return "gone"
        return "in_place" if citation.span.of(text) == citation.quote else "changed"

    def facts(self, article: Article) -> list[str]:
        """Who, where and when, and what is to be known of the text."""
        facts = [self._fact(article, name) for name in ("author", "publisher", "published")]
        if article.quality != "clean":
            facts.append(getattr(self.labels, article.quality))
        return [fact for fact in facts if fact]

    def place(self, citation: Citation) -> list[str]:
        """Where in its article a quote stands, and what became of it."""
        labels, span = self.labels, citation.span
        parts = [labels.characters.format(start=span.start, end=span.end)]
        if citation.page is not None:
            parts.append(labels.page.format(page=citation.page))
        standing = self.standing(citation)
        return parts if standing == "in_place" else [*parts, getattr(labels, standing)]

    def _fact(self, article: Article, name: str) -> str:
        value: str | None = getattr(article, name)
        if value and article.provenance.get(name) == "inferred":
            return f"{value} ({self.labels.inferred})"
        return value or ""


def title_of(article: Article) -> str:
    """What an article is called; its file's name where nothing else is known."""
    return article.title or article.filename


def web_address(article: Article) -> str | None:
    """Where the article was published, if that can be opened: no ``javascript:`` and the like."""
    try:
        scheme = urlsplit(article.url or "").scheme
    except ValueError:
        return None
    return article.url if scheme in ("http", "https") else None
