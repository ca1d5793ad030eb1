"""Keeps evaluation text out of the training text: shared runs of 13 words, and whole texts."""

import json
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path

from embeddings.train.clean import fold
from embeddings.train.data import Pair

GRAM = 13
"""Words in a run. Thirteen is the usual length for contamination checks (GPT-3, 2020)."""

WHOLE = 5
"""A text of at least this many words must not be an evaluation text as a whole either."""


def grams(text: str) -> Iterator[int]:
    """Hashes of the text's runs of 13 words, and of a shorter text as a whole."""
    words = fold(text).split()
    if WHOLE <= len(words) < GRAM:
        yield hash(tuple(words))
    for start in range(len(words) - GRAM + 1):
        yield hash(tuple(words[start : start + GRAM]))


def forbidden(texts: Iterable[str]) -> frozenset[int]:
    """All runs of the evaluation texts."""
    return frozenset(gram for text in texts for gram in grams(text))


def overlaps(pair: Pair, runs: frozenset[int]) -> bool:
    """True when either side shares a run with an evaluation text."""
    return any(gram in runs for text in (pair.a, pair.b) for gram in grams(text))


def evaluation_texts(folder: Path) -> Iterator[str]:
    """Every text of an evaluation folder: `.jsonl`, `.jsonl.xz` and aligned plain lines."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        opener = lzma.open if path.suffix == ".xz" else open
        with opener(path, "rt", encoding="utf8") as lines:
            for line in lines:
                yield from _texts(line, is_json=".jsonl" in path.name)


def _texts(line: str, *, is_json: bool) -> Iterator[str]:
    if not is_json:
        yield line
        return
    row = json.loads(line)
    yield from (row[key] for key in ("a", "b", "q", "p") if key in row)
