"""Replies about the articles themselves: who wrote them, when and where, which there are.

Each statement is made of an article's metadata and cites the place of the article where the fact
stands, or, where it stands nowhere in the text (it was inferred, or came with the file), the
article's title or opening words, and says so.
"""

from collections.abc import Iterable, Sequence

from rag.answer.citations import cited
from rag.answer.compose import abstain, compose
from rag.answer.phrases import PHRASES, Language, reply_language
from rag.answer.request import Fact
from rag.records import Article, Document, Evidence, Ranks, Reply, Span

_CONTEXT = 160
_OPENING = 120
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"


def facts_reply(language: str, fact: Fact, documents: Sequence[Document]) -> Reply:
    """What is known of a fact of each article that has it; an abstention if none does."""
    spoken = reply_language(language)
    told = [document for document in documents if getattr(document.article, fact)]
    if not told:
        return abstain(language, "not_stated")
    lines = [_fact(spoken, fact, document) for document in told]
    places = [_place(document, getattr(document.article, fact)) for document in told]
    return cited(spoken, PHRASES[spoken].about_articles, lines, places)


def list_reply(language: str, documents: Sequence[Document], counted: int) -> Reply:
    """The titles of ``documents``, of ``counted`` in all; an abstention if there is none."""
    spoken = reply_language(language)
    return _listed(spoken, PHRASES[spoken].all_articles.format(count=counted), documents)


def titles_reply(language: str, documents: Sequence[Document]) -> Reply:
    """The titles of ``documents``, with author and date; an abstention if there is none."""
    spoken = reply_language(language)
    return _listed(spoken, PHRASES[spoken].about_articles, documents)


def by_date(articles: Iterable[Article], *, newest_first: bool) -> list[Article]:
    """Those of ``articles`` whose date is known, by date; of two of which one's date is known
    less far («2021» and «2021-06») that one is the older."""
    dated = [article for article in articles if article.published]
    return sorted(dated, key=lambda a: (a.published or "", a.id), reverse=newest_first)


def _listed(spoken: Language, lead: str, documents: Sequence[Document]) -> Reply:
    if not documents:
        return abstain(spoken, "nothing_found")
    lines = [_line(spoken, document.article) for document in documents]
    places = [_place(document, document.article.title or "") for document in documents]
    return cited(spoken, lead, lines, places)


def mentions_reply(language: str, evidence: Sequence[Evidence], terms: Sequence[str]) -> Reply:
    """Each article that mentions what was asked for, with the sentence that does."""
    if not evidence:
        return abstain(language, "nothing_found", (), terms)
    spoken = reply_language(language)
    lines = [f"{name_of(part.article)}: {part.quote}" for part in evidence]
    return cited(spoken, PHRASES[spoken].mentioned, lines, evidence)


def summary_reply(language: str, evidence: Sequence[Evidence], terms: Sequence[str]) -> Reply:
    """The sentences that say most, as they follow each other."""
    if not evidence:
        return abstain(language, "nothing_found", (), terms)
    return compose(language, evidence, PHRASES[reply_language(language)].summary)


def _fact(spoken: Language, fact: Fact, document: Document) -> str:
    label = getattr(PHRASES[spoken], fact)
    return f"{name_of(document.article)} — {label}: {_known(spoken, fact, document.article)}"


def _known(spoken: Language, fact: Fact, article: Article) -> str | None:
    """A field's value, with word of it where it was inferred."""
    value: str | None = getattr(article, fact)
    if value and fact == "published" and spoken == "ar":
        value = f"{_LEFT_TO_RIGHT}{value}{_END}"  # else 2024-01-08 is shown as 08-01-2024
    stated = value is None or article.provenance.get(fact) == "stated"
    return value if stated else PHRASES[spoken].inferred.format(value=value)


def _line(spoken: Language, article: Article) -> str:
    told = [name_of(article), _known(spoken, "author", article)]
    return " — ".join(filter(None, [*told, _known(spoken, "published", article)]))


def name_of(article: Article) -> str:
    """An article's title in quotation marks, or the name of its file."""
    return f"«{article.title}»" if article.title else article.filename


def _place(document: Document, value: str) -> Evidence:
    """Where ``value`` stands in the text, else the title, else the opening words."""
    text, title = document.text, document.article.title or ""
    for wanted in (value, title):
        at = text.find(wanted) if wanted else -1
        if at >= 0:
            return _evidence(document, Span(at, at + len(wanted)))
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    return _evidence(document, Span(start, min(end if end > 0 else len(text), start + _OPENING)))


def _evidence(document: Document, span: Span) -> Evidence:
    text = document.text
    return Evidence(
        article=document.article,
        span=span,
        quote=span.of(text),
        before=text[max(span.start - _CONTEXT, 0) : span.start],
        after=text[span.end : span.end + _CONTEXT],
        probability=1.0,  # what it is cited for is there to be read
        ranks=Ranks(None, None),
    )
