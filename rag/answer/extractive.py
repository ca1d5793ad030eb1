"""The extractive composer: an answer is the sentences that answer, quoted, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.corpus.text import grams, words
from rag.records import Decision, Evidence, Span, Weighed

# Parts are added until this is the probability that the answer is among them, or until the next
# one is this much less likely than the best: less is asked of one beside a part that is quoted,
# for it makes that quote longer and adds none to read. A sentence on the subject is often followed
# by the one that answers, which speaks of «it» and «them».
_ENOUGH = 0.95
_RUNNER_UP = 0.3
_BESIDE = 0.01
_EACH_SIDE = 2
# Two parts that share this much of the shorter one's 4-grams say the same.
_SAME = 0.7
_LONGEST_QUOTE = 600


def weigh(evidence: Sequence[Evidence], *, answerable: bool, most: int) -> list[Weighed]:
    """Each candidate with whether it is to be quoted, and why not.

    Args:
        evidence: candidates, most likely first.
        answerable: whether the articles are taken to answer the question.
        most: how many statements there may be.
    """
    if not answerable:
        return [Weighed(part, "unlikely") for part in evidence]
    weighed: list[Weighed] = []
    chosen: list[Evidence] = []
    quotes: list[Evidence] = []
    for part in evidence:
        decision = _decision(part, chosen, quotes, most)
        if decision == "used":
            chosen.append(part)
            quotes = in_reading_order(chosen)
        weighed.append(Weighed(part, decision))
    return weighed


def weigh_sides(sides: Sequence[Sequence[Evidence]], *, most: int) -> list[Weighed]:
    """The candidates of each side of a question that asks two things, one side after the other,
    with at most ``most`` statements in all (as many as there are sides, or more) and `_EACH_SIDE`
    for each; what one side quotes no other does."""
    weighed: list[Weighed] = []
    for waiting, side in zip(range(len(sides) - 1, -1, -1), sides, strict=True):
        told = quoted(weighed)
        said = [(part.article.id, part.span) for part in told]
        new = [part for part in side if (part.article.id, part.span) not in said]
        left = most - len(in_reading_order(told)) - waiting
        weighed += weigh(new, answerable=True, most=min(_EACH_SIDE, left))
    return weighed


def _decision(
    part: Evidence, chosen: Sequence[Evidence], quotes: Sequence[Evidence], most: int
) -> Decision:
    """Whether ``part`` is used beside those ``chosen``, which are read as ``quotes``."""
    if sum(other.probability for other in chosen) >= _ENOUGH:
        return "enough"
    beside = any(_one_quote(quote, part) or _one_quote(part, quote) for quote in quotes)
    if len(quotes) == most and not beside:
        return "enough"
    if chosen and part.probability < (_BESIDE if beside else _RUNNER_UP) * chosen[0].probability:
        return "runner_up"
    return "repeated" if any(_says_the_same(part, other) for other in chosen) else "used"


def quoted(weighed: Sequence[Weighed]) -> list[Evidence]:
    """The candidates to quote, most likely first."""
    return [one.evidence for one in weighed if one.decision == "used"]


def in_reading_order(chosen: Sequence[Evidence]) -> list[Evidence]:
    """The parts as they are read: the article with the likeliest part first, each article's parts
    as they stand in it, clauses that follow each other joined."""
    articles = list(dict.fromkeys(part.article.id for part in chosen))
    ordered = sorted(chosen, key=lambda part: (articles.index(part.article.id), part.span.start))
    return _joined(ordered)


def _says_the_same(part: Evidence, other: Evidence) -> bool:
    a, b = _gram_set(part.quote), _gram_set(other.quote)
    return len(a & b) >= _SAME * min(len(a), len(b))


@lru_cache(maxsize=1000)
def _gram_set(text: str) -> frozenset[str]:
    return frozenset(gram for word in words(text) for gram in grams(word))


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
    if any(char.isalnum() for char in between) or len(first.quote + second.quote) > _LONGEST_QUOTE:
        return None
    return replace(
        first,
        span=Span(first.span.start, second.span.end),
        quote=first.quote + between + second.quote,
        after=second.after,
        probability=max(first.probability, second.probability),
    )
