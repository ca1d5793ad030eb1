"""Nearest vectors of passages, or of words: exact while they are few, then an approximate base.

What the store holds beyond the base is searched exactly, in pieces: a new article is a piece of its
own, put together with others of its size, so that it costs its own vectors only; once all that is
much, it is taken into the base. What a base finds are candidates: their
vectors are read from the store, which decides what is there and how near it is. The base can be
deleted at any time; without it, or where it is damaged, all is searched exactly.
"""

import json
import logging
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import faiss
import numpy as np

from rag.errors import IndexUnavailable
from rag.index import approximate, dense, store
from rag.index.approximate import Block, Floats, Ids
from rag.index.checksums import checksum
from rag.index.opened import Background, Hits

# So many vectors are searched exactly: about 5 ms on one core.
MOST_EXACT = 50_000
# Made anew, with new centroids, when there are so many times more vectors than it was made for.
_OUTGROWN = 4
# Made anew as well when it holds so many times more than there are, the others being dropped.
_MOST_GONE = 1.25
# Candidates for each place, as codes of 8 bits do not tell the nearest from the next but one.
_CANDIDATES = 1.5
# So few are compared one by one with what is allowed.
_FEW_ALLOWED = 1_000
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """Whose vectors they are: the name of their files, how much of what an exact search finds is
    ``enough``, how much ``noise`` is in the queries by which that is measured, how many that seem
    near are looked at ``again``, and how the store gives them, in blocks by id from one on, or
    those of some ids."""

    name: str
    enough: float
    noise: float
    again: int
    after: Callable[[sqlite3.Connection, int, int], Iterator[Block]]
    of: Callable[[sqlite3.Connection, int, list[int]], Block]


PASSAGES = Kind("passages", 0.98, 3.0, 2000, store.chunk_vectors, store.chunk_vectors_of)
# A question looks for several words, and takes three for each: less of them costs less of it.
WORDS = Kind("words", 0.95, 0.5, 100, store.word_vectors, store.word_vectors_of)


