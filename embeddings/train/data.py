"""Training text: reading a folder of `*.jsonl.xz`, and what of it is never trained on."""

import hashlib
import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HELD_OUT_BELOW = 26
"""Of the 256 values of a hash's first byte, how many are held out: 26, about 10 %."""

HELD_OUT_SOURCES = ("own.sentences", "own.questions", "tico19.tico19")
"""Sources of which a slice is held out, the same slice of a text in every language."""

NEVER_TRAINED = ("arcd.train",)
"""Sources held out as a whole: other components are fitted or measured on them."""

MISALIGNED = {("tico19.tico19", "fr"): range(430, 770)}
"""Stretches of a source, counted within a pair of languages, whose translations in one language
stand beside other sentences than their own."""

SERVED = ("ar", "arz", "en", "fr", "es", "de", "tr", "fa")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same, or a question `a` and the passage `b` that answers it."""

    a: str
    b: str
    la: str
    lb: str


@dataclass(frozen=True, slots=True)
class Source:
    """One file's pairs. `name` is the file's name without `.jsonl.xz`."""

    name: str
    licence: str
    pairs: tuple[Pair, ...]

    @property
    def has_passages(self) -> bool:
        """Whether `b` is a longer text that answers `a`, rather than its translation."""
        return is_passage_source(self.name)


def is_passage_source(name: str) -> bool:
    """True for sources whose second side is a passage (told by the file's name)."""
    parts = ("passage", "question", "title_text", ".train", "qa", "faq", "medquad", "cloze")
    return any(part in name for part in parts)


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of one `.jsonl.xz` file: `{"a","b","la","lb"}` or `{"q","p","lq","lp"}` a line."""
    with lzma.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            row = json.loads(line)
            if "q" in row:
                yield Pair(row["q"], row["p"], row["lq"], row["lp"])
            else:
                yield Pair(row["a"], row["b"], row["la"], row["lb"])


def sound_pairs(name: str, pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs of source `name` without its `MISALIGNED` stretches."""
    counted: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        tongues = pair.la, pair.lb
        row = counted[tongues]
        counted[tongues] += 1
        if not any(row in MISALIGNED.get((name, tongue), ()) for tongue in tongues):
            yield pair


def source_name(path: Path) -> str:
    """`own.words.jsonl.xz` -> `own.words`."""
    return path.name.removesuffix(".jsonl.xz")


def hashes_out(arabic: str) -> bool:
    """True when this Arabic sentence belongs to the held-out tenth."""
    return hashlib.sha256(arabic.encode()).digest()[0] < HELD_OUT_BELOW


def held_out(parallel: Iterable[Pair]) -> frozenset[str]:
    """Every text, in any language, of the groups that are held out.

    `parallel` are aligned sentences (the rows of `own.sentences`, say). Sentences joined by
    any chain of rows form one group; a group is held out when one of its Arabic sentences
    hashes out. A question is held out when the sentence that answers it is in the result.
    """
    group: dict[str, str] = {}
    arabic: set[str] = set()
    for pair in parallel:
        _join(group, pair.a, pair.b)
        arabic.update(t for t, lang in ((pair.a, pair.la), (pair.b, pair.lb)) if lang == "ar")
    out = {_root(group, text) for text in arabic if hashes_out(text)}
    return frozenset(text for text in group if _root(group, text) in out)


def _root(group: dict[str, str], text: str) -> str:
    """The text that stands for `text`'s group (union-find with path halving)."""
    group.setdefault(text, text)
    while group[text] != text:
        group[text] = group[group[text]]
        text = group[text]
    return text


def _join(group: dict[str, str], a: str, b: str) -> None:
    group[_root(group, a)] = _root(group, b)


def split_held_out(name: str, pairs: list[Pair], out: frozenset[str]) -> tuple[list[Pair], int]:
    """The pairs of source `name` that may be trained on, and how many were held out."""
    if name in NEVER_TRAINED:
        return [], len(pairs)
    if name not in HELD_OUT_SOURCES:
        return pairs, 0
    kept = [pair for pair in pairs if pair.a not in out and pair.b not in out]
    return kept, len(pairs) - len(kept)


def held_out_texts(folder: Path) -> frozenset[str]:
    """All held-out texts of the data folder's sliced sources (see `held_out`)."""
    texts: set[str] = set()
    for name in ("own.sentences", "tico19.tico19"):
        path = folder / f"{name}.jsonl.xz"
        if path.exists():
            texts |= held_out(read_pairs(path))
    return frozenset(texts)
