"""Sentences that say most, by hand."""

import numpy as np
import pytest

from rag.search.survey import most_central


def rows(*vectors: tuple[float, ...]) -> np.ndarray:
    made = np.array(vectors, np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_the_row_nearest_to_the_mean_comes_first() -> None:
    vectors = rows((1, 0), (1, 1), (0, 1))
    ((at, share),) = most_central(vectors, most=1)
    assert at == 1
    assert share == pytest.approx(1)


def test_what_repeats_is_passed_over() -> None:
    vectors = rows((1, 1, 1, 0), (1, 1, 1, 0.01), (1, 0, 0, 1), (0, 1, 0, 1))
    first, second = (at for at, _ in most_central(vectors, most=2))
    assert first in (0, 1)
    assert second in (2, 3)


def test_no_more_than_there_is() -> None:
    assert len(most_central(rows((1, 0), (0, 1)), most=5)) == 2
