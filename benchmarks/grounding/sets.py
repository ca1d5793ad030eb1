"""True sentences with the passages that carry them, for fitting and, of other documents, measuring.

A *base* is a sentence of a public text, in one language or in several, with what stands around it.
True of it are its translations, and paraphrases written for this project (``written/``).
"""

import hashlib
import json
import lzma
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.grounding.falsify import MAKERS, POOLS, Truth, attributed
from embeddings.train.data import held_out_texts, read_pairs, sound_pairs
from rag.corpus.sentences import sentences
from rag.corpus.tokens import tokens
from rag.records import Span

HERE = Path(__file__).parent
WRITTEN_COLLECTIONS = HERE.parent / "ranking" / "written"
LANGUAGES = ("ar", "en", "fr")
LICENCES = {
    "arcd": "ARCD (MIT), text of Arabic Wikipedia (CC BY-SA)",
    "gap": "GAP (Apache-2.0), text of English Wikipedia (CC BY-SA)",
    "own": "own.sentences: Arabic of Wikipedia (CC BY-SA 4.0) and antcorpus (Apache-2.0),"
    " translations CC0",
    "tico": "TICO-19 (CC0)",
    "written": "written for this project (CC0)",
}
_AROUND = 450


@dataclass(frozen=True, slots=True)
class Base:
    """A sentence by language, the passages it stands in by language, and true paraphrases."""

    id: str
    source: str
    sentences: dict[str, str]
    passages: dict[str, str]
    paraphrases: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence to be checked against passages, the first of which is cited. ``kind`` says how it
    came about: ``verbatim``, ``translation``, ``paraphrase``, or what was changed in one."""

    id: str
    base: str
    source: str
    true: bool
    kind: str
    made_from: str
    language: str
    passage_language: str
    sentence: str
    original: str
    publisher: str
    passages: tuple[str, ...]
    gold: str

    @property
    def pair(self) -> str:
        """The languages of sentence and passage."""
        return f"{self.language}<-{self.passage_language}"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _order(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def trilingual(data: Path, name: str, *, held_out: bool) -> list[dict[str, str]]:
    """The aligned sentences of a source in all three languages, those held out of the embedded
    model's training or the others, in the order of the file."""
    path = data / "train" / f"{name}.jsonl.xz"
    out = held_out_texts(data / "train")
    by_english: dict[str, dict[str, str]] = {}
    for pair in sound_pairs(name, read_pairs(path)):
        said = {pair.la: pair.a, pair.lb: pair.b}
        if "en" in said and set(said) <= set(LANGUAGES):
            by_english.setdefault(said["en"], {}).update(said)
    whole = [g for g in by_english.values() if len(g) == len(LANGUAGES)]
    return [g for g in whole if any(t in out for t in g.values()) == held_out]


def with_neighbours(groups: Sequence[dict[str, str]], source: str) -> list[Base]:
    """Each sentence among three others, at a place that its text decides."""
    bases = []
    for n, group in enumerate(groups):
        others = [groups[(n + k) % len(groups)] for k in (1, 2, 3)]
        at = _order(group["en"])[0] % 4
        passages = {
            lang: " ".join(_ended(g[lang]) for g in (*others[:at], group, *others[at:]))
            for lang in LANGUAGES
        }
        bases.append(Base(f"{source}-{_order(group['en']).hex()[:8]}", source, group, passages))
    return bases


def _ended(sentence: str) -> str:
    return sentence if re.search(r"[.!?؟»\"”]\s*$", sentence) else sentence + "."


