"""Text written for this model: word lists and parallel sentences, in the folder `own` (CC0).

A few thousand pairs of general register do more for the vectors than a million software strings
(see NOTES.md). Word lists, `vocabulary.LANGUAGE.tsv`: a frequent word form of that language and
its usual meanings in the two others of Arabic, English and French, `|` between alternatives.
Sentences, `sentences.jsonl`: one statement in up to eight languages a line (`"ar": ...`), and
questions that it answers (`"q_ar": ...`).
"""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from embeddings.train.data import Pair, Source

OWN = Path(__file__).parent / "own"
LICENCE = "CC0"
_COLUMNS = {"ar": ("ar", "en", "fr"), "en": ("en", "ar", "fr"), "fr": ("fr", "ar", "en")}


def written_sources(folder: Path = OWN) -> tuple[Source, ...]:
    """The sources that the folder's files make; none from a folder without files."""
    kinds = {
        "vocabulary": _vocabulary(folder),
        "translations": _translations(folder),
        "asked_questions": _questions(folder),
    }
    found = (Source(f"own.{name}", LICENCE, tuple(pairs)) for name, pairs in kinds.items())
    return tuple(source for source in found if source.pairs)


def _vocabulary(folder: Path) -> Iterator[Pair]:
    """Every word with each of its meanings, and first meanings with each other."""
    for language, columns in _COLUMNS.items():
        for line in _lines(folder / f"vocabulary.{language}.tsv"):
            cells = [cell.split("|") for cell in line.split("\t")]
            words = dict(zip(columns, cells, strict=True))
            for other in columns[1:]:
                yield from (Pair(words[language][0], w, language, other) for w in words[other] if w)
            left, right = columns[1:]
            if words[left][0] and words[right][0]:
                yield Pair(words[left][0], words[right][0], left, right)


def _translations(folder: Path) -> Iterator[Pair]:
    for row in _rows(folder):
        told = [language for language in row if not language.startswith("q_")]
        for la, lb in combinations(told, 2):
            yield Pair(row[la], row[lb], la, lb)


def _questions(folder: Path) -> Iterator[Pair]:
    for row in _rows(folder):
        told = [language for language in row if not language.startswith("q_")]
        for asked in (key for key in row if key.startswith("q_")):
            yield from (Pair(row[asked], row[lb], asked[2:], lb) for lb in told)


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    yield from map(json.loads, _lines(folder / "sentences.jsonl"))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf8").splitlines() if path.exists() else []
