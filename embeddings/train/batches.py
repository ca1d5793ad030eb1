"""Texts as piece ids, and batches drawn from one source at a time.

A batch of one source (half the time of one pair of languages, too) has negatives that are near
to the right answer in kind; that teaches as much in half the time as mixed batches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.train.data import Source

Ints = NDArray[np.int64]

LONGEST = 96
"""Pieces of a text that training looks at."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as one run of piece ids: text i is `ids[starts[i] : starts[i + 1]]`."""

    ids: NDArray[np.int32]
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, rows: Ints) -> tuple[Ints, Ints]:
        """Ids of the texts `rows` one after the other, and where each begins (len(rows),)."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(lengths.sum()) + np.repeat(self.starts[rows] - begins, lengths)
        return self.ids[places].astype(np.int64), begins


@dataclass(frozen=True, slots=True)
class Pool:
    """A source ready to be drawn from. `a`, `b`: its sides; `twins_*`: equal texts, equal number;
    `tongues`: the number of each pair's pair of languages."""

    name: str
    a: Texts
    b: Texts
    twins_a: Ints
    twins_b: Ints
    tongues: Ints

    def __len__(self) -> int:
        return len(self.a)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one pool: `a` and `b` as (ids, begins), and which pairs are really the same."""

    a: tuple[Ints, Ints]
    b: tuple[Ints, Ints]
    same: NDArray[np.bool_]


def to_texts(tokenizer: Any, texts: list[str]) -> Texts:
    """Piece ids of `texts`, without the unknown piece (id 0), at most `LONGEST` each."""
    runs: list[NDArray[np.int32]] = []
    for first in range(0, len(texts), 4096):
        part = [text[: 12 * LONGEST] for text in texts[first : first + 4096]]
        for encoding in tokenizer.encode_batch_fast(part, add_special_tokens=False):
            ids = np.asarray(encoding.ids[:LONGEST], dtype=np.int32)
            runs.append(ids[ids > 0])
    starts = np.concatenate([[0], np.cumsum([len(run) for run in runs])]).astype(np.int64)
    return Texts(np.concatenate(runs) if runs else np.zeros(0, np.int32), starts)


def to_pool(tokenizer: Any, source: Source) -> Pool:
    """A source's pairs in piece ids; pairs with a side that has no known piece are left out."""
    pairs = [p for p in source.pairs if p.a and p.b]
    a, b = to_texts(tokenizer, [p.a for p in pairs]), to_texts(tokenizer, [p.b for p in pairs])
    rows = np.flatnonzero((np.diff(a.starts) > 0) & (np.diff(b.starts) > 0))
    pairs = [pairs[row] for row in rows]
    return Pool(
        source.name,
        _subset(a, rows),
        _subset(b, rows),
        _numbers([p.a for p in pairs]),
        _numbers([p.b for p in pairs]),
        _numbers([f"{p.la} {p.lb}" for p in pairs]),
    )


def _subset(texts: Texts, rows: Ints) -> Texts:
    if not len(rows):
        return Texts(texts.ids[:0], np.zeros(1, np.int64))
    ids, begins = texts.take(rows)
    return Texts(ids.astype(np.int32), np.append(begins, len(ids)))


def _numbers(texts: list[str]) -> Ints:
    """Equal texts get equal numbers, counted from 0 in order of appearance."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) for text in texts], dtype=np.int64)


def shares(
    pools: list[Pool], *, weights: Mapping[str, float], power: float = 0.7
) -> NDArray[np.float64]:
    """How often each pool is drawn, (pools,), summing to 1: size^power x its weight (1 if none)."""
    raw = [weights.get(pool.name, 1.0) * len(pool) ** power for pool in pools]
    return np.asarray(np.array(raw) / sum(raw))


def draw(pool: Pool, *, size: int, dice: np.random.Generator, one_tongue: bool) -> Batch:
    """`size` pairs of the pool (fewer if it has fewer), with `one_tongue` of one language pair."""
    rows = np.arange(len(pool))
    if one_tongue:
        rows = np.flatnonzero(pool.tongues == dice.choice(pool.tongues))
    if len(rows) > size:
        rows = dice.choice(rows, size, replace=False, shuffle=False)
    same = _equal(pool.twins_a[rows]) | _equal(pool.twins_b[rows])
    return Batch(pool.a.take(rows), pool.b.take(rows), same)


def _equal(numbers: Ints) -> NDArray[np.bool_]:
    """(n, n): which rows hold the same text."""
    return np.asarray(numbers[:, None] == numbers[None, :])
