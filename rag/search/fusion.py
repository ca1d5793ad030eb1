"""Two lists of scored passages to one."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]


def fuse(
    dense: list[tuple[int, float]],
    lexical: list[tuple[int, float]],
    *,
    lexical_weight: Callable[[int], float] = lambda item: 0.5,
) -> list[tuple[int, float]]:
    """Weighted sum of standard scores, «distribution-based score fusion».

    Each list's scores are taken in spreads above their mean, which makes cosines and BM25 scores
    comparable and keeps how far the first is ahead, as ranks do not. What a list lacks gets its
    lowest score. Measured against reciprocal rank fusion in ``benchmarks/search``.

    Args:
        dense, lexical: (id, score), best first.
        lexical_weight: 0..1 for an id; the other list has the rest.

    Returns:
        (id, score), best first, equal ones by id.
    """
    (near_ids, near), (shared_ids, shared) = _standard(dense), _standard(lexical)
    items = np.union1d(near_ids, shared_ids)
    weights = np.fromiter(map(lexical_weight, items.tolist()), np.float64, count=len(items))
    scores = weights * _placed(shared, shared_ids, items)
    scores += (1 - weights) * _placed(near, near_ids, items)
    best = np.argsort(-scores, kind="stable")
    return list(zip(items[best].tolist(), scores[best].tolist(), strict=True))


def _standard(hits: list[tuple[int, float]]) -> tuple[Ids, Scores]:
    """Ids (n,) and scores (n,) in spreads above the mean of the list; all 0 where all are equal."""
    ids = np.array([item for item, _ in hits], np.int64)
    above = np.array([score for _, score in hits], np.float64)
    if hits:
        above -= np.add.reduce(above) / len(hits)
        above /= math.sqrt(np.add.reduce(above * above) / len(hits)) or 1.0
    return ids, above


def _placed(scores: Scores, ids: Ids, items: Ids) -> Scores:
    """The score of each of ``items``, which are in order and hold all ``ids``; the lowest one for
    those that have none."""
    placed = np.full(len(items), scores.min() if len(scores) else 0.0)
    placed[np.searchsorted(items, ids)] = scores
    return placed
