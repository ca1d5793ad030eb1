"""Near duplicates, by min-wise sketches of a text's runs of three words.

Every run has a hash. Of each of `_BINS` equal ranges of hashes the smallest one counts, of a range
without any that of the next (Shrivastava and Li 2014, «Densifying one permutation hashing via
rotation»). Two sketches agree in about the part of their places that the texts share of their runs.
Those that are alike differ in fewer places than there are `_BANDS`, so that they agree in all of
one band at least: by these they are found.
"""

import sqlite3
import zlib
from collections.abc import Iterator

import numpy as np

_RUN = 3
_FEWEST = 9
_BINS = 12
_BANDS = 4
_ALIKE = _BINS - _BANDS + 1
# Where many share a band nearly all of them are alike.
_MOST_COMPARED = 100
_NUMBER = np.dtype("<u4")
_STARTS = np.array([n * 2**64 // _BINS for n in range(_BINS)], np.uint64)
_MARKS = ", ".join("?" * _BANDS)
_BAND_BYTES = _BINS // _BANDS * _NUMBER.itemsize


def sketch(hashes: bytes) -> bytes:
    """The sketch of a text by the hashes of its words (`rag.corpus.text.Analysis`): `_BINS`
    numbers. Empty for a text that is very short."""
    words = np.frombuffer(hashes, _NUMBER).astype(np.uint64)
    if len(words) < _FEWEST + _RUN - 1:
        return b""
    runs = words[:-2] * np.uint64(0x9E3779B97F4A7C15) ^ words[1:-1]
    runs = runs * np.uint64(0xC2B2AE3D27D4EB4F) ^ words[2:]
    runs = np.sort(runs * np.uint64(0x165667B19E3779F9))
    smallest = runs[np.searchsorted(runs, _STARTS) % len(runs)]
    return (smallest >> np.uint64(32)).astype(_NUMBER).tobytes()


def put_sketch(connection: sqlite3.Connection, article_id: str, sketch: bytes) -> None:
    """Keep the sketch of an article, inside the caller's transaction."""
    connection.executemany(
        "INSERT OR IGNORE INTO sketches VALUES (?, ?, ?)",
        ((band, article_id, sketch) for band in _bands(sketch)),
    )


def nearest(connection: sqlite3.Connection, sketch: bytes) -> str | None:
    """The file name of the indexed article whose sketch is nearly this one, if there is one."""
    if not sketch:
        return None
    rows = connection.execute(
        f"SELECT DISTINCT article, sketch FROM sketches WHERE band IN ({_MARKS})"
        f" LIMIT {_MOST_COMPARED}",
        list(_bands(sketch)),
    )
    shared = {article: _shared(sketch, other) for article, other in rows}
    best = min(shared, key=lambda article: (-shared[article], article), default=None)
    if best is None or shared[best] < _ALIKE:
        return None
    (name,) = connection.execute("SELECT filename FROM articles WHERE id = ?", (best,)).fetchone()
    return str(name)


def _shared(one: bytes, other: bytes) -> int:
    """In how many places two sketches agree."""
    return int(np.sum(np.frombuffer(one, _NUMBER) == np.frombuffer(other, _NUMBER)))


def _bands(sketch: bytes) -> Iterator[int]:
    """A number for each band of a sketch, by which others that have it are found."""
    for n, at in enumerate(range(0, len(sketch), _BAND_BYTES)):
        yield zlib.crc32(sketch[at : at + _BAND_BYTES], n)
