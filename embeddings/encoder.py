"""The promise every encoder keeps: texts in, rows of length 1 out."""

import re
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(n, dimension), float32, every row of length 1: a dot product of two rows is their cosine."""

Slice = tuple[int, int]
"""Where a part of a text begins and ends, in characters."""

Progress = Callable[[int], None]
"""Called after each batch with the number of passages done so far."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class ModelUnavailable(Exception):
    """A model that cannot be had. The message is one line: which model, why, what to do."""

    def __init__(self, name: str, *, why: str, remedy: str) -> None:
        super().__init__(" ".join(f"embedding model '{name}': {why}; {remedy}".split()))


@runtime_checkable
class Encoder(Protocol):
    """Texts to unit vectors. Encoding is deterministic: same text, same vector."""

    @property
    def name(self) -> str:
        """Says which vectors these are: vectors of encoders with other names do not compare."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int | None:
        """Tokens of a text that are looked at, the rest being ignored; None: all of them."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) vectors to search with."""

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension) vectors to be found."""

    def count_truncated(self, texts: Sequence[str]) -> int:
        """How many of these passages are longer than `max_tokens`."""


def unit_rows(rows: NDArray[np.floating]) -> Vectors:
    """(n, dimension) rows scaled to length 1.

    A row without direction (a text without a known token) becomes the same fixed unit vector
    everywhere, so that searching with it is harmless.
    """
    vectors = np.array(rows, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    sound = np.isfinite(lengths[:, 0]) & (lengths[:, 0] > 1e-12)
    vectors[sound] /= lengths[sound]
    vectors[~sound] = np.float32(1 / np.sqrt(max(vectors.shape[1], 1)))
    return vectors


def sound_text(text: str) -> str:
    """The text with lone surrogates, which no tokenizer can take, replaced by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)
