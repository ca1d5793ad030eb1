"""The recipe as a whole: prepare, make the tokenizer, train, write the model and its report.

Every stage leaves its result in the work folder and is skipped when it is there already, so a
run that was broken off goes on where it was. A work folder of other settings is refused.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.train.batches import Ints, Pool, shares, to_pool
from embeddings.train.data import SERVED, Source
from embeddings.train.export import principal
from embeddings.train.fit import Plan, count_pieces, fit, start_norms
from embeddings.train.prepare import Count, Prepared, prepare
from embeddings.train.store import load_pools, save_pools
from embeddings.train.tokenizer import train_tokenizer
from embeddings.train.written import OWN

Say = Callable[[str], None]

TOKENIZER_TEXTS = {
    "ar": 200_000,
    "en": 150_000,
    "fr": 100_000,
    "es": 60_000,
    "de": 60_000,
    "tr": 50_000,
    "fa": 50_000,
    "arz": 15_000,
}
"""Texts of each language that the tokenizer is made from."""

NARROW = ("made.cloze", "places_", "names_", "po_", "tldr", "aosp")
"""Sources too narrow or too repetitive to choose pieces by."""

WEIGHTS = (
    (("own.",), 6.0),
    (("tico19", "antcorpus", "tatoeba", "udhr", "nextstrain"), 3.0),
    (("made.words",), 2.0),
    (("made.",), 1.2),
    (("omw", "wiktionary", "places", "names", "oewn", "factbook", "opentrivia"), 0.7),
    (("msdocs", "aosp", "tldr", "po_", "reactdocs"), 0.4),
)
"""How much more often than by its size^0.7 a source is drawn, by the start of its name: general
register up, lists of words and software text down."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides what comes out, beside the data."""

    plan: Plan
    pieces: int = 130_000
    subwords: int = 50_000
    languages: tuple[str, ...] = SERVED


class WorkFolderDiffers(Exception):
    """The work folder was made with other settings than asked for."""


@dataclass(frozen=True, slots=True)
class Trained:
    """The finished tokenizer and table (pieces, dimension), and the account of the data."""

    tokenizer: Any
    table: np.ndarray[Any, np.dtype[np.float32]]
    counts: tuple[Count, ...]


def train(data: Path, work: Path, settings: Settings, *, own: Path = OWN, say: Say) -> Trained:
    """Run all stages that `work` does not hold yet, and return what came out."""
    claim(work, settings)
    tokenizer, pools, counts = materials(data, own, work, settings, say=say)
    drawn = shares(pools, weights=weights_of(pools))
    from embeddings.train.network import Network, shared_grams

    pieces = [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda x: x[1])]
    norms = start_norms(count_pieces(pools, drawn, pieces=len(pieces)))
    plan = settings.plan
    network = Network(norms, shared_grams(pieces), dimension=plan.dimension, seed=plan.seed)
    fit(network, pools, drawn, plan, checkpoint=work / "checkpoint.pt", hear=say)
    return Trained(tokenizer, principal(network.table(), sample_rows(pools)), counts)


def sample_rows(pools: list[Pool], *, each: int = 400) -> list[Ints]:
    """Piece ids of up to `each` texts of every pool, spread evenly over it."""
    rows: list[Ints] = []
    for pool in pools:
        for at in np.linspace(0, len(pool) - 1, min(each, len(pool))).astype(np.int64):
            ids, _ = pool.b.take(np.array([at]))
            rows.append(ids)
    return rows


def claim(work: Path, settings: Settings) -> None:
    """Note the settings in the work folder, or refuse one that was made with others."""
    work.mkdir(parents=True, exist_ok=True)
    note, asked = work / "settings.json", json.loads(json.dumps(asdict(settings)))
    if not note.exists():
        note.write_text(json.dumps(asked, indent=2))
    elif (found := json.loads(note.read_text())) != asked:
        raise WorkFolderDiffers(
            f"{work} was made with {found}, asked for is {asked}: name another --work folder"
        )


def materials(
    data: Path, own: Path, work: Path, settings: Settings, *, say: Say
) -> tuple[Any, list[Pool], tuple[Count, ...]]:
    """Tokenizer, pools and counts, read from `work` or made from `data` and `own`."""
    from tokenizers import Tokenizer

    ready, counted = work / "tokenizer.json", work / "counts.json"
    if counted.exists():
        counts = tuple(Count(**row) for row in json.loads(counted.read_text()))
        return Tokenizer.from_file(str(ready)), load_pools(work / "pools"), counts
    prepared = prepare(
        data, own=own, languages=settings.languages, seed=settings.plan.seed, say=say
    )
    tokenizer = make_tokenizer(prepared, settings)
    say(f"tokenizer of {tokenizer.get_vocab_size()} pieces")
    tokenizer.save(str(ready), pretty=False)
    pools = [to_pool(tokenizer, source) for source in prepared.sources]
    pools = [pool for pool in pools if len(pool) > 1]
    save_pools(work / "pools", pools)
    counted.write_text(json.dumps([asdict(count) for count in prepared.counts]))
    return tokenizer, pools, prepared.counts


def make_tokenizer(prepared: Prepared, settings: Settings) -> Any:
    """The tokenizer for a sample of the sources' texts."""
    texts = sample_texts(prepared.sources, seed=settings.plan.seed)
    return train_tokenizer(texts, pieces=settings.pieces, subwords=settings.subwords)


def sample_texts(sources: tuple[Source, ...], *, seed: int) -> dict[str, list[str]]:
    """Different texts by language, at most `TOKENIZER_TEXTS` of each, drawn by chance."""
    found: dict[str, dict[str, None]] = {language: {} for language in TOKENIZER_TEXTS}
    for source in sources:
        if source.name.startswith(NARROW):
            continue
        real_only = source.name.startswith("made.")  # the other side is no language, but a gloss
        for pair in source.pairs:
            found.setdefault(pair.la, {})[pair.a[:600]] = None
            if not real_only:
                found.setdefault(pair.lb, {})[pair.b[:600]] = None
    dice = random.Random(seed)  # noqa: S311  (no secret)
    return {lang: _drawn(list(texts), lang, dice) for lang, texts in found.items() if texts}


def _drawn(texts: list[str], language: str, dice: random.Random) -> list[str]:
    dice.shuffle(texts)
    return texts[: TOKENIZER_TEXTS.get(language, 10_000)]


def weights_of(pools: list[Pool]) -> Mapping[str, float]:
    """Each pool's weight after `WEIGHTS`, 1 for those not named there."""
    return {
        pool.name: next((w for starts, w in WEIGHTS if pool.name.startswith(starts)), 1.0)
        for pool in pools
    }
