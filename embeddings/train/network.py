"""The model while it is trained: a piece's vector is its own row plus its n-grams' mean.

Pieces that share letters share n-gram rows (Bojanowski et al. 2017, "Enriching Word Vectors with
Subword Information"), so forms that were seldom or never seen get a meaning from their kin. After
training both parts are added up, and the shipped model is a plain table: one row a piece.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grams:
    """n-gram rows of each piece: piece i has `ids[starts[i] : starts[i + 1]]`."""

    ids: Tensor
    starts: Tensor
    count: int

    def of(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """n-gram ids of the pieces one after the other, and where each piece's begin."""
        lengths = self.starts[pieces + 1] - self.starts[pieces]
        begins = torch.cumsum(lengths, 0) - lengths
        shift = torch.repeat_interleave(self.starts[pieces] - begins, lengths)
        return self.ids[torch.arange(len(shift)) + shift], begins


def character_grams(piece: str, *, sizes: Sequence[int] = (4,)) -> Iterator[str]:
    """n-grams of a piece, its begin-of-word sign included; none of one-letter or number pieces."""
    word = piece + "<" if len(piece) > 2 else ""
    if not any(c.isdigit() for c in word):
        for size in sizes:
            yield from (word[i : i + size] for i in range(len(word) - size + 1))


def shared_grams(pieces: Sequence[str], *, least: int = 2) -> Grams:
    """n-grams that at least `least` of the pieces have, numbered from 0."""
    of_piece = [tuple(dict.fromkeys(character_grams(piece))) for piece in pieces]
    counts: dict[str, int] = {}
    for grams in of_piece:
        for gram in grams:
            counts[gram] = counts.get(gram, 0) + 1
    kept = {gram: i for i, gram in enumerate(g for g, n in counts.items() if n >= least)}
    runs = [[kept[gram] for gram in grams if gram in kept] for grams in of_piece]
    starts = torch.tensor(np.concatenate([[0], np.cumsum([len(run) for run in runs])]))
    return Grams(torch.tensor([i for run in runs for i in run]).long(), starts, len(kept))


class Table:
    """Rows of parameters, updated where touched by AdaGrad (Duchi et al. 2011) with one step size
    a row: a row met for the first time moves far, one met often moves little."""

    def __init__(self, rows: Tensor) -> None:
        self.rows = rows
        self.squares = torch.zeros(len(rows))

    def update(self, touched: Tensor, gradient: Tensor, *, rate: float) -> None:
        """One step for the different rows `touched` (n,), by their gradient (n, dim)."""
        squares = self.squares[touched] + gradient.square().mean(dim=1)
        self.squares[touched] = squares
        steps = -rate / squares.sqrt().add_(1e-9)
        self.rows.index_add_(0, touched, gradient * steps[:, None])


class Network:
    """The two tables, and how a batch's texts become unit vectors."""

    def __init__(self, norms: Tensor, grams: Grams, *, dimension: int, seed: int) -> None:
        """`norms` (pieces,): the expected length of each piece's row at the start, which weighs
        rare pieces over frequent ones from the first step on."""
        dice = torch.Generator().manual_seed(seed)
        spread = norms[:, None]
        self.grams = grams
        self.pieces = Table(torch.randn(len(norms), dimension, generator=dice) * spread)
        self.shared = Table(torch.randn(max(grams.count, 1), dimension, generator=dice) * 0.5)

    def step(self, batch: "Sides", *, scale: float, rate: float) -> float:
        """One optimisation step on a batch. Returns its loss."""
        used, places = distinct(torch.cat([batch.a, batch.b]), count=len(self.pieces.rows))
        gram_ids, begins = self.grams.of(used)
        used_grams, gram_places = distinct(gram_ids, count=len(self.shared.rows))
        own = self.pieces.rows[used].requires_grad_()
        kin = self.shared.rows[used_grams].requires_grad_()
        table = own + functional.embedding_bag(gram_places, kin, begins, mode="mean")
        cut = len(batch.a)
        left = functional.embedding_bag(places[:cut], table, batch.a_begins, mode="mean")
        right = functional.embedding_bag(places[cut:], table, batch.b_begins, mode="mean")
        loss = contrast(left, right, same=batch.same, scale=scale)
        loss.backward()
        with torch.no_grad():
            self.pieces.update(used, _grad(own), rate=rate)
            self.shared.update(used_grams, _grad(kin), rate=rate)
        return float(loss.detach())

    def table(self) -> NDArray[np.float32]:
        """(pieces, dimension): the finished rows; row 0, the unknown piece's, is zero."""
        with torch.no_grad():
            kin = functional.embedding_bag(
                self.grams.ids, self.shared.rows, self.grams.starts[:-1], mode="mean"
            )
            rows = np.asarray(self.pieces.rows + kin, dtype=np.float32)
        rows[0] = 0
        return rows


def distinct(ids: Tensor, *, count: int) -> tuple[Tensor, Tensor]:
    """The different numbers among `ids` (all below `count`), and each id's place among them:
    what `torch.unique` gives, without sorting."""
    met = torch.zeros(count, dtype=torch.bool)
    met[ids] = True
    used = met.nonzero()[:, 0]
    place = torch.empty(count, dtype=torch.long)
    place[used] = torch.arange(len(used))
    return used, place[ids]


def _grad(leaf: Tensor) -> Tensor:
    assert leaf.grad is not None
    return leaf.grad


@dataclass(frozen=True, slots=True)
class Sides:
    """A batch as tensors: piece ids of all left (right) texts, where each text begins, and the
    (n, n) mask of pairs that hold the same text."""

    a: Tensor
    a_begins: Tensor
    b: Tensor
    b_begins: Tensor
    same: Tensor


def contrast(left: Tensor, right: Tensor, *, same: Tensor, scale: float) -> Tensor:
    """Symmetric cross-entropy over in-batch negatives (multiple negatives ranking, Henderson et
    al. 2017). Rows that hold the same text are no negatives of each other."""
    twins = same & ~torch.eye(len(same), dtype=torch.bool)
    loss: Tensor = _Contrast.apply(
        functional.normalize(left), functional.normalize(right), twins, scale
    )
    return loss


class _Contrast(torch.autograd.Function):  # type: ignore[misc]  # torch is not type-checked
    """The loss over unit rows with its gradient written out: half the passes over the (n, n)
    matrix that autograd needs. No maximum is taken off before the exponential, since a cosine is
    never above 1. The products are in bfloat16, in which recent processors are nine times faster.
    """

    @staticmethod
    def forward(ctx: Any, left: Tensor, right: Tensor, twins: Tensor, scale: float) -> Tensor:
        near = _product(left, right.T).sub_(1).mul_(scale).exp_().masked_fill_(twins, 0)
        rows, columns = near.sum(dim=1), near.sum(dim=0)
        ctx.save_for_backward(left, right, near, rows, columns)
        ctx.scale = scale
        own = scale * ((left * right).sum(dim=1) - 1)
        return ((rows.log() + columns.log()) / 2 - own).mean()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None]:
        left, right, near, rows, columns = ctx.saved_tensors
        size = ctx.scale * gradient / len(near)
        pull = near * ((1 / rows)[:, None] + (1 / columns)[None, :]).mul_(0.5)
        on_left = _product(pull, right) - right
        on_right = _product(pull.T, left) - left
        return size * on_left, size * on_right, None, None


def _product(a: Tensor, b: Tensor) -> Tensor:
    return (a.bfloat16() @ b.bfloat16()).float()
