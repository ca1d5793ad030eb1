"""Which parts of the passages found answer the question, and whether any does, as probabilities.

Logistic regressions over named features. Their coefficients, one set for questions in the language
of the passage and one for questions in another, lie in ``ranking.json`` beside this file;
``benchmarks/ranking/fit.py`` fits them on question sets and measures them on questions held out.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from rag.corpus.numbers import numbers
from rag.index.opened import OpenIndex
from rag.logistic import Column, Model
from rag.records import Article, Evidence
from rag.search.asked import (
    asks_definition,
    asks_number,
    asks_when,
    asks_who,
    asks_why,
)
from rag.search.distributional import sum_of
from rag.search.matching import CERTAIN, LIKELY, Floats, Ints, Matcher
from rag.search.parts import part_evidence
from rag.search.prepared import Part, Prepared, prepared
from rag.search.retrieval import Found, Query

# Features that also count by how far a part lies behind the best one.
_AGAINST_THE_BEST = (
    *("words", "words_likely", "words_with_before", "words_with_after", "words_with_both"),
    *("words_with_title", "passage_words", "article_words", "cosine", "passage_cosine"),
    *("distributional_cosine", "distributional_cosine_before", "distributional_cosine_after"),
    *("distributional_cosine_with_before", "distributional_passage_cosine"),
)

# How much what is in a passage counts beside how it was found, in log odds, and how sure the
# ranking may be of one; chosen on ARCD train, XQuAD (es, tr) and sentences held out of the
# embedded model's training (benchmarks/quality).
_ANSWERS = 0.6
_SURE = 1e-6

# What tells whether a question is answered at all: of the best part, and the most that any has.
_OF_THE_BEST = (
    *("words", "words_likely", "article_words", "around_words", "cosine", "passage_cosine"),
    *("question_words", "numbers_missing", "number_asked_not_there", "date_asked_not_there"),
)
_MOST = ("words", "words_certain", "words_likely", "cosine")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The fitted models, for questions in the language of an article and in another one.

    ``same`` and ``cross`` give the probability that a part answers, ``answerable_same`` and
    ``answerable_cross`` that the articles answer the question at all; below ``threshold`` of the
    latter nothing is answered.
    """

    same: Model
    cross: Model
    answerable_same: Model
    answerable_cross: Model
    threshold: float

    def whole(self, language: str, article: Article) -> Model:
        """The model of whether a question in ``language`` is answered, best by ``article``."""
        same = language == article.language
        return self.answerable_same if same else self.answerable_cross


@lru_cache(maxsize=1)
def fitted() -> Ranking:
    """The ranking that ships with the project."""
    raw = json.loads(files("rag.search").joinpath("ranking.json").read_text("utf-8"))
    threshold = raw.pop("threshold")
    return Ranking(**{name: Model(**model) for name, model in raw.items()}, threshold=threshold)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for in each part: the question's numbers, and what kind of thing it wants."""

    query: Query
    numbers: frozenset[str]
    number: bool
    when: bool
    why: bool
    who: bool
    definition: bool


def _asked(query: Query) -> _Asked:
    tokens = query.tokens
    return _Asked(
        query,
        numbers(tokens),
        asks_number(tokens),
        asks_when(tokens),
        asks_why(tokens),
        asks_who(tokens),
        asks_definition(tokens, query.own),
    )


def rank(
    index: OpenIndex,
    found: Sequence[Found],
    query: Query,
    *,
    ranking: Ranking | None = None,
) -> list[Evidence]:
    """The quotable parts of the passages ``found``, likeliest to answer first.

    Args:
        ranking: other coefficients than the fitted ones.
    """
    if not found:
        return []
    ready = [prepared(hit.passage, hit.article, index) for hit in found]
    features = _features(found, ready, _asked(query), index)
    probabilities = _probabilities(found, ready, features, query, ranking or fitted())
    parts = [(hit, n) for hit, one in zip(found, ready, strict=True) for n in range(len(one.parts))]
    evidence = [
        part_evidence(
            hit.article,
            hit.passage,
            n,
            probability=probability,
            ranks=hit.ranks,
            features=_Row(features, row),
        )
        for row, ((hit, n), probability) in enumerate(
            zip(parts, probabilities.tolist(), strict=True)
        )
    ]
    return sorted(evidence, key=lambda e: (-e.probability, e.article.id, e.span.start))


