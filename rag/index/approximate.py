"""Vectors too many to look at each for a question: lists of near ones, of which some are looked at.

FAISS's inverted file (Jégou et al. 2011) over 8-bit scalars: vectors lie in the list of their
nearest centroid, a search looks into the lists nearest to its vector. How many lists it takes to
find what an exact search finds is measured at every build, on sample queries whose exact answers
are carried along, so that growing looks at what is new only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]
Block = tuple[Ids, Floats]

FILE = "index.faiss"
TOP = 10
_QUERIES = 100
# A sample query is a vector with noise of this length: near to something, equal to nothing.
_NOISE = 0.5
_RECALL = 0.98
_PROBES = (8, 16, 32, 64, 128, 256)
_ITERATIONS = 8
_A_CENTROID = 40
"""Vectors to train each centroid with."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Queries (n, dim), and the ids (n, `TOP`) and cosines of what an exact search finds."""

    queries: Floats
    ids: Ids
    cosines: Floats


def lists_for(count: int) -> int:
    """How many lists ``count`` vectors are put into."""
    return max(16, int(4 * count**0.5))


def training_size(count: int) -> int:
    """How many of ``count`` vectors are looked at to place the centroids."""
    return min(count, _A_CENTROID * lists_for(count))


def trained(vectors: Floats, count: int) -> faiss.IndexIVF:
    """An empty index for ``count`` vectors, made for such as ``vectors`` (n, dim)."""
    dimension = vectors.shape[1]
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        min(lists_for(count), len(vectors)),
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )
    index.cp.niter = _ITERATIONS
    index.cp.min_points_per_centroid = 1
    index.train(vectors)
    return index


def sample(vectors: Floats, seed: int = 1) -> Sample:
    """Queries near to some of ``vectors`` (n, dim), with nothing found for them yet."""
    chance = np.random.default_rng(seed)
    some = vectors[chance.choice(len(vectors), min(len(vectors), _QUERIES), replace=False)]
    noise = chance.standard_normal(some.shape).astype(np.float32)
    moved = some + _NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    queries = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    nothing = np.full((len(queries), TOP), -1, np.int64)
    return Sample(queries, nothing, np.full(nothing.shape, -2, np.float32))


def grown(index: faiss.IndexIVF, known: Sample, blocks: Iterable[Block]) -> Sample:
    """Add ``blocks`` to the index; what an exact search over all finds for the sample now."""
    for ids, rows in blocks:
        index.add_with_ids(rows, ids)
        cosines = np.hstack([known.cosines, known.queries @ rows.T])
        every = np.hstack([known.ids, np.broadcast_to(ids, (len(known.queries), len(ids)))])
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :TOP]
        known = Sample(
            known.queries,
            np.take_along_axis(every, best, axis=1),
            np.take_along_axis(cosines, best, axis=1),
        )
    return known


def probes(index: faiss.IndexIVF, known: Sample) -> tuple[int, float]:
    """The fewest lists to look at that find enough, and recall@10 with them, 0..1: the share of
    what an exact search finds that is among three times as many candidates."""
    recall, most = 0.0, 0
    for most in (p for p in _PROBES if p <= max(index.nlist, _PROBES[0])):
        params = faiss.SearchParametersIVF()
        params.nprobe = most
        _, ids = index.search(known.queries, 3 * TOP, params=params)
        pairs = zip(ids, known.ids, strict=True)
        met = [np.isin(exact[exact >= 0], found).mean() for found, exact in pairs]
        recall = float(np.mean(met))
        if recall >= _RECALL:
            break
    return most, recall


def candidates(
    index: faiss.IndexIVF, vector: Floats, k: int, lists: int, allowed: Ids | None = None
) -> list[int]:
    """About the ``k`` nearest ids to ``vector`` (dim,), looked for in ``lists`` lists; of the
    ``allowed`` ones (in order) where given."""
    params = faiss.SearchParametersIVF()
    params.nprobe = min(lists, index.nlist)
    if allowed is not None:
        bits = np.zeros(int(allowed[-1]) + 1, np.uint8)
        bits[allowed] = 1
        bitmap: Any = np.packbits(bits, bitorder="little")
        # Python's FAISS takes the array itself.
        params.sel = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg]
        share = len(allowed) / max(index.ntotal, 1)
        params.nprobe = min(index.nlist, int(params.nprobe / max(share, 0.05)))
    _, ids = index.search(vector[np.newaxis, :], k, params=params)
    return [i for i in ids[0].tolist() if i >= 0]


def write(folder: Path, index: faiss.IndexIVF, known: Sample) -> None:
    """Write both to a new folder."""
    folder.mkdir()
    faiss.write_index(index, str(folder / FILE))
    np.savez(folder / "sample.npz", queries=known.queries, ids=known.ids, cosines=known.cosines)


def read(folder: Path, *, mapped: bool) -> faiss.IndexIVF:
    """The index; ``mapped`` to be searched, else to be added to."""
    flags = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY if mapped else 0
    index: Any = faiss.read_index(str(folder / FILE), flags)
    ivf: faiss.IndexIVF = index
    return ivf


def read_sample(folder: Path) -> Sample:
    """The sample."""
    with np.load(folder / "sample.npz") as arrays:
        return Sample(arrays["queries"], arrays["ids"], arrays["cosines"])
