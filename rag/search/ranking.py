"""Which parts of the passages found answer the question, each with a probability.

A logistic regression over a dozen named features. Its coefficients, one set for questions in the
language of the passage and one for questions in another, lie in ``ranking.json`` beside this
file; ``benchmarks/ranking/fit.py`` fits them on public question sets and measures them on
questions held out.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rag.corpus.stopwords import content_words
from rag.corpus.text import grams, stem, words
from rag.index.store import Passage
from rag.records import Article, Evidence, Span
from rag.search.asked import NUMBER, asks_number, asks_when
from rag.search.retrieval import Found, Query

_CONTEXT = 160


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by feature; the probability is the logistic function of bias + weighted sum."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """0..1, higher is likelier to answer."""
        score = self.bias + sum(w * features[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The fitted models, and the probability from which a part counts as an answer."""

    same_language: Model
    cross_language: Model
    threshold: float


@lru_cache(maxsize=1)
def fitted() -> Ranking:
    """The ranking that ships with the project."""
    raw = json.loads(files("rag.search").joinpath("ranking.json").read_text("utf-8"))
    models = {key: Model(raw[key]["bias"], raw[key]["weights"]) for key in ("same", "cross")}
    return Ranking(models["same"], models["cross"], raw["threshold"])


@dataclass(frozen=True, slots=True)
class _Asked:
    """The content words of a question, each with its weight, and what kind of thing it asks."""

    weights: Mapping[str, float]
    numbers: frozenset[str]
    number: bool
    when: bool

    def cover(self, matched: Callable[[str], float]) -> float:
        """The share (0..1) of the question's weight that ``matched`` (0..1 a word) covers."""
        total = sum(self.weights.values())
        return sum(w * matched(word) for word, w in self.weights.items()) / total if total else 0.0


def rank(
    found: Sequence[Found],
    query: Query,
    *,
    articles: Mapping[str, Article],
    language: str,
    idf: Callable[[str], float],
    ranking: Ranking | None = None,
) -> list[Evidence]:
    """The quotable parts of the passages ``found``, likeliest to answer first.

    Args:
        articles: by id, those of the passages at least.
        language: of the question, ISO 639-1.
        idf: inverse document frequency of a stem, 0 or more.
    """
    ranking = ranking or fitted()
    asked = _asked(query, idf)
    rows = [
        (hit, n, articles[hit.passage.chunk.article_id], features)
        for hit in found
        for n, features in enumerate(
            part_features(hit, query, asked, articles[hit.passage.chunk.article_id])
        )
    ]
    _add_gaps([features for *_, features in rows])
    evidence = [
        _evidence(hit.passage, n, article, hit, features, _model(ranking, language, article))
        for hit, n, article, features in rows
    ]
    return sorted(evidence, key=lambda e: (-e.probability, e.article.id, e.span.start))


def _model(ranking: Ranking, language: str, article: Article) -> Model:
    same = language == article.language
    return ranking.same_language if same else ranking.cross_language


def _asked(query: Query, idf: Callable[[str], float]) -> _Asked:
    content = content_words(query.tokens) or list(dict.fromkeys(query.tokens))
    return _Asked(
        {word: idf(stem(word)) for word in content},
        frozenset(word for word in content if NUMBER.fullmatch(word)),
        asks_number(query.tokens),
        asks_when(query.tokens),
    )


def part_features(
    hit: Found, query: Query, asked: _Asked, article: Article
) -> list[dict[str, float]]:
    """The features of each part of one passage, in order."""
    passage = hit.passage
    around = _Words(f"{article.title or ''} {passage.before} {passage.text} {passage.after}")
    whole = {
        "around_stems": asked.cover(around.has_stem),
        "around_grams": asked.cover(around.has_grams),
        "passage_cosine": float(passage.vector @ query.vector),
        "lexical_rank": 1 / (hit.ranks.lexical or math.inf),
        "dense_rank": 1 / (hit.ranks.dense or math.inf),
    }
    cosines = (passage.part_vectors @ query.vector).tolist()
    return [
        {**whole, **_features_of(_Words(text), asked, len(text)), "cosine": cosine}
        for text, cosine in zip(part_texts(passage), cosines, strict=True)
    ]


class _Words:
    """The stems and 4-grams of a text, to match a question's words against."""

    __slots__ = ("grams", "numbers", "stems")

    def __init__(self, text: str) -> None:
        tokens = words(text)
        self.stems = frozenset(map(stem, tokens))
        self.grams = frozenset(gram for token in tokens for gram in grams(token))
        self.numbers = frozenset(token for token in tokens if NUMBER.fullmatch(token))

    def has_stem(self, word: str) -> float:
        return float(stem(word) in self.stems)

    def has_grams(self, word: str) -> float:
        parts = grams(word)
        return sum(gram in self.grams for gram in parts) / len(parts)


def _features_of(part: _Words, asked: _Asked, length: int) -> dict[str, float]:
    new_numbers = bool(part.numbers - asked.numbers)
    return {
        "stems": asked.cover(part.has_stem),
        "grams": asked.cover(part.has_grams),
        "numbers_shared": len(asked.numbers & part.numbers) / max(1, len(asked.numbers)),
        "numbers_missing": len(asked.numbers - part.numbers) / max(1, len(asked.numbers)),
        "number_asked_and_there": float(asked.number and new_numbers),
        "number_asked_not_there": float(asked.number and not new_numbers),
        "date_asked_and_there": float(asked.when and new_numbers),
        "date_asked_not_there": float(asked.when and not new_numbers),
        "length": math.log(max(length, 1) / 100),
    }


def _add_gaps(rows: Sequence[dict[str, float]]) -> None:
    """How far each part lies behind the best one in words and in meaning (0 or less)."""
    for name in ("grams", "cosine", "passage_cosine"):
        best = max((row[name] for row in rows), default=0.0)
        for row in rows:
            row[f"{name}_gap"] = row[name] - best


def part_texts(passage: Passage) -> list[str]:
    """The words of each part of a passage, in order."""
    start = passage.chunk.span.start
    return [passage.text[p.start - start : p.end - start] for p in passage.chunk.parts]


def _evidence(
    passage: Passage,
    n: int,
    article: Article,
    hit: Found,
    features: Mapping[str, float],
    model: Model,
) -> Evidence:
    part = passage.chunk.parts[n]
    start, end = part.start - passage.chunk.span.start, part.end - passage.chunk.span.start
    return Evidence(
        article=article,
        span=Span(part.start, part.end),
        quote=passage.text[start:end],
        before=(passage.before + passage.text[:start])[-_CONTEXT:],
        after=(passage.text[end:] + passage.after)[:_CONTEXT],
        probability=model.probability(features),
        ranks=hit.ranks,
        features=features,
    )
