"""From a folder of files to the sources that are trained on, with a count of what was left out."""

import lzma
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from embeddings.train import gloss
from embeddings.train.clean import clean, fold
from embeddings.train.data import (
    NEVER_TRAINED,
    SERVED,
    Pair,
    Source,
    held_out_texts,
    read_pairs,
    sound_pairs,
    source_name,
    split_held_out,
)
from embeddings.train.licences import entry_for, read_manifest
from embeddings.train.overlap import evaluation_texts, forbidden, grams, overlaps
from embeddings.train.written import OWN, written_sources

Say = Callable[[str], None]

LEXICONS = ("own.words", "own.vocabulary")
"""Sources that Arabic is glossed by."""

ENGLISH_PASSAGES = ("gap_wikipedia", "openstax.en_passages", "covidqa.en_qa", "medquad")
"""Sources whose English passages are running text, by the start of their name."""


@dataclass(frozen=True, slots=True)
class Count:
    """What became of one file's pairs. `licence_refused` files are not read at all."""

    name: str
    licence: str
    read: int = 0
    kept: int = 0
    held_out: int = 0
    overlapping: int = 0
    licence_refused: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """Sources to train on, and the account of them."""

    sources: tuple[Source, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where things lie in a data folder; a folder without `train/` is itself the training part."""

    train: Path
    texts: Path
    evaluation: tuple[Path, ...]

    @staticmethod
    def of(data: Path) -> "Folders":
        """The parts of the folder `data`."""
        train = data / "train" if (data / "train").is_dir() else data
        return Folders(train, data / "text", (data / "eval", data / "evaluate-only"))


def prepare(
    data: Path,
    *,
    own: Path = OWN,
    languages: tuple[str, ...] = SERVED,
    seed: int,
    say: Say,
) -> Prepared:
    """Read, clean, deduplicate, hold out and check every file, then make the derived sources."""
    folders = Folders.of(data)
    out = held_out_texts(folders.train)
    runs = kept_apart(folders, out)
    manifest = read_manifest(folders.train)
    done: list[tuple[Source, Count]] = []
    for path in sorted(folders.train.glob("*.jsonl.xz")):
        entry = entry_for(manifest, source_name(path))
        if not entry.may_ship and manifest:
            done.append(_refused(entry.name, entry.licence))
            continue
        rows = list(read_pairs(path))
        read = Source(source_name(path), entry.licence, tuple(sound_pairs(entry.name, rows)))
        done.append(_one(read, out, runs, frozenset(languages)))
    done += [_one(written, out, runs, frozenset(languages)) for written in written_sources(own)]
    for _, count in done:
        say(f"{count.name}: {count.kept} of {count.read} pairs")
    sources = [source for source, _ in done if source.pairs]
    made = _derived(folders.texts, sources, runs, seed)
    derived = [source for source in made if source.pairs]
    for source in derived:
        say(f"{source.name}: {len(source.pairs)} pairs made")
    counts = [count for _, count in done]
    counts += [Count(s.name, s.licence, kept=len(s.pairs)) for s in derived]
    return Prepared((*sources, *derived), tuple(counts))


def kept_apart(folders: Folders, out: frozenset[str]) -> frozenset[int]:
    """Word runs of everything that is measured on: evaluation folders and held-out text."""
    texts: list[str] = list(out)
    for folder in folders.evaluation:
        if folder.is_dir():
            texts += evaluation_texts(folder)
    for name in NEVER_TRAINED:
        path = folders.train / f"{name}.jsonl.xz"
        if path.exists():
            texts += [pair.b for pair in read_pairs(path)]
    return forbidden(texts)


def _refused(name: str, licence: str) -> tuple[Source, Count]:
    return Source(name, licence, ()), Count(name, licence, licence_refused=True)


def _one(
    source: Source, out: frozenset[str], runs: frozenset[int], languages: frozenset[str]
) -> tuple[Source, Count]:
    trained, held = split_held_out(source.name, list(source.pairs), out)
    cleaned = list(clean(trained, languages=languages))
    kept = tuple(pair for pair in cleaned if not overlaps(pair, runs))
    read, overlapping = len(source.pairs), len(cleaned) - len(kept)
    count = Count(source.name, source.licence, read, len(kept), held, overlapping)
    return Source(source.name, source.licence, kept), count


def _derived(
    folder: Path, sources: list[Source], runs: frozenset[int], seed: int
) -> Iterator[Source]:
    """Cloze pairs of plain Arabic and of English passages, and glosses of Arabic (see `gloss`)."""
    dice = random.Random(seed)  # noqa: S311  (no secret)
    english = (p.b for s in sources if s.name.startswith(ENGLISH_PASSAGES) for p in s.pairs)
    yield _made("cloze.en", gloss.cloze(dict.fromkeys(english), language="en", dice=dice))
    texts = [text for text in plain_texts(folder) if not any(g in runs for g in grams(text))]
    cloze = list(gloss.cloze(texts, language="ar", dice=dice))
    yield _made("cloze.ar", cloze)
    words = [p for s in sources if s.name in LEXICONS for p in s.pairs]
    known = {language: gloss.lexicon(words, language=language) for language in ("en", "fr")}
    said = list(_unheld(texts, runs)) if words else []
    pairs = cloze + [p for s in sources if _arabic_passages(s) for p in s.pairs]
    for language, meanings in known.items():
        parts = gloss.translated(said, meanings, language=language, dice=dice)
        yield _made(f"gloss.ar_{language}", parts)
        asked = gloss.glossed(pairs, meanings, language=language, dice=dice)
        yield _made(f"cloze.ar_{language}", asked)
    yield _made("words.en_fr", gloss.joined(known["en"], known["fr"]))
    some = said[:: max(1, len(said) // 100_000)]
    yield _made("gloss.en_fr", gloss.twice_told(some, known["en"], known["fr"], dice=dice))


def _made(name: str, pairs: Iterable[Pair]) -> Source:
    return Source(f"made.{name}", "as the text it is made of (CC-BY-SA 4.0) and CC0", tuple(pairs))


def _arabic_passages(source: Source) -> bool:
    """Whether the source's passages are Arabic, all of them."""
    return source.has_passages and all(pair.la == pair.lb == "ar" for pair in source.pairs)


def _unheld(texts: Iterable[str], runs: frozenset[int]) -> Iterator[str]:
    """Sentences of the texts that are no held-out sentence themselves."""
    seen: set[str] = set()
    for text in texts:
        for sentence in gloss.sentences(text):
            key = fold(sentence)
            if key not in seen and not any(gram in runs for gram in grams(sentence)):
                seen.add(key)
                yield sentence[:600]


def plain_texts(folder: Path) -> Iterator[str]:
    """Lines of the folder's `*_text.txt.xz` files (Arabic)."""
    for path in sorted(folder.glob("*_text.txt.xz")) if folder.is_dir() else ():
        with lzma.open(path, "rt", encoding="utf8") as lines:
            yield from (line.strip() for line in lines if line.strip())
