"""How alike Arabic words are by the company that they keep in plain text, and so are texts.

«اشترى» and «اقتنى» share no letters and are seldom translated into each other, but stand among the
same words. The vectors, one a stem, lie in ``distributional.safetensors`` beside this file;
``benchmarks/ranking/distributional.py`` makes them. A stem that is not there, as most names are not
and no word of another language is, is like itself and no other.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from rag.corpus.text import stem

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Table:
    """``rows`` (stems, dim) times ``weights`` are the vectors of stems as they count in a text, by
    the ``places`` of these."""

    places: dict[str, int]
    rows: NDArray[np.int8]
    weights: Floats


@lru_cache(maxsize=1)
def _table() -> _Table:
    with as_file(files("rag.search").joinpath("distributional.safetensors")) as path:
        read = load_file(path)
    stems = read["stems"].tobytes().decode().split("\n")
    return _Table({one: n for n, one in enumerate(stems)}, read["vectors"], read["weights"])


def sum_of(words: Iterable[str]) -> Floats:
    """(dim,): the sum of the vectors of folded ``words``, the rarer a word the more of it; not of
    length 1, so that sums can be added up."""
    table = _table()
    stems = [stem(word) for word in words]
    places = [at for one in stems if (at := table.places.get(one)) is not None]
    summed: Floats = table.weights[places] @ table.rows[places]
    signs = [_signs(one) for one in stems if one not in table.places]
    return summed + np.sum(signs, axis=0, dtype=np.float32) / np.float32(math.sqrt(len(summed)))


@lru_cache(maxsize=50_000)
def _signs(stem: str) -> NDArray[np.int8]:
    """(dim,): 1 or -1 by chance, always the same of one stem: it is near to itself alone."""
    digest = blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=_table().rows.shape[1] // 8)
    return 2 * np.unpackbits(np.frombuffer(digest.digest(), np.uint8)).astype(np.int8) - 1
