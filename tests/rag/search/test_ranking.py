"""The features of parts, each as it is defined for one part, and the probability made of them."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.corpus.numbers import numbers
from rag.corpus.text import words
from rag.index.local import LocalIndex
from rag.index.opened import OpenIndex
from rag.records import Evidence
from rag.search.ranking import fitted, rank, rerank
from rag.search.retrieval import Found, Query, make_query, retrieve

QUESTIONS = ["كم بلغ عدد القتلى في 2003؟", "When was the agreement signed?", "لماذا غادر؟"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture(scope="module")
def index(home: Path, encoder: Encoder) -> Iterator[OpenIndex]:
    local = LocalIndex(home, encoder)
    with local.reading() as state:
        yield state
    local.close()


@pytest.fixture(scope="module", params=QUESTIONS)
def asked(
    request: pytest.FixtureRequest, index: OpenIndex, encoder: Encoder
) -> tuple[Query, list[Found], list[Evidence]]:
    query = make_query(request.param, index, encoder)
    found = retrieve(index, query, top_k=12)
    return query, found, rank(index, found, query)


def test_every_part_is_weighed_once_likeliest_first(
    asked: tuple[Query, list[Found], list[Evidence]],
) -> None:
    _, found, evidence = asked
    spans = [(hit.article.id, span) for hit in found for span in hit.passage.chunk.parts]
    assert sorted(spans, key=repr) == sorted(((e.article.id, e.span) for e in evidence), key=repr)
    probabilities = [e.probability for e in evidence]
    assert probabilities == sorted(probabilities, reverse=True)


def test_a_probability_is_the_fitted_one_of_the_features(
    asked: tuple[Query, list[Found], list[Evidence]],
) -> None:
    query, _, evidence = asked
    for e in evidence:
        model = fitted().same if e.article.language == query.language else fitted().cross
        assert e.probability == pytest.approx(model.probability(e.features))


def test_features_by_their_definitions(
    asked: tuple[Query, list[Found], list[Evidence]], index: OpenIndex
) -> None:
    query, found, evidence = asked
    features = {(e.article.id, e.span): dict(e.features) for e in evidence}
    best = max(e.features["words"] for e in evidence)
    of_question = numbers(query.tokens)
    for hit in found:
        parts = hit.passage.chunk.parts
        rows = [features[hit.article.id, part] for part in parts]
        nearness = index.background.standard(hit.passage.part_vectors @ query.vector)
        for n, (part, row) in enumerate(zip(parts, rows, strict=True)):
            quote = hit.passage.text[part.start - hit.passage.chunk.span.start :][
                : part.end - part.start
            ]
            missing = len(of_question - numbers(words(quote)))
            assert row["numbers_missing"] == pytest.approx(missing / max(1, len(of_question)))
            assert row["length"] == pytest.approx(math.log(len(quote) / 100))
            assert row["cosine"] == pytest.approx(nearness[n], abs=1e-5)
            assert row["cosine_before"] == pytest.approx(nearness[n - 1] if n else 0, abs=1e-5)
            assert row["place"] == pytest.approx(n / max(1, len(parts) - 1))
            assert row["words_gap"] == pytest.approx(row["words"] - best)
            assert row["dense_rank"] == (1 / hit.ranks.dense if hit.ranks.dense else 0)
            assert n == 0 or row["words_before"] == pytest.approx(rows[n - 1]["words"])
            assert row["words_with_both"] >= np.maximum(
                row["words_with_before"], row["words_with_after"]
            )
        assert len({row["passage_words"] for row in rows}) == 1
        assert rows[0]["passage_words"] >= max(row["words"] for row in rows)


def test_passages_are_ordered_by_their_score_and_the_odds_that_a_part_answers(
    index: OpenIndex, asked: tuple[Query, list[Found], list[Evidence]]
) -> None:
    query, found, evidence = asked

    def score(hit: Found) -> float:
        within = [
            e.probability
            for e in evidence
            if e.article.id == hit.article.id and e.span in hit.passage.chunk.parts
        ]
        missed = math.prod(1 - p for p in within)
        return hit.score + 0.6 * math.log((1 - missed) / missed)

    again = rerank(index, found, query)
    expected = {hit.passage.id: score(hit) for hit in found}
    assert {hit.passage.id: hit.score for hit in again} == pytest.approx(expected, abs=1e-4)
    assert [hit.passage.id for hit in again] == sorted(expected, key=lambda n: -expected[n])
    assert {hit.passage.id: hit.ranks for hit in again} == {h.passage.id: h.ranks for h in found}


def test_nothing_found_is_nothing_reranked(index: OpenIndex, encoder: Encoder) -> None:
    assert rerank(index, [], make_query("ما هذا؟", index, encoder)) == []