def sized(groups: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Those that are sentences, neither headings nor paragraphs."""
    return [g for g in groups if 60 <= len(g["en"]) <= 260 and len(g["ar"]) >= 40]


def _passages(data: Path, source: str) -> list[tuple[str, str]]:
    """(language, passage) of the sources that are in one language."""
    if source == "arcd":
        return [("ar", r["p"]) for r in _rows(data / "train" / "arcd.train.jsonl.xz")]
    if source == "gap":
        return [
            ("en", r["p"]) for r in _rows(data / "train" / "gap_wikipedia.title_passage.jsonl.xz")
        ]
    return [
        (lang, article["text"])
        for path in sorted(WRITTEN_COLLECTIONS.glob("*.json"))
        for article in json.loads(path.read_text("utf-8"))["articles"]
        for lang in [
            "ar"
            if re.search("[\u0621-\u064a]{3}", article["text"])
            else "fr"
            if " les " in article["text"]
            else "en"
        ]
    ]


def paraphrased(data: Path, file: str) -> list[Base]:
    """The bases with paraphrases written for this project."""
    own = {
        "own": with_neighbours(trilingual(data, "own.sentences", held_out=True), "own"),
        "tico": with_neighbours(trilingual(data, "tico19.tico19", held_out=True), "tico"),
    }
    bases = []
    for row in _rows(HERE / "written" / file):
        said = {lang: row[lang] for lang in LANGUAGES}
        if row["source"] in own:
            found = next(b for b in own[row["source"]] if b.sentences["en"].startswith(row["base"]))
            bases.append(Base(found.id, found.source, found.sentences, found.passages, said))
        else:
            bases.append(_in_one_language(data, row, said))
    return bases


def _in_one_language(data: Path, row: dict[str, str], said: dict[str, str]) -> Base:
    language, passage = next(
        (lang, p) for lang, p in _passages(data, row["source"]) if row["base"] in p
    )
    start = passage.index(row["base"])
    end = _sentence_end(passage, start)
    low = max(0, start - _AROUND)
    low = 0 if low == 0 else passage.find(" ", low) + 1
    around = passage[low : end + _AROUND]
    identity = f"{row['source']}-{_order(row['base']).hex()[:8]}"
    return Base(identity, row["source"], {language: passage[start:end]}, {language: around}, said)


def _sentence_end(passage: str, start: int) -> int:
    return next(s.end for s in sentences(passage, Span(0, len(passage))) if s.end > start)


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that are written small somewhere: no names."""
    return frozenset(t.written for text in texts for t in tokens(text) if t.written[:1].islower())


def latin_names(base: Base, common: frozenset[str]) -> frozenset[str]:
    """Words of a base in Latin letters that are names, by their capital."""
    texts = (*base.sentences.values(), *base.passages.values(), *base.paraphrases.values())
    return frozenset(
        t.written
        for text in texts
        for t in tokens(text)
        if t.named
        and len(t.written) > 2
        and t.written.lower() not in common
        and t.written[1:].islower()
        and t.written.isalpha()
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One true sentence of a base, against its passage in one language."""

    base: Base
    kind: str
    language: str
    passage_language: str
    sentence: str


def told(base: Base, *, translations: bool = True) -> Iterator[Told]:
    """Everything true of a base, in every language against every passage."""
    for there in base.passages:
        for language, sentence in base.sentences.items():
            kind = "verbatim" if language == there else "translation"
            if kind == "verbatim" or translations:
                yield Told(base, kind, language, there, sentence)
        for language, sentence in base.paraphrases.items():
            yield Told(base, "paraphrase", language, there, sentence)


def case(one: Told, others: Sequence[Base], *, n: int, **changed: Any) -> Case:
    """A case of a true sentence, or of what was ``changed`` in it, among passages of ``others``."""
    publisher = POOLS["sources"][_order(one.base.id)[1] % len(POOLS["sources"])]
    more = [b.passages[one.passage_language] for b in others if one.passage_language in b.passages]
    values: dict[str, Any] = {
        "id": f"{one.base.id}-{n}",
        "base": one.base.id,
        "source": one.base.source,
        "true": True,
        "kind": one.kind,
        "made_from": one.kind,
        "language": one.language,
        "passage_language": one.passage_language,
        "sentence": one.sentence,
        "original": one.sentence,
        "publisher": publisher[{"en": 0, "fr": 1, "ar": 2}[one.passage_language]],
        "passages": (one.base.passages[one.passage_language], *more[:2]),
        "gold": one.base.sentences[one.passage_language],
    }
    return Case(**{**values, **changed})


def truth_of(one: Told, common: frozenset[str]) -> Truth:
    """A true sentence as the makers of false ones take it."""
    publisher = POOLS["sources"][_order(one.base.id)[1] % len(POOLS["sources"])]
    passage = one.base.passages[one.passage_language]
    return Truth(one.sentence, one.language, passage, latin_names(one.base, common), publisher)


def falsified(one: Told, kind: str, common: frozenset[str], rng: random.Random) -> str | None:
    """The sentence with one thing of ``kind`` changed, or ``None``."""
    truth = truth_of(one, common)
    changed = MAKERS[kind](truth, rng)
    return changed if changed and changed != one.sentence else None


def with_source(one: Told, common: frozenset[str], rng: random.Random) -> str:
    """The sentence said of its passage's own publisher."""
    truth = truth_of(one, common)
    column = {"en": 0, "fr": 1, "ar": 2}[one.language]
    return attributed(truth, truth.publisher[column], rng)


def save(cases: Iterable[Case], path: Path) -> None:
    """A case a line."""
    lines = (json.dumps(asdict(c), ensure_ascii=False) for c in cases)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def load(path: Path) -> list[Case]:
    """Cases that were saved."""
    return [Case(**{**row, "passages": tuple(row["passages"])}) for row in _rows(path)]


def case_numbered(one: Case, n: int) -> Case:
    """The case under a number of its own."""
    return replace(one, id=f"{one.base}-{n}")
