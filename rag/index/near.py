"""Near duplicates, by bottom-k sketches: the smallest hashes of a text's runs of three words.

Two sketches share about the part of their hashes that the texts share of their runs (Broder 1997,
«On the resemblance and containment of documents»).
"""

import sqlite3
import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

_RUN = 3
_SIZE = 12
_FEWEST = 8
_ALIKE = 0.7


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
    """The file name of the indexed article whose sketch is nearly this one, if there is one."""
    if not hashes:
        return None
    row = connection.execute(
        "SELECT a.filename, count(*) FROM sketches s JOIN articles a ON a.id = s.article"
        f" WHERE s.hash IN ({', '.join('?' * len(hashes))})"
        " GROUP BY s.article ORDER BY count(*) DESC, s.article LIMIT 1",
        list(hashes),
    ).fetchone()
    return str(row[0]) if row and row[1] >= _ALIKE * len(hashes) else None
