"""How alike Arabic words are by the company that they keep in plain text, and so are texts.

«اشترى» and «اقتنى» share no letters and are seldom translated into each other, but stand among the
same words. The vectors, one a stem, lie in ``distributional.safetensors`` beside this file;
``benchmarks/ranking/distributional.py`` makes them. A stem that is not there, as most names are not
and no word of another language is, is like itself and no other.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import as_file, files
from itertools import chain

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
    summed: Floats = sums_of([words])[0]
    return summed


def sums_of(texts: Sequence[Iterable[str]]) -> Floats:
    """(texts, dim): the same of the folded words of each of some texts."""
    stems = [[stem(word) for word in text] for text in texts]
    different = dict.fromkeys(chain.from_iterable(stems))
    known = [one for one in different if one in _table().places]
    unknown = [one for one in different if one not in _table().places]
    column = {one: n for n, one in enumerate([*known, *unknown])}
    counts = np.zeros((len(stems), len(column)), np.float32)
    for row, some in zip(counts, stems, strict=True):
        for one in some:
            row[column[one]] += 1
    summed: Floats = counts @ np.concatenate([_vectors(known), _signs(unknown)])
    return summed


def _vectors(stems: Sequence[str]) -> Floats:
    """(stems, dim): of those that have one."""
    table = _table()
    places = [table.places[one] for one in stems]
    return table.rows[places] * table.weights[places, np.newaxis]


def _signs(stems: Sequence[str]) -> Floats:
    """(stems, dim), of length 1: up or down by chance, always the same of one stem, so that it is
    near to itself alone."""
    size = _table().rows.shape[1]
    drawn = b"".join(
        blake2b(one.encode("utf-8", "surrogatepass"), digest_size=size // 8).digest()
        for one in stems
    )
    bits = np.unpackbits(np.frombuffer(drawn, np.uint8)).reshape(-1, size)
    return (bits * np.float32(2) - 1) / np.float32(math.sqrt(size))
