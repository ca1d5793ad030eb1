"""Pools on disk, so that a broken-off run need not read and tokenize the data again."""

from pathlib import Path

import numpy as np

from embeddings.train.batches import Pool, Texts


def save_pools(folder: Path, pools: list[Pool]) -> None:
    """One `.npz` a pool, numbered in order."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, pool in enumerate(pools):
        np.savez(
            folder / f"{number:03d}.npz",
            name=np.array(pool.name),
            a_ids=pool.a.ids,
            a_starts=pool.a.starts,
            b_ids=pool.b.ids,
            b_starts=pool.b.starts,
            twins_a=pool.twins_a,
            twins_b=pool.twins_b,
            tongues=pool.tongues,
        )


def load_pools(folder: Path) -> list[Pool]:
    """The pools that `save_pools` wrote, in the same order."""
    pools: list[Pool] = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as kept:
            a = Texts(kept["a_ids"], kept["a_starts"])
            b = Texts(kept["b_ids"], kept["b_starts"])
            twins = kept["twins_a"], kept["twins_b"]
            pools.append(Pool(str(kept["name"]), a, b, *twins, kept["tongues"]))
    return pools
