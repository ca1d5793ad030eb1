"""The passages that every engine indexes, and the questions that every engine is asked.

One collection of Arabic and English passages, the tongues mixed as in an archive, with questions
of five kinds. Every question has one right passage: where a passage is there in both languages,
only one of them is put into the collection. Nobody's weights were fitted on AQAD or umbrella; own
questions are those whose passages were held out of the embedded model's training.
"""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.ranking.corpora import read
from embeddings.train.data import held_out_texts

ARABIC_QUESTIONS = 400
HEADINGS = 400
_SEED = 9
# A sentence shorter than this stands in too many passages to say which one is meant.
_TELLING_SENTENCE = 40
# Passages in one file.
_A_FILE = 250
# A text of fewer words is no passage.
_FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that is one article to Isnad and one document to the others."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the id of the one passage that answers it, and its kind (a key of `KINDS`)."""

    kind: str
    text: str
    gold: str


Pair = tuple[str, str, str]
"""The kind of a question, the question, the text of its passage."""

KINDS = {
    "ar": "Arabic question → Arabic passage (AQAD)",
    "en": "English question → English passage (own, held out)",
    "en-headings": "English heading → its English section (umbrella)",
    "en-ar": "English question → Arabic passage (own, held out)",
    "en-ar-headings": "English heading → its section in Arabic (umbrella)",
}


def make(data: Path, size: int) -> tuple[list[Passage], list[Asked]]:
    """``size`` passages and the questions about them; fewer questions where they do not fit.

    Args:
        data: the folder with ``train/`` and ``evaluate-only/``.
    """
    chance = random.Random(_SEED)
    pairs = [*_aqad(data, chance), *_own(data, chance), *_umbrella(data, chance)]
    return _collection(data, chance, size, pairs)


def make_choosing(data: Path, size: int) -> tuple[list[Passage], list[Asked]]:
    """The same of other questions: those by which the peers' settings were chosen."""
    chance = random.Random(_SEED + 1)
    out = held_out_texts(data / "train")
    english = list(read(data / "train" / "covidqa.en_qa.jsonl.xz"))
    across = [
        row
        for row in read(data / "train" / "own.questions.jsonl.xz")
        if (row["lq"], row["lp"]) == ("en", "ar") and row["p"] not in out
    ]
    pairs = [("ar", row["q"], row["p"]) for row in read(data / "train" / "arcd.train.jsonl.xz")]
    pairs += [("en", row["q"], row["p"]) for row in chance.sample(english, 300)]
    pairs += [("en-ar", row["q"], row["p"]) for row in chance.sample(across, 300)]
    return _collection(data, chance, size, pairs)


