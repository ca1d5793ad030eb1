"""The embedded model: a vector per piece, the mean over the text. Needs no torch.

Reads the model2vec layout that sentence-transformers reads too: `model.safetensors` with
`embeddings` (int8, pieces x dimension) and `weights` (float32, pieces: the scale of each row),
and `tokenizer.json`, in which all folding of the text lies. model2vec itself is not used: it cuts
texts at 512 tokens before tokenizing and leaves unknown pieces out of the mean.
"""

import hashlib
from collections import ChainMap
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import (
    ModelUnavailable,
    Progress,
    Slice,
    Vectors,
    sound_text,
    unit_rows,
)

_ID = np.dtype(np.int32)
_FILES = ("tokenizer.json", "model.safetensors")
_BATCH = 1024
# Runs of letters whose pieces are kept, in each of two generations: about 35 MB.
_KEPT = 150_000
# Nobody writes longer ones twice, and whoever asks may write any.
_LONGEST_KEPT = 100
# As many as a question has.
_FEW = 50
_REINSTALL = "reinstall isnad, or name another model"


class StaticEncoder:
    """Questions and passages are treated alike; texts of any length are read to the end."""

    max_tokens: int | None = None

    def __init__(
        self, tokenizer: Any, rows: NDArray[np.int8], scales: NDArray[np.float32], *, name: str
    ) -> None:
        """`rows` (pieces, dimension) times `scales` (pieces,) are the vectors of the pieces."""
        self.name = name
        self.dimension = int(rows.shape[1])
        self._tokenizer = tokenizer
        self._rows = rows
        self._scales = scales
        self._pieces = _Pieces(tokenizer)

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent to another process without the pieces that were met here."""
        return _made, (self._tokenizer, self._rows, self._scales, self.name)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) unit vectors."""
        return unit_rows(self._sums(texts))

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension) unit vectors; `progress` hears how many are done."""
        return unit_rows(self._batched_sums(texts, progress))

    def encode_chunks(
        self, texts: Sequence[str], parts: Sequence[Sequence[Slice]]
    ) -> tuple[Vectors, Vectors]:
        """See `embeddings.encode_chunks`. Every text is read once: its vector is made of those of
        its parts and of what stands between them."""
        cuts = [_cuts(text, some) for text, some in zip(texts, parts, strict=True)]
        pieces = [text[a:b] for text, at in zip(texts, cuts, strict=True) for a, b in pairwise(at)]
        sums = self._batched_sums(pieces)
        starts = np.cumsum([0, *(len(at) - 1 for at in cuts)])
        whole = np.add.reduceat(sums, starts[:-1], axis=0) if cuts else sums
        of_parts = [
            start + at.index(a)
            for start, at, some in zip(starts.tolist(), cuts, parts, strict=False)
            for a, _ in some
        ]
        return unit_rows(whole), unit_rows(sums[of_parts])

    def count_truncated(self, texts: Sequence[str]) -> int:
        """Always 0: no text is too long."""
        return 0

    def _batched_sums(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension), as `_sums`."""
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            summed = self._sums if len(batch) <= _FEW else self._many_sums
            sums[start : start + len(batch)] = summed(batch)
            if progress is not None:
                progress(start + len(batch))
        return sums

    def _sums(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) sums over the texts' pieces: their means but for the length."""
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for run, row in zip(self._pieces.of(texts), sums, strict=True):
            pieces = np.frombuffer(run, _ID)
            np.add.reduce(self._rows[pieces] * self._scales[pieces, None], axis=0, out=row)
        return sums

    def _many_sums(self, texts: Sequence[str]) -> Vectors:
        """The same to the last bit, for many texts: the rows of their different pieces, scaled once
        each, are added up by a matrix with a row of ones for each text, in order."""
        from scipy.sparse import csr_array  # takes longer to load than a few texts to encode

        runs = self._pieces.of(texts)
        pieces = np.frombuffer(b"".join(runs), _ID)
        is_there = np.zeros(len(self._rows), np.bool_)
        is_there[pieces] = True
        different = np.flatnonzero(is_there)
        places = np.empty(len(self._rows), _ID)
        places[different] = np.arange(len(different), dtype=_ID)
        ends = np.cumsum([0, *(len(run) // _ID.itemsize for run in runs)], dtype=_ID)
        ones = np.ones(len(pieces), np.float32)
        counted = csr_array((ones, places[pieces], ends), shape=(len(runs), len(different)))
        sums: Vectors = counted @ (self._rows[different] * self._scales[different, None])
        return sums


def _made(tokenizer: Any, rows: Any, scales: Any, name: str) -> StaticEncoder:
    return StaticEncoder(tokenizer, rows, scales, name=name)


def _cuts(text: str, parts: Sequence[Slice]) -> list[int]:
    """Where a text is cut so that each part is a piece, with both its ends."""
    cuts = sorted({0, len(text), *(end for part in parts for end in part)})
    return cuts if text else [0, 0]


class _Pieces:
    """The tokenizer's pieces of texts, each stretch between white space looked up if it was met.

    No piece of this tokenizer holds white space and none depends on what stands beyond it, so that
    a text has the pieces of its stretches in a row; most stretches are met again and again.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._recent: dict[str, bytes] = {}
        self._older: dict[str, bytes] = {}

    def of(self, texts: Sequence[str]) -> list[bytes]:
        """The ids (`_ID`) of each text's pieces, in order."""
        stretches = [text.split() for text in texts]
        known = self._knowing(set().union(*stretches))
        return [b"".join(map(known.__getitem__, some)) for some in stretches]

    def _knowing(self, stretches: set[str]) -> Mapping[str, bytes]:
        """A table that has all of ``stretches``. Threads may share it: they only add to it."""
        if len(self._recent) > _KEPT:
            self._older, self._recent = self._recent, {}
        known, older = self._recent, self._older
        missing = [stretch for stretch in stretches if stretch not in known]
        met = {stretch: older[stretch] for stretch in missing if stretch in older}
        new = [stretch for stretch in missing if stretch not in met]
        encodings = self._encodings([sound_text(stretch) for stretch in new])
        made = {s: np.array(e.ids, _ID).tobytes() for s, e in zip(new, encodings, strict=True)}
        long = {stretch: ids for stretch, ids in made.items() if len(stretch) > _LONGEST_KEPT}
        known.update(met)
        known.update((stretch, ids) for stretch, ids in made.items() if stretch not in long)
        return ChainMap(long, known) if long else known

    def _encodings(self, stretches: list[str]) -> list[Any]:
        # The tokenizer's own threads cost more than they give for a few.
        if len(stretches) <= _FEW:
            return [self._tokenizer.encode(one, add_special_tokens=False) for one in stretches]
        encodings: list[Any] = self._tokenizer.encode_batch_fast(
            stretches, add_special_tokens=False
        )
        return encodings


def load_static(folder: Path, *, name: str) -> StaticEncoder:
    """The encoder in `folder`, named `name@fingerprint` after the content of its files."""
    missing = next((file for file in _FILES if not (folder / file).is_file()), None)
    if missing:
        raise ModelUnavailable(name, why=f"{missing} is missing in {folder}", remedy=_REINSTALL)
    try:
        tokenizer, rows, scales = _read(folder)
    except ImportError as error:
        remedy = "install it with: pip install tokenizers safetensors"
        raise ModelUnavailable(name, why=f"{error.name} is missing", remedy=remedy) from error
    except Exception as error:
        why = f"its files cannot be read ({type(error).__name__}: {error})"
        raise ModelUnavailable(name, why=why, remedy=_REINSTALL) from error
    return StaticEncoder(tokenizer, rows, scales, name=f"{name}@{fingerprint(folder)}")


def _read(folder: Path) -> tuple[Any, NDArray[np.int8], NDArray[np.float32]]:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    tensors = load_file(folder / "model.safetensors")
    return (
        Tokenizer.from_file(str(folder / "tokenizer.json")),
        tensors["embeddings"],
        tensors["weights"],
    )


def fingerprint(folder: Path) -> str:
    """Eight hexadecimal digits of the SHA-256 of the model's files: other vectors, other digits."""
    digest = hashlib.sha256()
    for file in _FILES:
        digest.update((folder / file).read_bytes())
    return digest.hexdigest()[:8]
