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
    known, _ = index.word_vectors(words)
    missing = [n for n in range(len(words)) if n not in known]
    if missing:
        near = index.nearest_words(np.stack([vectors[n] for n in missing]), _MOST)
        for n, some in zip(missing, near, strict=True):
            found[n] = list(_likeliest(some))
    return found


def _likeliest(near: Sequence[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    near = [(word, cosine) for word, cosine in near if cosine >= _LEAST]
    whole = sum(cosine**_POWER for _, cosine in near)
    for word, cosine in near:
        yield word, cosine**_POWER / whole * near[0][1]
