"""Near duplicates, by bottom-k sketches: the smallest hashes of a text's runs of three words.

Two sketches share about the part of their hashes that the texts share of their runs (Broder 1997,
«On the resemblance and containment of documents»).
"""

import math
import sqlite3
import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

_RUN = 3
_SIZE = 12
_FEWEST = 8
_ALIKE = 0.7
_FEW = 3


def sketch(tokens: Sequence[str]) -> list[int]:
    """The up to `_SIZE` smallest hashes of a text's folded words; none of a very short one."""
    hashes = np.fromiter(map(_hash, tokens), np.uint64, count=len(tokens))
    if len(hashes) < _FEWEST + _RUN:
        return []
    runs = hashes[:-2] * np.uint64(0x9E3779B97F4A7C15) ^ hashes[1:-1]
    runs = runs * np.uint64(0xC2B2AE3D27D4EB4F) ^ hashes[2:]
    runs = runs * np.uint64(0x165667B19E3779F9)
    return [int(h) for h in np.unique(runs >> np.uint64(1))[:_SIZE]]


@lru_cache(maxsize=200_000)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def put_sketch(connection: sqlite3.Connection, article_id: str, hashes: Sequence[int]) -> None:
    """Keep the sketch of an article, inside the caller's transaction."""
    connection.executemany("INSERT INTO sketches VALUES (?, ?)", ((h, article_id) for h in hashes))


def nearest(connection: sqlite3.Connection, hashes: Sequence[int]) -> str | None:
    """The file name of the indexed article whose sketch is nearly this one, if there is one.

    One that shares enough hashes lacks so few that it has at least `_FEW` of any part that is
    larger than that by `_FEW`. The largest are looked for first: the smaller the hash of a common
    run is, the more sketches have it.
    """
    if not hashes:
        return None
    least = math.ceil(_ALIKE * len(hashes))
    few = min(_FEW, least)  # of a text that says few different things
    largest = hashes[least - len(hashes) - few :]
    row = connection.execute(
        "SELECT a.filename FROM sketches s JOIN articles a ON a.id = s.article"
        f" WHERE s.hash IN ({_marks(hashes)}) AND s.article IN (SELECT article FROM sketches"
        f" WHERE hash IN ({_marks(largest)}) GROUP BY article HAVING count(*) >= {few})"
        f" GROUP BY s.article HAVING count(*) >= {least} ORDER BY count(*) DESC, s.article LIMIT 1",
        [*hashes, *largest],
    ).fetchone()
    return str(row[0]) if row else None


def _marks(hashes: Sequence[int]) -> str:
    return ", ".join("?" * len(hashes))
