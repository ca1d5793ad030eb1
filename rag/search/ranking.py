"""Which parts of the passages found answer the question, and whether any does, as probabilities.

Logistic regressions over named features. Their coefficients, one set for questions in the language
of the passage and one for questions in another, lie in ``ranking.json`` beside this file;
``benchmarks/ranking/fit.py`` fits them on question sets and measures them on questions held out.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from rag.corpus.numbers import numbers
from rag.index.opened import OpenIndex, Passage
from rag.records import Article, Evidence
from rag.search.asked import (
    asks_definition,
    asks_number,
    asks_when,
    asks_who,
    asks_why,
    gives_reason,
    names_office,
    says_what_it_is,
)
from rag.search.matching import Matcher, Matches, numbers_of, words_of
from rag.search.parts import part_evidence, part_texts
from rag.search.retrieval import Found, Query

# A part that begins before this opens its article, if that is long enough to have an opening: it
# says what the article is about, and less often what is asked of it, but for a definition.
_OPENING = 250
_LONG_ENOUGH = 1000


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by feature; the probability is the logistic function of bias + weighted sum."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """0..1, higher is likelier."""
        score = self.bias + sum(w * features[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


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

    def part(self, language: str, article: Article) -> Model:
        """The model of a part of ``article`` for questions in ``language``."""
        return self.same if language == article.language else self.cross

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
    """What is looked for in each part: matching words, the question's numbers, its kind."""

    query: Query
    matcher: Matcher
    numbers: frozenset[str]
    number: bool
    when: bool
    why: bool
    who: bool
    definition: bool


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
    ranking = ranking or fitted()
    arounds = [_around(hit.passage, hit.article) for hit in found]
    asked = _Asked(
        query,
        Matcher(query, arounds, index),
        numbers(query.tokens),
        asks_number(query.tokens),
        asks_when(query.tokens),
        asks_why(query.tokens),
        asks_who(query.tokens),
        asks_definition(query.tokens, query.own),
    )
    whole = _article_covers(found, asked.matcher)
    rows = [
        (hit, n, features | {"article_words": whole[hit.passage.chunk.article_id]})
        for hit, around in zip(found, arounds, strict=True)
        for n, features in enumerate(_features(hit, around, asked, index))
    ]
    _add_gaps([features for *_, features in rows])
    evidence = [_evidence(hit, n, features, ranking, query.language) for hit, n, features in rows]
    return sorted(evidence, key=lambda e: (-e.probability, e.article.id, e.span.start))


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
    return {
        "log_odds": math.log(first / max(1 - first, 1e-6)),
        "lead": math.log(first / second),
        "most_words": max(row["words"] for row in rows),
        "most_certain": max(row["words_certain"] for row in rows),
        "most_likely": max(row["words_likely"] for row in rows),
        "most_cosine": max(row["cosine"] for row in rows),
    } | {
        name: best[name]
        for name in (
            "words",
            "words_likely",
            "article_words",
            "around_words",
            "cosine",
            "passage_cosine",
            "question_words",
            "numbers_missing",
            "number_asked_not_there",
            "date_asked_not_there",
        )
    }


def _article_covers(found: Sequence[Found], matcher: Matcher) -> dict[str, float]:
    """How much of the question the passages found of each article match together, 0..1."""
    texts: dict[str, list[str]] = {}
    for hit in found:
        texts.setdefault(hit.passage.chunk.article_id, []).append(hit.passage.text)
    return {article: matcher.cover_whole("\n".join(parts)) for article, parts in texts.items()}


def _around(passage: Passage, article: Article) -> str:
    return f"{article.title or ''} {passage.before} {passage.text} {passage.after}"


def _features(hit: Found, around: str, asked: _Asked, index: OpenIndex) -> list[dict[str, float]]:
    """The features of each part of one passage, in order."""
    passage = hit.passage
    vectors = np.vstack([passage.vector, passage.part_vectors])
    whole, *cosines = index.background.standard(vectors @ asked.query.vector).tolist()
    shared = {
        "around_words": asked.matcher.cover_whole(around),
        "passage_cosine": whole,
        "lexical_rank": 1 / (hit.ranks.lexical or math.inf),
        "dense_rank": 1 / (hit.ranks.dense or math.inf),
    }
    texts = part_texts(passage)
    in_order = [passage.before, *texts, passage.after]
    matches = [asked.matcher.matches(words_of(text)) for text in in_order]
    opens = _opens(passage)
    return [
        shared
        | {
            "cosine": cosine,
            "opening": float(opens[n] and not asked.definition),
            "words_before": matches[n].cover,
            "words_after": matches[n + 2].cover,
        }
        | _part_features(text, matches[n + 1], asked)
        for n, (text, cosine) in enumerate(zip(texts, cosines, strict=True))
    ]


def _opens(passage: Passage) -> list[bool]:
    """For each part of a passage, whether it opens its article."""
    long = passage.article_end >= _LONG_ENOUGH
    return [part.start < _OPENING and long for part in passage.chunk.parts]


def _part_features(text: str, matches: Matches, asked: _Asked) -> dict[str, float]:
    tokens = words_of(text)
    there = numbers_of(text)
    new = bool(there - asked.numbers)
    return {
        "words": matches.cover,
        "words_certain": matches.certain,
        "words_likely": matches.likely,
        "words_density": matches.density,
        "stems": asked.matcher.cover_stems(tokens),
        "numbers_shared": len(asked.numbers & there) / max(1, len(asked.numbers)),
        "numbers_missing": len(asked.numbers - there) / max(1, len(asked.numbers)),
        "number_asked_and_there": float(asked.number and new),
        "number_asked_not_there": float(asked.number and not new),
        "date_asked_and_there": float(asked.when and new),
        "date_asked_not_there": float(asked.when and not new),
        "reason_asked_and_there": float(asked.why and gives_reason(tokens)),
        "reason_asked_not_there": float(asked.why and not gives_reason(tokens)),
        "speaker_asked_and_there": float(asked.who and names_office(tokens)),
        "speaker_asked_not_there": float(asked.who and not names_office(tokens)),
        "definition_asked_and_there": float(asked.definition and says_what_it_is(tokens)),
        "definition_asked_not_there": float(asked.definition and not says_what_it_is(tokens)),
        "length": math.log(max(len(text), 1) / 100),
        "question_words": math.log(1 + asked.query.own),
    }


def _add_gaps(rows: Sequence[dict[str, float]]) -> None:
    """How far each part lies behind the best one in words, meaning and so on (0 or less)."""
    for name in ("words", "words_likely", "article_words", "cosine", "passage_cosine"):
        best = max((row[name] for row in rows), default=0.0)
        for row in rows:
            row[f"{name}_gap"] = row[name] - best


def _evidence(
    hit: Found,
    n: int,
    features: Mapping[str, float],
    ranking: Ranking,
    language: str,
) -> Evidence:
    probability = ranking.part(language, hit.article).probability(features)
    return part_evidence(
        hit.article, hit.passage, n, probability=probability, ranks=hit.ranks, features=features
    )
