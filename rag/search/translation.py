"""Words of an index that stand for question words which the index does not have.

Probabilistic structured queries (Darwish and Oard 2003) look for all translations of a word, each
weighed by its probability. Here the vectors of single words are the dictionary: the likeliest
translations are the nearest words of the index, their probabilities a power of the cosine.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.index.opened import OpenIndex

# Translations of one word, the least cosine of one, and how much the nearest is preferred.
_MOST = 3
_LEAST = 0.3
_POWER = 6


def translations(
    words: Sequence[str], vectors: Sequence[NDArray[np.float32]], index: OpenIndex
) -> list[list[tuple[str, float]]]:
    """For each of some folded words what stands for it in an index that lacks it: words of the
    index, each with how surely it does, 0..1; nothing for a word that the index has.

    Args:
        vectors: (words, dim), a unit row for each word.
    """
    found: list[list[tuple[str, float]]] = [[] for _ in words]
    missing = [n for n, word in enumerate(words) if word not in index.vocabulary]
    if missing and len(index.word_vectors):
        # A few columns, laid out as such, are multiplied many times faster than a few rows.
        cosines = index.word_vectors @ np.stack([vectors[n] for n in missing], axis=1)
        for n, column in zip(missing, cosines.T, strict=True):
            found[n] = list(_likeliest(column, index))
    return found


def _likeliest(cosines: NDArray[np.float32], index: OpenIndex) -> Iterator[tuple[str, float]]:
    near = np.flatnonzero(cosines >= _LEAST)
    if len(near) > _MOST:
        near = near[np.argpartition(-cosines[near], _MOST - 1)[:_MOST]]
    powers = cosines[near].astype(float) ** _POWER
    for n, power in zip(near, powers, strict=True):
        yield index.words[n], float(power / powers.sum() * cosines[near].max())
