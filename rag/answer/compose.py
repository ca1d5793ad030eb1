"""Evidence to a reply: quoted and cited, or an abstention that offers what is near."""

from collections.abc import Sequence

from rag.answer.citations import cite, cited, unmarked
from rag.answer.extractive import in_reading_order
from rag.answer.phrases import PHRASES, reply_language
from rag.corpus.numbers import numbers
from rag.corpus.text import words
from rag.records import Abstention, Evidence, Reason, Reply

_CLOSEST = 3
# Two figures disagree where both parts are at least this well matched by the question's words.
_ON_THE_SUBJECT = 0.6
# A reply says so where the probability that its quotes answer is below this.
_SURE = 0.2


def compose(language: str, chosen: Sequence[Evidence], lead: str | None = None) -> Reply:
    """The reply to a question in ``language`` that quotes ``chosen``, most likely first.

    ``lead`` is what stands before the quotes; by default that the articles say so, or how
    unsure that is.
    """
    parts = in_reading_order(chosen)
    spoken = reply_language(language)
    quotes = [part.quote for part in parts]
    return cited(spoken, lead or _lead(language, chosen, parts), quotes, parts)


def _lead(language: str, chosen: Sequence[Evidence], parts: Sequence[Evidence]) -> str:
    phrases = PHRASES[reply_language(language)]
    if sum(part.probability for part in chosen) < _SURE:
        return phrases.unsure
    if disagree(parts):
        return phrases.disagree
    same = all(part.article.language == language for part in parts)
    return phrases.lead if same else phrases.lead_translated


def disagree(parts: Sequence[Evidence]) -> bool:
    """Whether parts of two articles give different figures where a figure was asked for."""
    figures = [
        (part.article.id, numbers(words(part.quote)))
        for part in parts
        if part.features.get("words", 0) >= _ON_THE_SUBJECT
        and (
            part.features.get("number_asked_and_there") or part.features.get("date_asked_and_there")
        )
    ]
    return any(
        article != other and not (figure & another)
        for article, figure in figures
        for other, another in figures
    )


def abstain(
    language: str, reason: Reason, evidence: Sequence[Evidence] = (), terms: Sequence[str] = ()
) -> Reply:
    """A reply that answers nothing, says why and what was looked for (``terms``), and offers the
    nearest passages as related."""
    spoken = reply_language(language)
    message = getattr(PHRASES[spoken], reason)
    if terms:
        looked_for = PHRASES[spoken].looked_for.format(terms=unmarked(" · ".join(terms)))
        message = f"{looked_for} {message}"
    closest = tuple(cite(part, None) for part in evidence[:_CLOSEST])
    return Reply(
        "abstained",
        spoken,
        message,
        abstention=Abstention(reason, message, closest),
    )
