"""Fit the coefficients of `rag.answer.grounding` on sentences of other documents than are measured.

    python -m benchmarks.grounding.fit DATA [--write]

True are translations and paraphrases of TICO-19, of own sentences, of GAP passages and of the
collections written for the ranking; false ones are made of them by `falsify`, and from sentences
that stand beside the passage's own. Figures printed are out of fold, by document.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks.grounding import sets
from benchmarks.grounding.falsify import MAKERS
from benchmarks.grounding.sets import Base, Case, Told
from embeddings import EMBEDDED, Encoder, load_encoder
from rag.answer.grounding import Passage
from rag.answer.grounding.check import CLOSELY, lay_over
from rag.answer.grounding.claims import claim_of
from rag.answer.grounding.evidence import features, windows
from rag.answer.grounding.fitted import Models
from rag.answer.grounding.objections import objection
from rag.answer.grounding.suspicion import doubtful
from rag.corpus.tokens import tokens
from rag.logistic import Model
from rag.records import Article

COEFFICIENTS = sets.HERE.parents[1] / "rag" / "answer" / "grounding" / "grounding.json"
FOLDS = 5
_SEED = 7
_OWN = 350
# Of translations and copies, the share that is used.
_OTHERS = 0.12
# Of the false sentences that were made for fitting, how many may be let through.
FALSE_LET_THROUGH = 0.045
# Kinds whose changed words the model of words learns from; the rest of a changed sentence is true.
WORD_KINDS = ("paraphrase", "translation", "name", "place")
# Paraphrases are what a model writes; translations and copies are plenty.
WEIGHTS = {"paraphrase": 3.0, "translation": 1.0, "verbatim": 0.3, "attributed": 0.5, "unsaid": 0.3}

RIDGE = 1.0
# What speaks for a sentence (1) and what against it (-1); of single words, for their not being
# said.
WHOLE_SIGNS = {
    **dict.fromkeys(("cover", "sure", "worst", "second_worst", "third_worst", "cosine"), 1),
    **dict.fromkeys(
        "missing missing_words missing_elsewhere strangers_missing strangers_doubtful"
        " acronyms_missing copied_but_for copied_strangers denied_here denied_there denials_differ"
        " only_before only_after borrowed numbers_swapped withheld_there opposites"
        " more_parts".split(),
        -1,
    ),
}
WORD_SIGNS = dict.fromkeys(
    "unmatched lost unmatched_elsewhere strange named strange_lost rivals strange_rivals beside"
    " rest".split(),
    1,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A case and one stretch of its passage: the ``features`` of the whole, those of its doubtful
    ``words`` and which of them were put in (``false``). ``features`` is ``None`` where everything
    is forbidden, then ``reason`` says by what."""

    case: Case
    cross: bool
    features: dict[str, float] | None
    words: tuple[dict[str, float], ...] = ()
    false: tuple[bool, ...] = ()
    reason: str | None = None


def bases_to_fit(data: Path) -> list[Base]:
    """Documents that are not measured."""
    written = sets.paraphrased(data, "to_fit.jsonl")
    known = {base.id for base in written}
    own = sets.sized(sets.trilingual(data, "own.sentences", held_out=False))
    random.Random(_SEED).shuffle(own)
    tico = sets.sized(sets.trilingual(data, "tico19.tico19", held_out=True))
    others = [*sets.with_neighbours(own[:_OWN], "own"), *sets.with_neighbours(tico, "tico")]
    return written + [base for base in others if base.id not in known]


def cases_to_fit(bases: Sequence[Base]) -> list[Case]:
    """True ones, false ones of every kind, and ``unsaid`` ones: true of another base."""
    rng = random.Random(_SEED)
    common = sets.common_words(
        t for b in bases for t in (*b.passages.values(), *b.paraphrases.values())
    )
    cases: list[Case] = []
    for n, base in enumerate(bases):
        for told in sets.told(base):
            if told.kind == "paraphrase" or rng.random() < _OTHERS:
                cases += _of(told, bases[(n + 1) % len(bases)], common, rng)
    return [sets.case_numbered(c, n) for n, c in enumerate(cases)]


