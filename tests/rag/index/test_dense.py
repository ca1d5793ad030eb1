"""FAISS behind four functions: exact cosines, stable order, none of its padding."""

from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexUnavailable
from rag.index import dense

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [1, 0]], np.float32)
IDS = np.array([7, 3, 9, 5], np.int64)
EAST = np.array([1, 0], np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dense.build(tmp_path, VECTORS, IDS)
    return tmp_path


def test_best_first_and_equal_ones_by_id(folder: Path) -> None:
    found = dense.search(dense.load(folder), EAST, 3)
    assert [i for i, _ in found] == [5, 7, 9]
    assert [c for _, c in found] == pytest.approx([1.0, 1.0, 0.6])


def test_more_than_there_are(folder: Path) -> None:
    assert [i for i, _ in dense.search(dense.load(folder), EAST, 50)] == [5, 7, 9, 3]


def test_only_the_allowed(folder: Path) -> None:
    index = dense.load(folder)
    assert [i for i, _ in dense.search(index, EAST, 4, np.array([3, 9]))] == [9, 3]
    assert dense.search(index, EAST, 4, np.array([], np.int64)) == []


def test_an_empty_index(tmp_path: Path) -> None:
    dense.build(tmp_path, np.empty((0, 2), np.float32), np.empty(0, np.int64))
    assert dense.search(dense.load(tmp_path), EAST, 5) == []


@pytest.mark.parametrize("content", [None, b"", b"not an index at all"])
def test_a_damaged_index_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / dense.FILE).write_bytes(content)
    with pytest.raises(IndexUnavailable, match="vector index cannot be read"):
        dense.load(tmp_path)
