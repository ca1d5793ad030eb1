"""The extractive composer: an answer is the sentences that answer, quoted, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace

from rag.corpus.text import grams, words
from rag.records import Evidence, Span

# Parts are added until this is the probability that the answer is among them, or until the next
# one is this much less likely than the best.
_ENOUGH = 0.8
_RUNNER_UP = 0.1
# Two parts that share this much of the shorter one's 4-grams say the same.
_SAME = 0.7
_LONGEST_QUOTE = 420


def select(evidence: Sequence[Evidence], *, threshold: float, most: int) -> list[Evidence]:
    """The parts to quote, in reading order; none if no part is likely enough to answer.

    Args:
        evidence: candidates, most likely first.
        threshold: the probability (0..1) that the likeliest part must have.
        most: how many statements there may be.
    """
    if not evidence or evidence[0].probability < threshold:
        return []
    chosen: list[Evidence] = []
    for part in evidence:
        likely = sum(other.probability for other in chosen)
        unlikely = part.probability < _RUNNER_UP * evidence[0].probability
        if len(chosen) == most or likely >= _ENOUGH or unlikely:
            break
        if not any(_says_the_same(part, other) for other in chosen):
            chosen.append(part)
    return _joined(_in_reading_order(chosen))


def _says_the_same(part: Evidence, other: Evidence) -> bool:
    a, b = _gram_set(part.quote), _gram_set(other.quote)
    return len(a & b) >= _SAME * min(len(a), len(b))


def _gram_set(text: str) -> frozenset[str]:
    return frozenset(gram for word in words(text) for gram in grams(word))


def _in_reading_order(chosen: list[Evidence]) -> list[Evidence]:
    """The article with the likeliest part first, and each article's parts as they stand in it."""
    articles = list(dict.fromkeys(part.article.id for part in chosen))
    return sorted(chosen, key=lambda part: (articles.index(part.article.id), part.span.start))


def _joined(chosen: list[Evidence]) -> list[Evidence]:
    """Clauses that follow each other in their article become one quote."""
    joined: list[Evidence] = []
    for part in chosen:
        if joined and (whole := _one_quote(joined[-1], part)):
            joined[-1] = whole
        else:
            joined.append(part)
    return joined


def _one_quote(first: Evidence, second: Evidence) -> Evidence | None:
    gap = second.span.start - first.span.end
    if first.article.id != second.article.id or not 0 <= gap <= len(first.after):
        return None
    between = first.after[:gap]
    if (
        any(char.isalnum() for char in between)
        or "\n" in between
        or len(first.quote + second.quote) > _LONGEST_QUOTE
    ):
        return None
    return replace(
        first,
        span=Span(first.span.start, second.span.end),
        quote=first.quote + between + second.quote,
        after=second.after,
        probability=max(first.probability, second.probability),
    )
