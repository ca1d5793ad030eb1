"""Vectors too many to look at each for a question: lists of near ones, of which some are looked at.

FAISS's inverted file (Jégou et al. 2011): vectors lie in the list of their nearest centroid, a
search looks into the lists nearest to its vector. In the lists are product codes of 4 bits for two
dimensions, which are compared in registers (André et al. 2017, «Accelerated nearest neighbor search
with Quick ADC»); those that seem nearest are looked at again by codes of 8 bits a dimension, which
lie in a mapped file. How many lists it takes to find what an exact search finds is measured at
every build, on sample queries whose exact answers are carried along, so that growing looks at what
is new only.
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

FILE = "codes.faiss"
TOP = 10
_QUERIES = 100
_FEWEST_PROBES = 8
_ITERATIONS = 8
_A_CENTROID = 40
"""Vectors to train each centroid with."""
_BITS = 4


@dataclass(frozen=True, slots=True)
class Sample:
    """Queries (n, dim), and the ids (n, `TOP`) and cosines of what an exact search finds."""

    queries: Floats
    ids: Ids
    cosines: Floats


@dataclass(frozen=True, slots=True)
class Lists:
    """An index of vectors by their ids. FAISS numbers them itself within: ``refined`` is that part
    of ``index``, ``coarse`` the lists within that."""

    index: faiss.IndexIDMap
    refined: faiss.IndexRefine
    coarse: faiss.IndexIVFPQFastScan

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return int(self.index.ntotal)


def _lists(index: faiss.IndexIDMap) -> Lists:
    refined: Any = faiss.downcast_index(index.index)
    coarse: Any = faiss.downcast_index(refined.base_index)
    return Lists(index, refined, coarse)


def lists_for(count: int) -> int:
    """How many lists ``count`` vectors are put into."""
    return max(16, int(count**0.5))


def training_size(count: int) -> int:
    """How many of ``count`` vectors are looked at to place the centroids."""
    return min(count, _A_CENTROID * lists_for(count))


def trained(vectors: Floats, count: int) -> Lists:
    """An empty index for ``count`` vectors, made for such as ``vectors`` (n, dim)."""
    dimension = vectors.shape[1]
    by = faiss.METRIC_INNER_PRODUCT
    coarse = faiss.IndexIVFPQFastScan(
        faiss.IndexFlatIP(dimension),
        dimension,
        min(lists_for(count), len(vectors)),
        dimension // 2 if dimension % 2 == 0 else dimension,
        _BITS,
        by,
    )
    coarse.by_residual = False
    # Directions, as the vectors are; else a list of vectors that lie close together seems nearer.
    coarse.cp.spherical = True
    coarse.cp.niter = _ITERATIONS
    coarse.cp.min_points_per_centroid = coarse.pq.cp.min_points_per_centroid = 1
    eight = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, by)
    refined = faiss.IndexRefine(coarse, eight)
    refined.train(vectors)
    return _lists(faiss.IndexIDMap(refined))


def sample(vectors: Floats, noise: float, seed: int = 1) -> Sample:
    """Queries made of some of ``vectors`` (n, dim) and noise of this length, with nothing found for
    them yet. Of a million passages the nearest to a question is 0.3 to 0.4 near: noise of 3."""
    chance = np.random.default_rng(seed)
    some = vectors[chance.choice(len(vectors), min(len(vectors), _QUERIES), replace=False)]
    away = chance.standard_normal(some.shape).astype(np.float32)
    moved = some + noise * away / np.linalg.norm(away, axis=1, keepdims=True)
    queries = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    nothing = np.full((len(queries), TOP), -1, np.int64)
    return Sample(queries, nothing, np.full(nothing.shape, -2, np.float32))


def grown(lists: Lists, known: Sample, blocks: Iterable[Block]) -> Sample:
    """Add ``blocks`` to the index; what an exact search over all finds for the sample now."""
    for ids, rows in blocks:
        lists.index.add_with_ids(rows, ids)
        cosines = np.hstack([known.cosines, known.queries @ rows.T])
        every = np.hstack([known.ids, np.broadcast_to(ids, (len(known.queries), len(ids)))])
        best = np.argpartition(-cosines, TOP - 1, axis=1)[:, :TOP]
        known = Sample(
            known.queries,
            np.take_along_axis(every, best, axis=1),
            np.take_along_axis(cosines, best, axis=1),
        )
    return known


def probes(lists: Lists, known: Sample, enough: float, again: int) -> tuple[int, float]:
    """The fewest lists to look at that find ``enough``, and recall@10 with them, 0..1: the share
    of what an exact search finds that is among three times as many candidates."""
    most, recall = 0, 0.0
    while recall < enough and most < lists.coarse.nlist:
        most = min(max(_FEWEST_PROBES, most * 5 // 4), lists.coarse.nlist)
        found = candidates(lists, known.queries, 3 * TOP, most, again)
        pairs = zip(found, known.ids, strict=True)
        met = [np.isin(exact[exact >= 0], some).mean() for some, exact in pairs]
        recall = float(np.mean(met))
    return most, recall


def candidates(
    lists: Lists, vectors: Floats, k: int, probed: int, again: int, allowed: Ids | None = None
) -> list[list[int]]:
    """About the ``k`` nearest ids to each of ``vectors`` (n, dim), looked for in ``probed`` lists;
    of the ``allowed`` ones (in order) where given. At least ``again`` are looked at again."""
    inner = faiss.SearchParametersIVF()
    inner.nprobe = min(probed, lists.coarse.nlist)
    if allowed is not None:
        bits = np.zeros(int(allowed[-1]) + 1, np.uint8)
        bits[allowed] = 1
        bitmap: Any = np.packbits(bits, bitorder="little")
        # Python's FAISS takes the array itself, and the index's own list of ids.
        by_id = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg]
        inner.sel = faiss.IDSelectorTranslated(lists.index.id_map, by_id)  # type: ignore[arg-type]
        share = len(allowed) / max(lists.count, 1)
        inner.nprobe = min(lists.coarse.nlist, int(inner.nprobe / max(share, 0.05)))
    params = faiss.IndexRefineSearchParameters()
    params.k_factor = max(again / k, 1.0)
    params.base_index_params = inner
    _, ids = lists.index.search(vectors, k, params=params)
    return [[i for i in row if i >= 0] for row in ids.tolist()]


def write(folder: Path, lists: Lists, known: Sample) -> None:
    """Write both to a new folder."""
    folder.mkdir()
    faiss.write_index(lists.index, str(folder / FILE))
    np.savez(folder / "sample.npz", queries=known.queries, ids=known.ids, cosines=known.cosines)


def read(folder: Path, *, mapped: bool) -> Lists:
    """The index; ``mapped`` to be searched, else to be added to."""
    flags = faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY if mapped else 0
    index: Any = faiss.read_index(str(folder / FILE), flags)
    return _lists(index)


def read_sample(folder: Path) -> Sample:
    """The sample."""
    with np.load(folder / "sample.npz") as arrays:
        return Sample(arrays["queries"], arrays["ids"], arrays["cosines"])
