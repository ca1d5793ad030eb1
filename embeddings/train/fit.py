"""The training loop: seeded, with progress, and able to go on from where it was broken off."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from embeddings.train.batches import Batch, Pool, draw
from embeddings.train.network import Network, Sides

Ints = NDArray[np.int64]
SAVE_EVERY = 500
"""Steps between checkpoints."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how to train. `rate` falls linearly to 0 over `steps`."""

    steps: int
    batch: int = 2048
    dimension: int = 256
    rate: float = 0.5
    scale: float = 12.0
    one_tongue: float = 0.5
    seed: int = 0


def start_norms(counts: Ints, *, smooth: float = 1e-4, least: float = 0.1) -> torch.Tensor:
    """(pieces,) start lengths after the smooth inverse frequency of Arora et al. 2017:
    smooth / (smooth + p), with p the piece's share of the text, and never under `least`."""
    share = counts / max(counts.sum(), 1)
    weights = np.maximum(smooth / (smooth + share), least)
    return torch.tensor(weights, dtype=torch.float32)


def count_pieces(pools: list[Pool], shares: NDArray[np.float64], *, pieces: int) -> Ints:
    """How often each piece is met, (pieces,), the pools weighed as they are drawn (x 10^6)."""
    counts = np.zeros(pieces)
    for pool, share in zip(pools, shares, strict=True):
        both = np.bincount(pool.a.ids, minlength=pieces) + np.bincount(pool.b.ids, minlength=pieces)
        counts += share * both / max(len(pool), 1)
    return np.round(counts * 1e6).astype(np.int64)


def fit(
    network: Network,
    pools: list[Pool],
    shares: NDArray[np.float64],
    plan: Plan,
    *,
    checkpoint: Path | None = None,
    hear: Callable[[str], None] = print,
) -> None:
    """Train `network` in place. With `checkpoint`, go on from that file if it is there.

    Each step's batch depends on the seed and the step's number alone, so a run that was broken
    off and resumed ends where an unbroken one does.
    """
    first = restore(network, checkpoint) if checkpoint else 0
    began, smooth = time.monotonic(), 0.0
    for step in range(first, plan.steps):
        dice = np.random.default_rng([plan.seed, step])
        pool = pools[dice.choice(len(pools), p=shares)]
        batch = draw(pool, size=plan.batch, dice=dice, one_tongue=dice.random() < plan.one_tongue)
        rate = plan.rate * (1 - step / plan.steps)
        loss = network.step(sides(batch), scale=plan.scale, rate=rate)
        smooth = loss if step == first else 0.98 * smooth + 0.02 * loss
        if (step + 1) % 100 == 0:
            hear(_progress(step + 1, plan.steps, smooth, time.monotonic() - began, first))
        if checkpoint and (step + 1) % SAVE_EVERY == 0:
            save(network, checkpoint, step + 1)


def _progress(step: int, steps: int, loss: float, seconds: float, first: int) -> str:
    left = seconds / (step - first) * (steps - step)
    return f"step {step}/{steps}  loss {loss:.3f}  {seconds:.0f} s, {left:.0f} s to go"


def sides(batch: Batch) -> Sides:
    """The batch as tensors."""
    a, a_begins = map(torch.from_numpy, batch.a)
    b, b_begins = map(torch.from_numpy, batch.b)
    return Sides(a, a_begins, b, b_begins, torch.from_numpy(batch.same))


def save(network: Network, path: Path, step: int) -> None:
    """Write the state after `step` steps, whole or not at all."""
    fresh = path.with_suffix(".part")
    tables = {"pieces": network.pieces, "shared": network.shared}
    state = {name: (t.rows, t.squares) for name, t in tables.items()}
    torch.save({"step": step, **state}, fresh)
    fresh.replace(path)


def restore(network: Network, path: Path) -> int:
    """Take up the state in `path`; returns the steps it has behind it, 0 without a file."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    for name, table in (("pieces", network.pieces), ("shared", network.shared)):
        table.rows, table.squares = state[name]
    return int(state["step"])
