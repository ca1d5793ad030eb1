"""Which parts of the passages found answer the question, and whether any does, as probabilities.

Logistic regressions over named features. Their coefficients, one set for questions in the language
of the passage and one for questions in another, lie in ``ranking.json`` beside this file;
``benchmarks/ranking/fit.py`` fits them on question sets and measures them on questions held out.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice

import numpy as np

from rag.corpus.numbers import numbers
from rag.index.opened import OpenIndex, Passage
from rag.logistic import Model
from rag.records import Article, Evidence
from rag.search.asked import (
    asks_definition,
    asks_number,
    asks_when,
    asks_who,
    asks_why,
)
from rag.search.matching import Matcher, Matches
from rag.search.parts import part_evidence
from rag.search.prepared import Part, Prepared, prepared
from rag.search.retrieval import Found, Query

# A part that begins before this opens its article, if that is long enough to have an opening: it
# says what the article is about, and less often what is asked of it, but for a definition.
_OPENING = 250
_LONG_ENOUGH = 1000
# Features that also count by how far a part lies behind the best one.
_AGAINST_THE_BEST = (
    *("words", "words_likely", "words_with_before", "words_with_after", "words_with_both"),
    *("words_with_title", "passage_words", "article_words", "cosine", "passage_cosine"),
)

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
    ranking = ranking or fitted()
    ready = [prepared(hit.passage, hit.article, index) for hit in found]
    rows = _features(found, ready, _asked(query), index)
    _add_gaps(rows)
    parts = [(hit, n) for hit, one in zip(found, ready, strict=True) for n in range(len(one.parts))]
    evidence = [
        _evidence(hit, n, features, ranking, query.language)
        for (hit, n), features in zip(parts, rows, strict=True)
    ]
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
    return (
        {
            "log_odds": math.log(first / max(1 - first, 1e-6)),
            "lead": math.log(first / second),
        }
        | {f"most_{name}": max(row[name] for row in rows) for name in _MOST}
        | {name: best[name] for name in _OF_THE_BEST}
    )


def _features(
    found: Sequence[Found], ready: Sequence[Prepared], asked: _Asked, index: OpenIndex
) -> list[dict[str, float]]:
    """The features of each part of each passage, in order."""
    matcher = Matcher(asked.query, [one.bag for one in ready], index)
    matches = iter(matcher.matches([one.stretches for one in ready]))
    stems = iter(matcher.cover_stems([part.stems for one in ready for part in one.parts]))
    articles = _article_covers(found, ready, matcher)
    arounds = matcher.covers(matcher.bag_strengths())
    rows: list[dict[str, float]] = []
    for hit, one, article, around in zip(found, ready, articles, arounds, strict=True):
        stretches = list(islice(matches, len(one.stretches.starts)))
        together = _together(stretches, matcher)
        for part in _passage_features(hit, one, stretches, together, stems, asked, index):
            rows.append({"around_words": around} | part | {"article_words": article})
    return rows


def _article_covers(
    found: Sequence[Found], ready: Sequence[Prepared], matcher: Matcher
) -> list[float]:
    """For each passage how much of the question those found of its article match together, 0..1."""
    articles = np.array([hit.passage.chunk.article_id for hit in found])
    together = (articles[:, np.newaxis] == articles)[:, :, np.newaxis]
    strengths = matcher.strengths([one.whole for one in ready])
    return matcher.covers(np.where(together, strengths, np.float32(0)).max(axis=1))


def _together(stretches: Sequence[Matches], matcher: Matcher) -> list[dict[str, float]]:
    """For each part of a passage, how much of the question it matches together with its title and
    its neighbours: a sentence that answers often leaves the subject to the one before it."""
    title, *texts = (one.strengths for one in stretches)
    in_order = np.stack(texts)
    parts = in_order[1:-1]
    with_before, with_after = np.maximum(in_order[:-2], parts), np.maximum(parts, in_order[2:])
    covers = {
        "words_with_before": with_before,
        "words_with_after": with_after,
        "words_with_both": np.maximum(with_before, with_after),
        "words_with_title": np.maximum(title, parts),
    }
    # All at once: each call costs more than what it sums.
    whole = parts.max(axis=0)
    *each, passage, of_title = matcher.own_covers(np.vstack([*covers.values(), whole, title]))
    same = {"passage_words": passage, "title_words": of_title}
    by_part = (each[n :: len(parts)] for n in range(len(parts)))
    return [dict(zip(covers, row, strict=True)) | same for row in by_part]


def _passage_features(
    hit: Found,
    ready: Prepared,
    stretches: Sequence[Matches],
    together: Sequence[dict[str, float]],
    stems: Iterator[float],
    asked: _Asked,
    index: OpenIndex,
) -> Iterator[dict[str, float]]:
    """The features of each part of one passage, in order; ``stems`` as `Matcher.cover_stems`."""
    passage = hit.passage
    whole, *cosines = index.background.standard(ready.vectors @ asked.query.vector).tolist()
    shared = {
        "passage_cosine": whole,
        "lexical_rank": 1 / (hit.ranks.lexical or math.inf),
        "dense_rank": 1 / (hit.ranks.dense or math.inf),
    }
    opens = _opens(passage)
    _, *texts = stretches
    last = len(ready.parts) - 1
    for n, (part, cosine) in enumerate(zip(ready.parts, cosines, strict=True)):
        yield (
            shared
            | together[n]
            | {
                "cosine": cosine,
                "cosine_before": cosines[n - 1] if n else 0.0,
                "cosine_after": cosines[n + 1] if n < last else 0.0,
                "place": n / max(1, last),
                "opening": float(opens[n] and not asked.definition),
                "words_before": texts[n].cover,
                "words_after": texts[n + 2].cover,
            }
            | _part_features(part, texts[n + 1], next(stems), asked)
        )


def _opens(passage: Passage) -> list[bool]:
    """For each part of a passage, whether it opens its article."""
    long = passage.article_end >= _LONG_ENOUGH
    return [part.start < _OPENING and long for part in passage.chunk.parts]


def _part_features(part: Part, matches: Matches, stems: float, asked: _Asked) -> dict[str, float]:
    new = bool(part.numbers - asked.numbers)
    dated = new or part.time
    return {
        "words": matches.cover,
        "words_certain": matches.certain,
        "words_likely": matches.likely,
        "words_density": matches.density,
        "stems": stems,
        "numbers_shared": len(asked.numbers & part.numbers) / max(1, len(asked.numbers)),
        "numbers_missing": len(asked.numbers - part.numbers) / max(1, len(asked.numbers)),
        "number_asked_and_there": float(asked.number and new),
        "number_asked_not_there": float(asked.number and not new),
        "date_asked_and_there": float(asked.when and dated),
        "date_asked_not_there": float(asked.when and not dated),
        "reason_asked_and_there": float(asked.why and part.reason),
        "reason_asked_not_there": float(asked.why and not part.reason),
        "speaker_asked_and_there": float(asked.who and part.office),
        "speaker_asked_not_there": float(asked.who and not part.office),
        "definition_asked_and_there": float(asked.definition and part.defining),
        "definition_asked_not_there": float(asked.definition and not part.defining),
        "length": math.log(max(part.length, 1) / 100),
        "question_words": math.log(1 + asked.query.own),
    }


def _add_gaps(rows: Sequence[dict[str, float]]) -> None:
    """How far each part lies behind the best one in words, meaning and so on (0 or less)."""
    for name in _AGAINST_THE_BEST:
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