def _of(told: Told, other: Base, common: frozenset[str], rng: random.Random) -> Iterator[Case]:
    yield sets.case(told, (), n=0)
    if rng.random() < 0.2:
        sentence = sets.with_source(told, common, rng)
        yield sets.case(told, (), n=0, kind="attributed", sentence=sentence)
    for kind in MAKERS:
        rate = 1.0 if told.kind == "paraphrase" else 0.4
        changed = sets.falsified(told, kind, common, rng) if rng.random() < rate else None
        if changed:
            yield sets.case(told, (), n=0, true=False, kind=kind, sentence=changed)
    if told.passage_language in other.passages:
        there = (other.passages[told.passage_language],)
        yield sets.case(told, (), n=0, true=False, kind="unsaid", passages=there)
    yield from _left_out(told)


def _left_out(told: Told) -> Iterator[Case]:
    """The sentence against what stands around it, without what says it."""
    passage = told.base.passages[told.passage_language]
    gold = told.base.sentences[told.passage_language]
    around = passage.replace(gold, "")
    if len(around) > 100:
        yield sets.case(told, (), n=0, true=False, kind="unsaid", passages=(around,))


def passages_of(case: Case) -> list[Passage]:
    """The passages of a case as they are given to the check; the first is the one cited."""
    return [
        Passage(
            number,
            Article(
                f"{case.id}-{number}",
                f"{number}.txt",
                case.passage_language,
                publisher=case.publisher if number == 1 else None,
            ),
            text,
            0,
        )
        for number, text in enumerate(case.passages, start=1)
    ]


def rows_of(case: Case, encoder: Encoder) -> Iterator[Row]:
    """Of a true case the stretch that holds its sentence, of a false one the best ones."""
    claim = claim_of(case.sentence, encoder)
    passage = passages_of(case)[0]
    setting = lay_over(claim, passage, encoder)
    said = {token.word for token in tokens(case.original)}
    reason: str | None = None
    kept: list[Row] = []
    for window in windows(setting, CLOSELY):
        parts = setting.text.parts
        held = passage.text[parts[window.first].start : parts[window.last].end]
        against = objection(setting, window)
        reason = reason or against
        overlaps = case.gold in held or held in case.gold
        if against is None and (not case.true or overlaps):
            odd = doubtful(setting, window)
            kept.append(
                Row(
                    case,
                    setting.cross,
                    features(setting, window),
                    tuple(d.features for d in odd),
                    tuple(not case.true and claim.words[d.place] not in said for d in odd),
                )
            )
    yield from kept[: 1 if case.true else 2]
    if not kept:
        yield Row(case, setting.cross, None, reason=reason)


def logistic(
    rows: Sequence[dict[str, float]],
    target: Sequence[bool],
    weights: Sequence[float],
    signs: Mapping[str, int],
) -> Model:
    """Coefficients on the features' own scale; both answers count alike. A feature with a sign is
    kept to it: some false sentences match all the same, and must not teach that matching is bad."""
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    true, each = np.array(target), np.array(weights, float)
    each[true] *= each[~true].sum() / each[true].sum()
    each /= each.mean()
    scaler = StandardScaler().fit(table)
    scale = np.where(scaler.scale_ > 1e-9, scaler.scale_, 1.0)
    scaled = (table - scaler.mean_) / scale
    bounds = [(None, None), *(_BOUNDS.get(signs.get(name, 0), (None, None)) for name in names)]
    found = minimize(
        _loss, np.zeros(len(names) + 1), (scaled, np.where(true, 1.0, -1.0), each),
        jac=True, method="L-BFGS-B", bounds=bounds,
    ).x  # fmt: skip
    coefficients = found[1:] / scale
    bias = float(found[0] - coefficients @ scaler.mean_)
    pairs = zip(names, coefficients, strict=True)
    return Model(round(bias, 4), {n: round(float(w), 4) for n, w in pairs})


_BOUNDS = {1: (0.0, None), -1: (None, 0.0)}


def _loss(found: Floats, table: Floats, sign: Floats, each: Floats) -> tuple[float, Floats]:
    """Logistic loss with a ridge on all but the bias, and its gradient."""
    margin = sign * (table @ found[1:] + found[0])
    loss = float((each * np.logaddexp(0, -margin)).sum() + RIDGE * found[1:] @ found[1:])
    pull = -each * sign / (1 + np.exp(np.clip(margin, -30, 30)))
    return loss, np.concatenate([[pull.sum()], table.T @ pull + 2 * RIDGE * found[1:]])


def _weight(row: Row) -> float:
    return WEIGHTS.get(row.case.kind, 1.0) * WEIGHTS.get(row.case.made_from, 1.0)


