"""Two lists of scored passages to one."""

import math
from collections.abc import Callable
from operator import itemgetter

import numpy as np


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
    near, shared = _standard(dense), _standard(lexical)
    lowest_near, lowest_shared = min(near.values(), default=0.0), min(shared.values(), default=0.0)

    def score(item: int) -> float:
        weight = lexical_weight(item)
        return weight * shared.get(item, lowest_shared) + (1 - weight) * near.get(item, lowest_near)

    by_id = [(item, score(item)) for item in sorted(near.keys() | shared.keys())]
    return sorted(by_id, key=itemgetter(1), reverse=True)


def _standard(hits: list[tuple[int, float]]) -> dict[int, float]:
    """Each hit's score in spreads above the mean of the list; all 0 where all are equal."""
    if not hits:
        return {}
    above = np.array([score for _, score in hits])
    above -= np.add.reduce(above) / len(hits)
    spread = math.sqrt(np.add.reduce(above * above) / len(hits)) or 1.0
    standard = (above / spread).tolist()
    return dict(zip((item for item, _ in hits), standard, strict=True))
