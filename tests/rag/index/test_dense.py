"""FAISS behind four functions: exact cosines, stable order, none of its padding."""

import numpy as np
import pytest

from rag.index import dense

VECTORS = np.array([[1, 0], [0, 1], [0.75, 0.66], [1, 0]], np.float32)
IDS = np.array([7, 3, 9, 5], np.int64)
EAST = np.array([1, 0], np.float32)
INDEX = dense.build(VECTORS, IDS)


def test_best_first_and_equal_ones_by_id() -> None:
    found = dense.search(INDEX, EAST, 3)
    assert [i for i, _ in found] == [5, 7, 9]
    assert [c for _, c in found] == pytest.approx([1.0, 1.0, 0.75])


def test_more_than_there_are() -> None:
    assert [i for i, _ in dense.search(INDEX, EAST, 50)] == [5, 7, 9, 3]


def test_only_the_allowed() -> None:
    assert [i for i, _ in dense.search(INDEX, EAST, 4, np.array([3, 9]))] == [9, 3]
    assert dense.search(INDEX, EAST, 4, np.array([], np.int64)) == []


def test_an_empty_index() -> None:
    empty = dense.build(np.empty((0, 2), np.float32), np.empty(0, np.int64))
    assert dense.search(empty, EAST, 5) == []


def test_halves_lose_nothing_of_vectors_that_are_such() -> None:
    chance = np.random.default_rng(1)
    rows = chance.standard_normal((300, 64)).astype(np.float16).astype(np.float32)
    asked = chance.standard_normal(64).astype(np.float32)
    ids = np.arange(300)
    held = dense.build(rows, ids)
    assert np.array_equal(held.reconstruct_batch(ids), rows)
    found = dense.search(held, asked, 10)
    exact = np.argsort(-(rows @ asked))[:10]
    assert [i for i, _ in found] == exact.tolist()
    assert [c for _, c in found] == pytest.approx((rows @ asked)[exact].tolist())
