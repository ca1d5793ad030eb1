"""The reply to a request about articles as a whole: which are meant, and what is told of them."""

from dataclasses import dataclass
from time import perf_counter

from embeddings import Encoder
from rag.answer.about import (
    by_date,
    facts_reply,
    list_reply,
    mentions_reply,
    summary_reply,
    titles_reply,
)
from rag.answer.request import Request
from rag.index.opened import OpenIndex
from rag.records import Article, Question, Reply
from rag.search.retrieval import make_query
from rag.search.survey import central, meant, mentioning

# Articles that one reply may be about, and sentences of the summary of one.
MOST_ARTICLES = 8
SUMMARY_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A reply, and when (`time.perf_counter`) encoding and searching for it were done."""

    reply: Reply
    embedded: float
    searched: float


def about_articles(
    index: OpenIndex, encoder: Encoder, question: Question, language: str, request: Request
) -> Told:
    """What ``request`` asks of articles of ``index``, told in ``language``."""
    query = make_query(request.subject or question.text, index, encoder)
    embedded = perf_counter()
    if request.about == "mentions":
        evidence = mentioning(index, query, question.filters)[:MOST_ARTICLES]
        return Told(mentions_reply(language, evidence, query.terms), embedded, perf_counter())
    if request.subject:
        articles = meant(index, query, question.filters)
    else:
        articles = index.listing(question.filters)
    searched = perf_counter()
    if request.about == "summary":
        most = SUMMARY_SENTENCES if request.subject or len(articles) == 1 else 1
        few = articles[: 1 if request.subject else MOST_ARTICLES]
        reply = summary_reply(language, central(index, few, most=most), query.terms)
    else:
        reply = _told_of(index, language, request, articles)
    return Told(reply, embedded, searched)


def _told_of(index: OpenIndex, language: str, request: Request, articles: list[Article]) -> Reply:
    """What is known of ``articles`` themselves."""
    about = request.about
    if about == "newest" or about == "oldest":
        articles = by_date(articles, newest_first=about == "newest")[:1]
    documents = [index.document(article.id) for article in articles[:MOST_ARTICLES]]
    if about == "author" or about == "published" or about == "publisher":
        return facts_reply(language, about, documents)
    if about == "list":
        return list_reply(language, documents, len(articles))
    return titles_reply(language, documents)
