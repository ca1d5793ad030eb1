"""Two ranked lists to one."""

from collections import defaultdict

# Cormack, Clarke and Büttcher 2009, «Reciprocal rank fusion outperforms Condorcet…»: 60.
_RRF_K = 60


def fuse(*rankings: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion of lists of (id, score), each best first.

    Returns (id, sum of 1 / (60 + rank)), best first, equal ones by id. Only the order of each
    list counts, so that cosines and BM25 scores need no common scale.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, (item, _) in enumerate(ranking, start=1):
            scores[item] += 1 / (_RRF_K + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