@dataclass(frozen=True, slots=True)
class Base:
    """What the index in ``folder`` holds: the ``count`` vectors of a store of this ``lineage`` up
    to the id ``last``, in lists that were made for ``made_for`` vectors. With ``probes`` lists
    looked at it finds the share ``recall`` of what an exact search finds (recall@10, measured when
    it was written). ``checksum`` is its file's; ``mean`` and ``spread`` are those of cosines."""

    folder: str
    lineage: str
    last: int
    count: int
    made_for: int
    probes: int
    recall: float
    checksum: int
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Vectors ``rows`` (n, dim) under ``ids`` (n,), which are in order, and them to be searched
    exactly."""

    ids: Ids
    rows: Floats
    exact: faiss.IndexIDMap2


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """A base, if there is one, and the ``pieces`` beyond it, in order, up to the id ``last``, with
    the first ``drops`` that were dropped taken out."""

    kind: Kind
    base: Base | None
    approximate: approximate.Lists | None
    pieces: tuple[Piece, ...]
    last: int
    drops: int

    @property
    def background(self) -> Background:
        """Mean and spread of the cosines between vectors."""
        if self.base is None:
            return dense.background(_evenly(self.pieces, dense.SAMPLE))
        return Background(self.base.mean, self.base.spread)


def state_path(home: Path, kind: Kind) -> Path:
    """Where it is said which base there is."""
    return home / f"vectors-{kind.name}.json"


def read_base(home: Path, kind: Kind, lineage: str) -> Base | None:
    """The base of a store, if there is one that is whole."""
    try:
        base = Base(**json.loads(state_path(home, kind).read_bytes()))
        if base.lineage != lineage:
            return None
        if checksum(home / base.folder / approximate.FILE) == base.checksum:
            return base
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        pass
    _LOG.warning("the index of vectors of %s is not as it was left; searching without", kind.name)
    return None


def open_vectors(
    home: Path,
    connection: sqlite3.Connection,
    kind: Kind,
    manifest: store.Manifest,
    before: VectorIndex | None = None,
) -> VectorIndex:
    """The vectors of the store as ``connection`` sees it. What ``before``, an earlier state of the
    same store, has loaded is not loaded again."""
    named = _named(home, kind)
    drops = store.last_drop(connection) if kind is PASSAGES else 0
    if before is not None and named == (before.base.folder if before.base else None):
        base, index, last = before.base, before.approximate, before.last
        gone = store.dropped_chunks(connection, after=before.drops) if kind is PASSAGES else []
        pieces = [_without(piece, np.array(gone, np.int64)) for piece in before.pieces]
    else:
        base = read_base(home, kind, manifest.lineage)
        index = approximate.read(home / base.folder, mapped=True) if base else None
        pieces, last = [], base.last if base else 0
    now = _last(connection, kind)
    if not pieces or last < now:
        blocks = kind.after(connection, manifest.dimension, last)
        pieces.append(_piece(manifest.dimension, blocks))
    pieces = _put_together([piece for piece in pieces if len(piece.ids)] or pieces[:1])
    return VectorIndex(kind, base, index, tuple(pieces), now, drops)


def _last(connection: sqlite3.Connection, kind: Kind) -> int:
    """The highest id that any of them ever had."""
    return store.last_chunk(connection) if kind is PASSAGES else store.last_word(connection)


def _piece(dimension: int, blocks: Iterable[Block]) -> Piece:
    some = [(np.empty(0, np.int64), np.empty((0, dimension), np.float32)), *blocks]
    ids, rows = (np.concatenate(arrays) for arrays in zip(*some, strict=True))
    return Piece(ids, rows, dense.build(rows, ids))


def _evenly(pieces: Sequence[Piece], most: int) -> Floats:
    """At most ``most`` vectors, spread evenly over all."""
    ends = np.cumsum([len(piece.ids) for piece in pieces])
    if ends[-1] <= most:
        return np.concatenate([piece.rows for piece in pieces])
    places = np.linspace(0, ends[-1] - 1, most).astype(np.int64)
    holding = np.searchsorted(ends, places, side="right")
    return np.stack([pieces[n].rows[at - ends[n]] for n, at in zip(holding, places, strict=True)])


def _without(piece: Piece, gone: Ids) -> Piece:
    keep = ~np.isin(piece.ids, gone)
    if keep.all():
        return piece
    return _piece(piece.rows.shape[1], [(piece.ids[keep], piece.rows[keep])])


def _put_together(pieces: list[Piece]) -> list[Piece]:
    """The same vectors in pieces each more than twice as large as the next, as a logarithm of them
    in number: the last ones are put together where they are not."""
    first = len(pieces) - 1
    while first and len(pieces[first - 1].ids) <= 2 * sum(len(p.ids) for p in pieces[first:]):
        first -= 1
    some = pieces[first:]
    if len(some) > 1:
        blocks = [(piece.ids, piece.rows) for piece in some]
        some = [_piece(some[0].rows.shape[1], blocks)]
    return pieces[:first] + some


def background(home: Path, connection: sqlite3.Connection, manifest: store.Manifest) -> Background:
    """Mean and spread of the cosines between passages, as `open_vectors` has them."""
    try:
        base = Base(**json.loads(state_path(home, PASSAGES).read_bytes()))
        if base.lineage == manifest.lineage:
            return Background(base.mean, base.spread)
    except (OSError, ValueError, TypeError):
        pass
    if store.count_chunks(connection) > MOST_EXACT:
        return dense.background(_spread(connection, PASSAGES, manifest.dimension, dense.SAMPLE))
    rows = [rows for _, rows in store.chunk_vectors(connection, manifest.dimension)]
    return dense.background(np.concatenate([np.empty((0, manifest.dimension), np.float32), *rows]))


def _named(home: Path, kind: Kind) -> str | None:
    try:
        return str(json.loads(state_path(home, kind).read_bytes())["folder"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def search(
    index: VectorIndex,
    connection: sqlite3.Connection,
    vectors: Floats,
    k: int,
    allowed: Ids | None = None,
) -> list[Hits]:
    """The ids nearest to each of ``vectors`` (n, dim) with their cosine, at most ``k``, best first,
    equal ones by id; only ``allowed`` ids (in order) where given."""
    near = [
        [hit for piece in index.pieces for hit in _nearest(piece, vector, k, allowed)]
        for vector in vectors
    ]
    if index.base is not None and index.approximate is not None and k > 0:
        some = _candidates(index.base, index.approximate, index.kind, vectors, k, allowed)
        ids, rows = index.kind.of(connection, vectors.shape[1], list(set(chain(*some))))
        place = {chunk: n for n, chunk in enumerate(ids.tolist())}
        for hits, vector, found in zip(near, vectors, some, strict=True):
            there = [chunk for chunk in found if chunk in place]
            cosines = rows[[place[chunk] for chunk in there]] @ vector
            hits += zip(there, cosines.tolist(), strict=True)
    return [sorted(hits, key=lambda pair: (-pair[1], pair[0]))[:k] for hits in near]


def _candidates(
    base: Base,
    lists: approximate.Lists,
    kind: Kind,
    vectors: Floats,
    k: int,
    allowed: Ids | None,
) -> list[list[int]]:
    """What of a base may be nearest to each of ``vectors``, more than is looked for."""
    if allowed is not None and len(allowed) <= _FEW_ALLOWED:
        return [allowed[allowed <= base.last].tolist()] * len(vectors)
    most = int(_CANDIDATES * k) + 1
    return approximate.candidates(lists, vectors, most, base.probes, kind.again, allowed)


def _nearest(piece: Piece, vector: Floats, k: int, allowed: Ids | None) -> Hits:
    """Those of one piece."""
    if allowed is not None and len(piece.ids):
        first, end = np.searchsorted(allowed, [piece.ids[0], piece.ids[-1] + 1])
        allowed = allowed[first:end]
    return dense.search(piece.exact, vector, k, allowed)


def grow(home: Path, connection: sqlite3.Connection, kind: Kind, manifest: store.Manifest) -> None:
    """Take what is beyond the base into it, if that is much; the caller holds the writer's lock.

    Raises:
        IndexUnavailable: it cannot be written.
    """
    base = read_base(home, kind, manifest.lineage)
    if kind is WORDS and _last(connection, kind) - (base.last if base else 0) <= MOST_EXACT:
        return  # counting words takes looking at all of them
    count = store.count_chunks(connection) if kind is PASSAGES else store.count_words(connection)
    emptied = base is not None and base.count > _MOST_GONE * count
    if count - (base.count if base else 0) <= MOST_EXACT and not emptied:
        return
    if base and count <= _OUTGROWN * base.made_for and not emptied:
        index = approximate.read(home / base.folder, mapped=False)
        known, after, made_for = (
            approximate.read_sample(home / base.folder),
            base.last,
            base.made_for,
        )
    else:
        some = _spread(connection, kind, manifest.dimension, approximate.training_size(count))
        index, known = approximate.trained(some, count), approximate.sample(some, kind.noise)
        after, made_for = 0, count
    last = [after]
    blocks = _noting_last(kind.after(connection, manifest.dimension, after), last)
    try:
        known = approximate.grown(index, known, blocks)
        _write(home, connection, kind, manifest, index, known, last[0], made_for)
    except (OSError, RuntimeError) as error:
        raise IndexUnavailable(f"the index of vectors cannot be written: {error}") from None


def _noting_last(blocks: Iterator[Block], last: list[int]) -> Iterator[Block]:
    for ids, rows in blocks:
        last[0] = int(ids[-1])
        yield ids, rows


def _spread(connection: sqlite3.Connection, kind: Kind, dimension: int, count: int) -> Floats:
    """About ``count`` vectors (n, dim), spread evenly over all."""
    ids = np.unique(np.linspace(1, _last(connection, kind), count).astype(np.int64)).tolist()
    return kind.of(connection, dimension, ids)[1]


def _write(
    home: Path,
    connection: sqlite3.Connection,
    kind: Kind,
    manifest: store.Manifest,
    index: approximate.Lists,
    known: approximate.Sample,
    last: int,
    made_for: int,
) -> None:
    folder = f"vectors-{kind.name}-{uuid.uuid4().hex[:8]}"
    approximate.write(home / folder, index, known)
    probes, recall = approximate.probes(index, known, kind.enough, kind.again)
    ground = dense.background(_spread(connection, kind, manifest.dimension, dense.SAMPLE))
    base = Base(
        folder, manifest.lineage, last, index.count, made_for, probes, recall,
        checksum(home / folder / approximate.FILE), ground.mean, ground.spread,
    )  # fmt: skip
    new = home / f".vectors-{kind.name}.json"
    with new.open("w") as file:
        json.dump(asdict(base), file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(state_path(home, kind))
    for old in home.glob(f"vectors-{kind.name}-*"):
        if old.name != folder:
            shutil.rmtree(old, ignore_errors=True)
