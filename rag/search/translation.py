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
    known, _ = index.word_vectors(content)
    missing = [n for n in range(len(content)) if n not in known]
    if not missing:
        return []
    near = index.nearest_words(vectors[missing], _MOST)
    return [pair for words in near for pair in _likeliest(words)]


def _likeliest(near: list[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    near = [(word, cosine) for word, cosine in near if cosine >= _LEAST]
    whole = sum(cosine**_POWER for _, cosine in near)
    for word, cosine in near:
        yield word, cosine**_POWER / whole * near[0][1]
