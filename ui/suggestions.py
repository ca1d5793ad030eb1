"""Questions that are offered: made from the articles, and only those that the engine answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from rag.corpus.terms import key_terms
from rag.engine import Engine
from rag.records import Answer, Article, Citation, Question
from ui.markup import spoken
from ui.texts import TEXTS, Texts

EXAMPLES = 4
FOLLOW_UPS = 3
# How many articles are read, and how many questions are tried: each costs a search.
_READ = 12
_TRIED = 12
_TRIED_AFTER = 6
_TERMS_AFTER = 2
_KINDS = 4
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question as it is asked (``text``) and as it is offered, which is short."""

    text: str
    offered: str


def example_questions(engine: Engine, texts: Texts) -> tuple[Suggestion, ...]:
    """Up to four questions to begin with, on different articles and of different kinds."""
    articles = list(islice(engine.articles(), _READ))
    kinds = (_of_kind(engine, articles, texts, turn) for turn in range(_KINDS))
    # The first article with the first kind of question, the second with the second, and so on.
    tried = chain.from_iterable(kinds)
    answered = (one for one in islice(tried, _TRIED) if _answer(engine, one))
    return tuple(islice(answered, EXAMPLES))


def follow_ups(engine: Engine, answer: Answer) -> tuple[Suggestion, ...]:
    """Up to three questions that go on from ``answer``: each is answered by something that it did
    not quote."""
    reply = answer.reply
    texts = TEXTS[spoken(reply.language)]
    passages = reply.citations or (reply.abstention.closest if reply.abstention else ())
    articles = dict.fromkeys(passage.article.id for passage in passages)
    known = {passage.article.id: passage.article for passage in passages}
    said = " ".join([answer.question, *(passage.quote for passage in passages)])
    tried = chain.from_iterable(_after(engine, known[one], said, texts) for one in articles)
    new = (one for one in islice(tried, _TRIED_AFTER) if _is_new(_answer(engine, one), passages))
    return tuple(islice(new, FOLLOW_UPS))


def _of_kind(
    engine: Engine, articles: Sequence[Article], texts: Texts, turn: int
) -> Iterator[Suggestion]:
    """A question on each article, the kinds of questions taking turns, beginning with ``turn``."""
    for number, article in enumerate(articles, start=turn):
        kinds = (texts.example, texts.mentions, texts.example, texts.summarise)
        kind = kinds[number % _KINDS]
        terms = key_terms(engine.document(article.id).text, article.title or "")
        subject = article.title if kind == texts.summarise else next(iter(terms), article.title)
        if subject:
            yield _suggestion(kind, subject)


def _after(engine: Engine, article: Article, said: str, texts: Texts) -> Iterator[Suggestion]:
    """Questions that go on with ``article`` after what was ``said``."""
    terms = key_terms(engine.document(article.id).text, article.title or "")
    unsaid = (term for term in terms if term not in said)
    yield from (_suggestion(texts.example, term) for term in islice(unsaid, _TERMS_AFTER))
    if article.title and article.title not in said:
        yield _suggestion(texts.summarise, article.title)


def _suggestion(template: str, subject: str) -> Suggestion:
    subject = " ".join(subject.split())
    asked, offered = (template.format(title=_isolated(one)) for one in (subject, _short(subject)))
    return Suggestion(asked, offered)


def _isolated(title: str) -> str:
    """``title`` so that its direction does not disturb the question around it (Unicode UAX 9)."""
    return f"\u2068{title}\u2069"


def _answer(engine: Engine, suggestion: Suggestion) -> Answer | None:
    """The engine's answer, if it has one; never by a language model, which would take too long."""
    answer = engine.ask(Question(suggestion.text, composer="extractive"))
    return answer if answer.reply.status == "answered" else None


def _is_new(answer: Answer | None, passages: Iterable[Citation]) -> bool:
    shown = {(passage.article.id, passage.span) for passage in passages}
    return answer is not None and any(
        (citation.article.id, citation.span) not in shown for citation in answer.reply.citations
    )


def _short(title: str) -> str:
    """The first words of ``title`` if it is long."""
    if len(title) <= _LONGEST:
        return title
    kept = title[: _LONGEST + 1].rpartition(" ")[0] or title[:_LONGEST]
    return kept.rstrip(" .،,:؛;") + "…"