def _collection(
    data: Path, chance: random.Random, size: int, pairs: list[Pair]
) -> tuple[list[Passage], list[Asked]]:
    pairs = [pair for pair in pairs if _is_passage(pair[2])]
    chance.shuffle(pairs)
    gold = list(dict.fromkeys(text for _, _, text in pairs))[: size // 2]
    texts = list(dict.fromkeys([*gold, *_others(data, chance, {t for _, _, t in pairs})]))
    if len(texts) < size:
        raise ValueError(f"there are only {len(texts)} passages, not {size}")
    texts = texts[:size]
    chance.shuffle(texts)
    passages = [Passage(f"p{n:06}", text) for n, text in enumerate(texts)]
    ids = {passage.text: passage.id for passage in passages}
    right = set(gold)
    return passages, [Asked(kind, q, ids[text]) for kind, q, text in pairs if text in right]


def _aqad(data: Path, chance: random.Random) -> Iterator[Pair]:
    """One question a passage, so that no passage counts for more than another."""
    rows = list(read(data / "evaluate-only" / "aqad.train.jsonl.xz"))
    chance.shuffle(rows)
    one_each = {row["p"]: row["q"] for row in rows}
    for text, question in list(one_each.items())[:ARABIC_QUESTIONS]:
        yield "ar", question, text


def _own(data: Path, chance: random.Random) -> Iterator[Pair]:
    """Held-out English questions: of every other fact the English sentence is there, of the
    others the Arabic one."""
    out = held_out_texts(data / "train")
    rows = [r for r in read(data / "train" / "own.questions.jsonl.xz") if r["p"] in out]
    asked = {
        lang: {r["q"]: r["p"] for r in rows if (r["lq"], r["lp"]) == ("en", lang)}
        for lang in ("en", "ar")
    }
    questions = sorted(asked["en"].keys() & asked["ar"].keys())
    chance.shuffle(questions)
    for n, question in enumerate(questions):
        lang = "en" if n % 2 else "ar"
        yield "en" if n % 2 else "en-ar", question, asked[lang][question]


def _umbrella(data: Path, chance: random.Random) -> Iterator[Pair]:
    """English headings of a handbook: of every other section the English text is there, of the
    others the Arabic one."""
    rows = list(read(data / "evaluate-only" / "umbrella.heading_passage.jsonl.xz"))
    sections = sorted(_sections_in_both(data, rows))
    chance.shuffle(sections)
    for n, (heading, english, arabic) in enumerate(sections[:HEADINGS]):
        yield ("en-headings", heading, english) if n % 2 else ("en-ar-headings", heading, arabic)


def _sections_in_both(data: Path, rows: list[dict[str, Any]]) -> Iterator[Pair]:
    """Heading, English text and Arabic text of the sections of which at least half of the
    sentences are known to stand in one Arabic section."""
    headings = Counter(row["q"] for row in rows if row["lp"] == "en")
    arabic = {_letters(row["p"]): row["p"] for row in rows if row["lp"] == "ar"}
    sentences = [(_letters(a), _letters(b)) for a, b in _translated(data)]
    taken = set()
    for row in rows:
        if row["lp"] != "en" or headings[row["q"]] > 1:
            continue
        letters = _letters(row["p"])
        told = [b for a, b in sentences if a in letters]
        votes = Counter(text for b in told for folded, text in arabic.items() if b in folded)
        best, count = votes.most_common(1)[0] if votes else ("", 0)
        if best not in taken and 2 * count >= max(1, len(told)):
            taken.add(best)
            yield row["q"], row["p"], best


def _translated(data: Path) -> Iterator[tuple[str, str]]:
    for row in read(data / "evaluate-only" / "umbrella.parallel.jsonl.xz"):
        sides = {row["la"]: row["a"], row["lb"]: row["b"]}
        if sides.keys() == {"en", "ar"} and len(sides["en"]) > _TELLING_SENTENCE:
            yield sides["en"], sides["ar"]


def _is_passage(text: str) -> bool:
    return len(re.findall(r"\w+", text)) >= _FEWEST_WORDS


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _others(data: Path, chance: random.Random, known: set[str]) -> Iterable[str]:
    """Passages that answer nothing: Arabic and English in turns as long as there are both."""
    pools: defaultdict[str, list[str]] = defaultdict(list)
    files = {
        "ar": (
            "evaluate-only/aqad.train",
            "train/arwiki_comparable.title_passage",
            "train/antcorpus.title_text",
        ),
        "en": (
            "train/medquad.en",
            "train/covidqa.en_qa",
            "train/gap_wikipedia.title_passage",
            "train/openstax.en_passages",
            "train/msdocs_dynamics365.heading_passage_en",
        ),
    }
    for lang, names in files.items():
        for name in names:
            rows = list(dict.fromkeys(row["p"] for row in read(data / f"{name}.jsonl.xz")))
            chance.shuffle(rows)
            pools[lang] += [text for text in rows if text not in known and _is_passage(text)]
    for arabic, english in zip(pools["ar"], pools["en"], strict=False):
        yield arabic
        yield english


def write(folder: Path, passages: Iterable[Passage], questions: Iterable[Asked]) -> None:
    """Both as JSON Lines; the passages as articles in several files of a folder."""
    rows = [{"url": address(p.id), "text": p.text} for p in passages]
    (folder / "passages").mkdir()
    for start in range(0, len(rows), _A_FILE):
        name = f"{start // _A_FILE:04}.jsonl"
        _write(folder / "passages" / name, rows[start : start + _A_FILE])
    _write(folder / "questions.jsonl", map(asdict, questions))


def address(identity: str) -> str:
    """What an article is known by: engines that keep metadata give it back."""
    return f"https://passages.invalid/{identity}"


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
