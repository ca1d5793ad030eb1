"""Make the measured set: 200 false sentences and 200 true ones, into ``measured.jsonl``.

python -m benchmarks.grounding.make DATA
"""

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.grounding import sets
from benchmarks.grounding.falsify import MAKERS
from benchmarks.grounding.sets import Base, Case, Told

EACH = 200
_SEED = 20261125


def bases_to_measure(data: Path) -> list[Base]:
    """ARCD and GAP passages, and own sentences that the embedded model was not trained on."""
    written = sets.paraphrased(data, "to_measure.jsonl")
    known = {base.id for base in written}
    held_out = sets.sized(sets.trilingual(data, "own.sentences", held_out=True))
    others = [b for b in sets.with_neighbours(held_out, "own") if b.id not in known]
    return written + others


def true_cases(bases: Sequence[Base], rng: random.Random) -> list[Case]:
    """Every paraphrase once, against its passage in a language that goes round; the rest are
    translations."""
    cases = []
    turn = 0
    for base in bases:
        for language, sentence in base.paraphrases.items():
            languages = sorted(base.passages)
            there = languages[turn % len(languages)]
            turn += 1
            told = Told(base, "paraphrase", language, there, sentence)
            cases.append(sets.case(told, _others(base, bases, rng), n=len(cases)))
    translated = [
        t for b in bases if not b.paraphrases for t in sets.told(b) if t.kind == "translation"
    ]
    rng.shuffle(translated)
    for told in _spread(translated, EACH - len(cases)):
        cases.append(sets.case(told, _others(told.base, bases, rng), n=len(cases)))
    return cases


def _spread(told: Sequence[Told], count: int) -> list[Told]:
    """So many, no base twice, the pairs of languages in turn."""
    chosen: list[Told] = []
    used: set[str] = set()
    pairs = Counter[tuple[str, str]]()
    while len(chosen) < count:
        one = min(
            (t for t in told if t.base.id not in used),
            key=lambda t: pairs[t.language, t.passage_language],
        )
        used.add(one.base.id)
        pairs[one.language, one.passage_language] += 1
        chosen.append(one)
    return chosen


def false_cases(bases: Sequence[Base], rng: random.Random) -> list[Case]:
    """As many of each kind of change, made from verbatim sentences, translations and paraphrases,
    the pairs of languages in turn."""
    common = sets.common_words(
        t for b in bases for t in (*b.passages.values(), *b.paraphrases.values())
    )
    cases: list[Case] = []
    told = [t for base in bases for t in sets.told(base)]
    pairs = Counter[tuple[str, str, str]]()
    for n, kind in enumerate(MAKERS):
        wanted = EACH // len(MAKERS) + (n < EACH % len(MAKERS))
        rng.shuffle(told)
        made = [(t, s) for t in told if (s := sets.falsified(t, kind, common, rng))]
        used = Counter[str]()
        for _ in range(wanted):
            one, sentence = min(
                made,
                key=lambda m: (
                    used[m[0].base.id],
                    pairs[kind, m[0].language, m[0].passage_language],
                ),
            )
            made.remove((one, sentence))
            used[one.base.id] += 1
            pairs[kind, one.language, one.passage_language] += 1
            changed = {"true": False, "kind": kind, "sentence": sentence}
            cases.append(sets.case(one, _others(one.base, bases, rng), n=len(cases), **changed))
    return cases


def _others(base: Base, bases: Sequence[Base], rng: random.Random) -> list[Base]:
    return rng.sample([b for b in bases if b.id != base.id], 12)


def main() -> None:
    """Make the set; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    bases = bases_to_measure(options.data)
    rng = random.Random(_SEED)
    cases = true_cases(bases, rng) + false_cases(bases, rng)
    sets.save(cases, sets.HERE / "measured.jsonl")
    print(Counter((c.true, c.kind) for c in cases))
    print(Counter((c.true, c.pair) for c in cases))


if __name__ == "__main__":
    main()
