"""Words of an index that stand for question words which the index does not have.

Probabilistic structured queries (Darwish and Oard 2003) look for all translations of a word, each
weighed by its probability. Here the vectors of single words are the dictionary: the likeliest
translations are the nearest words of the index, their probabilities a power of the cosine.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rag.index.opened import OpenIndex

# Translations of one word, the least cosine of one, and how much the nearest is preferred.
_MOST = 3
_LEAST = 0.3
_POWER = 6


def translations(
    content: list[str], vectors: NDArray[np.float32], index: OpenIndex
) -> list[tuple[str, float]]:
    """What stands in the index for those words of ``content`` that it lacks: words of the index,
    each with how surely it does, 0..1.

    Args:
        content: folded words of the question.
        vectors: (content, dim), a unit row for each.
    """
    missing = [n for n, word in enumerate(content) if word not in index.vocabulary]
    if not missing or not len(index.word_vectors):
        return []
    # A few columns, laid out as such, are multiplied many times faster than a few rows.
    cosines = index.word_vectors @ np.ascontiguousarray(vectors[missing].T)
    return [pair for column in cosines.T for pair in _likeliest(column, index)]


def _likeliest(cosines: NDArray[np.float32], index: OpenIndex) -> Iterator[tuple[str, float]]:
    near = np.flatnonzero(cosines >= _LEAST)
    if len(near) > _MOST:
        near = near[np.argpartition(-cosines[near], _MOST - 1)[:_MOST]]
    powers = cosines[near].astype(float) ** _POWER
    for n, power in zip(near, powers, strict=True):
        yield index.words[n], float(power / powers.sum() * cosines[near].max())
