"""Nearest vectors, by FAISS: exact inner product over rows of length 1, which is cosine.

An exact index is its vectors, which the store holds already: it is built of them on opening, and
has no file that could be behind or damaged. `rag.index.vectors` says when it is not exact.
"""

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.index.opened import Background

SAMPLE = 400
_SMALLEST_SAMPLE = 8


def build(vectors: NDArray[np.float32], ids: NDArray[np.int64]) -> faiss.IndexIDMap2:
    """An index of ``vectors`` (n, dim), rows of length 1, under ``ids`` (n,). They are numbers of
    half precision, as the store has them, and held as such: nothing is lost, and looking at all of
    them takes half as long, since it is reading memory that takes the time."""
    half, by = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexIDMap2(faiss.IndexScalarQuantizer(vectors.shape[1], half, by))
    if len(ids):
        index.add_with_ids(vectors, ids)
    return index


def background(vectors: NDArray[np.float32]) -> Background:
    """Mean and spread over all pairs of up to `SAMPLE` of the ``vectors`` (n, dim), evenly
    spread."""
    if len(vectors) < _SMALLEST_SAMPLE:
        return Background(0.2, 0.1)
    rows = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), SAMPLE)).astype(np.int64)]
    cosines = (rows @ rows.T)[np.triu_indices(len(rows), 1)]
    return Background(float(cosines.mean()), max(float(cosines.std()), 0.01))


def search(
    index: faiss.IndexIDMap2,
    vector: NDArray[np.float32],
    k: int,
    allowed: NDArray[np.int64] | None = None,
) -> list[tuple[int, float]]:
    """The ids nearest to ``vector`` (dim,) with their cosine (-1..1, higher is nearer).

    At most ``k``, best first, equal ones by id; only ``allowed`` ids where given. FAISS fills up
    with -1 what it does not find; those are left out.
    """
    k = min(k, index.ntotal)
    if k == 0 or (allowed is not None and not len(allowed)):
        return []
    # One question is answered by one thread: more of them cost more in waking up than they give,
    # and other questions have a use for them.
    faiss.omp_set_num_threads(1)
    params = None
    if allowed is not None:
        params = faiss.SearchParameters()
        params.sel = faiss.IDSelectorBatch(allowed)
    cosines, ids = index.search(vector[np.newaxis, :], k, params=params)
    found = zip(ids[0].tolist(), cosines[0].tolist(), strict=True)
    return sorted(((i, c) for i, c in found if i >= 0), key=lambda pair: (-pair[1], pair[0]))