def rerank(index: OpenIndex, found: Sequence[Found], query: Query) -> list[Found]:
    """The passages ``found`` by how they were found and by what is in them: their ``score``
    becomes the fused one with `_ANSWERS` times the log odds that one of their parts answers."""
    if not found:
        return []
    ready = [prepared(hit.passage, hit.article, index) for hit in found]
    features = _features(found, ready, _asked(query), index)
    probabilities = _probabilities(found, ready, features, query, fitted())
    places = _places(ready)
    missed = np.clip(np.multiply.reduceat(1 - probabilities, places.first), _SURE, 1 - _SURE)
    scores = [hit.score for hit in found] + _ANSWERS * np.log((1 - missed) / missed)
    again = [replace(hit, score=s) for hit, s in zip(found, scores.tolist(), strict=True)]
    return sorted(again, key=lambda hit: (-hit.score, hit.passage.id))


def _probabilities(
    found: Sequence[Found],
    ready: Sequence[Prepared],
    features: Mapping[str, Column],
    query: Query,
    ranking: Ranking,
) -> Column:
    """(parts,): how likely each part of the passages ``found`` answers."""
    same = [hit.article.language == query.language for hit in found]
    return np.where(
        np.array(same)[_places(ready).of],
        ranking.same.probabilities(features),
        ranking.cross.probabilities(features),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Row(Mapping[str, float]):
    """One part's features by their names: row ``n`` of columns that all parts share."""

    columns: Mapping[str, Column]
    n: int

    def __getitem__(self, name: str) -> float:
        return float(self.columns[name][self.n])

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


def answerable(evidence: Sequence[Evidence], language: str) -> float:
    """The probability (0..1) that the articles answer a question in ``language``, judged by its
    ``evidence``, likeliest first; 0 without any."""
    if not evidence:
        return 0.0
    model = fitted().whole(language, evidence[0].article)
    return model.probability(
        question_features([e.probability for e in evidence], [e.features for e in evidence])
    )


def question_features(
    probabilities: Sequence[float], rows: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    """What tells an answered question from one that is not, of its candidates, likeliest first."""
    best, first = rows[0], max(probabilities[0], 1e-6)
    second = max(probabilities[1] if len(rows) > 1 else 0.0, 1e-6)
    return (
        {
            "log_odds": math.log(first / max(1 - first, 1e-6)),
            "lead": math.log(first / second),
        }
        | {f"most_{name}": max(row[name] for row in rows) for name in _MOST}
        | {name: best[name] for name in _OF_THE_BEST}
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where things stand in the rows of all passages, one passage after the other: the passage
    ``of`` each part and its place ``within`` that; the ``first`` part of each passage, and its
    ``last`` place. Rows of other kinds have so many more before and between."""

    of: Ints
    within: Ints
    first: Ints
    last: Ints


def _places(ready: Sequence[Prepared]) -> _Places:
    counts = np.array([len(one.parts) for one in ready])
    first = np.cumsum(counts) - counts
    of = np.repeat(np.arange(len(ready)), counts)
    return _Places(of, np.arange(len(of)) - first[of], first, counts - 1)


def _features(
    found: Sequence[Found], ready: Sequence[Prepared], asked: _Asked, index: OpenIndex
) -> dict[str, Column]:
    """The features of all parts of all passages, in order, each a column (parts,)."""
    places = _places(ready)
    columns = (
        _by_words(found, ready, asked.query, places, index)
        | _by_meaning(ready, asked.query, places, index)
        | _by_distribution(ready, asked.query, places)
        | _by_place(found, places)
        | _by_kind([part for one in ready for part in one.parts], asked)
    )
    gaps = {f"{name}_gap": columns[name] - columns[name].max() for name in _AGAINST_THE_BEST}
    return columns | gaps


def _by_words(
    found: Sequence[Found],
    ready: Sequence[Prepared],
    query: Query,
    places: _Places,
    index: OpenIndex,
) -> dict[str, Column]:
    """How much of the question each part matches, its passage and its article, and the part
    together with its title and its neighbours: a sentence that answers often leaves the subject to
    the one before it."""
    bags, stretches = [one.bag for one in ready], [one.stretches for one in ready]
    matcher = Matcher(query, bags, stretches, index)
    strengths, of = matcher.strengths, places.of
    # Of the stretches of a passage, two come before its parts and two behind them.
    title = places.first + 4 * np.arange(len(ready))
    at = title[of] + 2 + places.within
    parts, titles = strengths[at], strengths[title]
    with_before = np.maximum(strengths[at - 1], parts)
    with_after = np.maximum(parts, strengths[at + 1])
    together = {
        "words_with_before": with_before,
        "words_with_after": with_after,
        "words_with_both": np.maximum(with_before, with_after),
        "words_with_title": np.maximum(titles[of], parts),
        "passage_words": np.maximum.reduceat(parts, places.first)[of],
        "title_words": titles[of],
        "words": parts,
        "words_before": strengths[at - 1],
        "words_after": strengths[at + 1],
    }
    # All at once: each call costs more than what it sums.
    covers = matcher.own_covers(np.concatenate(list(together.values())))
    whole = strengths[title + places.last + 4]
    return dict(zip(together, covers.reshape(-1, len(of)), strict=True)) | {
        "around_words": matcher.covers(np.maximum.reduceat(strengths, title))[of],
        "article_words": matcher.covers(_by_article(found, whole))[of],
        "words_certain": matcher.own_covers(parts, least=CERTAIN),
        "words_likely": matcher.own_covers(parts, least=LIKELY),
        "words_density": matcher.densities(at),
        "stems": matcher.cover_stems([part.stems for one in ready for part in one.parts]),
        "question_words": np.full(len(of), math.log(1 + query.own)),
    }


def _by_article(found: Sequence[Found], strengths: Floats) -> Floats:
    """(passages, n): how well the passages found of its article match together, for each."""
    articles = np.array([hit.passage.chunk.article_id for hit in found])
    together = (articles[:, np.newaxis] == articles)[:, :, np.newaxis]
    best: Floats = np.where(together, strengths, np.float32(0)).max(axis=1)
    return best


def _by_meaning(
    ready: Sequence[Prepared], query: Query, places: _Places, index: OpenIndex
) -> dict[str, Column]:
    """How near each part is to the question, its neighbours and its passage."""
    vectors = np.concatenate([one.vectors for one in ready])
    cosines = index.background.standard(vectors @ query.vector)
    # A passage's own comes before those of its parts.
    whole = places.first + np.arange(len(ready))
    at = whole[places.of] + 1 + places.within
    opens, ends = places.within == 0, places.within == places.last[places.of]
    return {
        "cosine": cosines[at],
        "cosine_before": np.where(opens, 0, cosines[at - 1]),
        "cosine_after": np.where(ends, 0, np.append(cosines, 0)[at + 1]),
        "passage_cosine": cosines[whole][places.of],
    }


def _by_distribution(ready: Sequence[Prepared], query: Query, places: _Places) -> dict[str, Column]:
    """How near each part is to the question by the company that Arabic words keep, its neighbours,
    its passage, and itself together with the part before."""
    asked = sum_of(query.content[: query.own])
    cosines = np.concatenate([one.distributional for one in ready]) @ asked
    cosines /= max(float(np.linalg.norm(asked)), 1e-6)
    counts = places.last + 1
    # A passage's own comes before those of its parts, theirs with the ones before behind them.
    whole = 2 * places.first + np.arange(len(ready))
    at = whole[places.of] + 1 + places.within
    opens, ends = places.within == 0, places.within == places.last[places.of]
    return {
        "distributional_cosine": cosines[at],
        "distributional_cosine_before": np.where(opens, 0, cosines[at - 1]),
        "distributional_cosine_after": np.where(ends, 0, cosines[at + 1]),
        "distributional_cosine_with_before": cosines[at + counts[places.of]],
        "distributional_passage_cosine": cosines[whole][places.of],
    }


def _by_place(found: Sequence[Found], places: _Places) -> dict[str, Column]:
    """Where each part stands in its passage, and where the search placed that."""
    lexical = np.array([1 / (hit.ranks.lexical or math.inf) for hit in found])
    dense = np.array([1 / (hit.ranks.dense or math.inf) for hit in found])
    return {
        "place": places.within / np.maximum(1, places.last)[places.of],
        "lexical_rank": lexical[places.of],
        "dense_rank": dense[places.of],
    }


def _by_kind(parts: Sequence[Part], asked: _Asked) -> dict[str, Column]:
    """Whether each part has the numbers of the question, and what it asks for."""
    shared = np.array([len(asked.numbers & part.numbers) for part in parts])
    new = np.array([bool(part.numbers - asked.numbers) for part in parts])
    length, opening, time, reason, office, defining = np.array(
        [(p.length, p.opening, p.time, p.reason, p.office, p.defining) for p in parts]
    ).T
    columns = {
        "numbers_shared": shared / max(1, len(asked.numbers)),
        "numbers_missing": (len(asked.numbers) - shared) / max(1, len(asked.numbers)),
        "length": length,
        "opening": opening * (not asked.definition),
    }
    for name, wanted, there in (
        ("number", asked.number, new),
        ("date", asked.when, np.maximum(new, time)),
        ("reason", asked.why, reason),
        ("speaker", asked.who, office),
        ("definition", asked.definition, defining),
    ):
        columns[f"{name}_asked_and_there"] = wanted * there
        columns[f"{name}_asked_not_there"] = wanted * (1 - there)
    return columns