def fit_models(rows: Sequence[Row]) -> tuple[Model, Model]:
    """The model of words, and that of the whole."""
    told = [row for row in rows if row.case.kind in WORD_KINDS]
    word = logistic(
        [f for row in told for f in row.words],
        [false for row in told for false in row.false],
        [_weight(row) for row in told for _ in row.words],
        WORD_SIGNS,
    )
    return word, logistic(
        [row.features or {} for row in rows],
        [row.case.true for row in rows],
        [_weight(row) for row in rows],
        WHOLE_SIGNS,
    )


def out_of_fold(rows: Sequence[Row]) -> tuple[Floats, Floats]:
    """Of each row the worst word and the probability of the whole, by coefficients that never saw
    its document."""
    worst, whole = np.zeros(len(rows)), np.zeros(len(rows))
    groups = np.array([row.case.base for row in rows])
    for train, test in GroupKFold(FOLDS).split(groups, groups=groups):
        of_words, of_whole = fit_models([rows[i] for i in train])
        for i in test:
            worst[i] = max((of_words.probability(f) for f in rows[i].words), default=0.0)
            whole[i] = of_whole.probability(rows[i].features or {})
    return worst, whole


@dataclass(frozen=True, slots=True)
class Scored:
    """Cases with the rows that stand for them, and the two figures of each row."""

    cases: Sequence[Case]
    rows: dict[str, list[int]]
    worst: Floats
    whole: Floats

    def share(self, kind: str, suspicious: float, least: float, *, true: bool) -> float:
        """The share of a kind's cases that is let through."""
        some = [c for c in self.cases if c.kind == kind and c.true == true]
        through = [
            any(
                self.worst[i] <= suspicious and self.whole[i] >= least
                for i in self.rows.get(c.id, ())
            )
            for c in some
        ]
        return float(np.mean(through)) if through else float("nan")


def scored(cases: Sequence[Case], rows: Sequence[Row]) -> Scored:
    """Out of fold."""
    found: dict[str, list[int]] = {}
    for n, row in enumerate(rows):
        found.setdefault(row.case.id, []).append(n)
    return Scored(cases, found, *out_of_fold(rows))


def thresholds(told: Scored) -> tuple[float, float]:
    """The two thresholds by which most paraphrases and translations pass, while of the changed
    sentences, each kind counting alike, `FALSE_LET_THROUGH` do at most."""
    best = (-1.0, 0.0, 1.0)
    for suspicious in np.arange(0.3, 1.001, 0.05):
        for least in np.arange(0.02, 0.98, 0.02):
            false = np.mean([told.share(k, suspicious, least, true=False) for k in MAKERS])
            if false > FALSE_LET_THROUGH:
                continue
            kinds = ("paraphrase", "translation")
            true = float(np.nanmean([told.share(k, suspicious, least, true=True) for k in kinds]))
            best = max(best, (true, round(float(suspicious), 4), round(float(least), 4)))
            break
    return best[1:]


def report(told: Scored, suspicious: float, least: float) -> None:
    """By kind: how many are let through."""
    count = Counter((case.true, case.kind) for case in told.cases)
    for (true, kind), n in sorted(count.items()):
        print(true, kind, n, f"{told.share(kind, suspicious, least, true=true):.3f}")


def main() -> None:
    """Gather, fit, print, write; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(EMBEDDED)
    cases = cases_to_fit(bases_to_fit(options.data))
    rows = [row for case in cases for row in rows_of(case, encoder)]
    fit_and_write(cases, rows, write=options.write)


def fit_and_write(cases: Sequence[Case], rows: Sequence[Row], *, write: bool) -> None:
    """Fit both sets of models, print what they give out of fold."""
    shipped: dict[str, Any] = {}
    for key, cross in (("same", False), ("cross", True)):
        some = [row for row in rows if row.cross == cross]
        forbidden = Counter(
            (row.case.true, row.case.kind, row.reason) for row in some if row.features is None
        )
        usable = [row for row in some if row.features is not None]
        ids = {row.case.id for row in some}
        told = scored([case for case in cases if case.id in ids], usable)
        suspicious, least = thresholds(told)
        print(f"\n{key}: {len(told.cases)} cases, thresholds {suspicious} {least}")
        report(told, suspicious, least)
        print({k[1:]: n for k, n in forbidden.items() if k[0]})
        word, whole = fit_models(usable)
        shipped[key] = asdict(Models(word, whole, suspicious, least))
    print(json.dumps(shipped, indent=2))
    if write:
        COEFFICIENTS.write_text(json.dumps(shipped, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
