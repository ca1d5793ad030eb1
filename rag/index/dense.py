"""Nearest vectors, by FAISS: exact inner product over rows of length 1, which is cosine."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexUnavailable

FILE = "dense.faiss"


def build(folder: Path, vectors: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
    """Write an index of ``vectors`` (n, dim), rows of length 1, under ``ids`` (n,)."""
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
    if len(ids):
        index.add_with_ids(vectors, ids)
    faiss.write_index(index, str(folder / FILE))


def load(folder: Path) -> faiss.Index:
    """The index in ``folder``.

    Raises:
        IndexUnavailable: it is missing or damaged.
    """
    try:
        return faiss.read_index(str(folder / FILE))
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        raise IndexUnavailable(f"the vector index cannot be read: {reason}") from None


def search(
    index: faiss.Index,
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
    params = faiss.SearchParameters()
    if allowed is not None:
        params.sel = faiss.IDSelectorBatch(allowed)
    cosines, ids = index.search(vector[np.newaxis, :], k, params=params)
    found = zip(ids[0].tolist(), cosines[0].tolist(), strict=True)
    return sorted(((i, c) for i, c in found if i >= 0), key=lambda pair: (-pair[1], pair[0]))
