"""Fit and measure the ranking of `rag.search.ranking` on public question sets.

    python -m benchmarks.ranking.fit DATA [--write]

DATA is a folder with ``train/``, ``eval/`` and ``evaluate-only/`` as described in their manifest.
Every figure is out of fold: a collection is judged by coefficients that were fitted without it.
``--write`` puts the coefficients fitted on everything into ``rag/search/ranking.json`` and the
figures into ``benchmarks/ranking/REPORT.md``.
"""

import argparse
import json
import platform
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks.ranking import corpora
from embeddings import EMBEDDED, Encoder, load_encoder
from rag.index import store
from rag.index.build import sync
from rag.index.opened import OpenIndex, open_index, read_manifest
from rag.records import Chunk, Ranks, Span
from rag.search.ranking import Model, Ranking, rank
from rag.search.retrieval import Found, Query, make_query, retrieve

TOP_K = 8
# How many questions are asked once more of their collection without the passage that answers them,
# and how many of a collection that has nothing to do with them.
NEAR_SHARE = 0.5
FAR_SHARE = 0.5
# Refusing what the articles answer is the worse mistake: a wrong quote shows itself to be one. And
# people paraphrase more than public questions do, so that more than this is refused to them.
ANSWERABLE_REFUSED = 0.01
MOST_STEMS_SHARED = 0.6
# Only the features are wanted here, whatever is in the coefficients' file.
UNFITTED = Ranking(Model(0.0, {}, 0.0), Model(0.0, {}, 0.0))
HERE = Path(__file__).parent
COEFFICIENTS = HERE.parents[1] / "rag" / "search" / "ranking.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's candidates: ``rows`` (parts, features) and which of them are gold."""

    source: str
    collection: str
    cross: bool
    kind: str
    retrieved: bool
    rows: NDArray[np.float64]
    gold: NDArray[np.bool_]

    @property
    def answerable(self) -> bool:
        """Whether the collection holds the answer; else it is ``near`` or ``far`` from it."""
        return self.kind == "answerable"

    @property
    def family(self) -> str:
        """The set its source belongs to."""
        return self.source.split(".")[0]


def gather(
    collections: Sequence[corpora.Collection], encoder: Encoder
) -> tuple[list[str], list[Asked]]:
    """Ask every question of its collection, many once more without the passage that answers them,
    and as many of a collection they have nothing to do with.

    Returns the names of the features, and the candidates of each asking.
    """
    everywhere = [case for collection in collections for case in collection.cases]
    asked: list[Asked] = []
    names: list[str] = []
    for collection in collections:
        if not collection.cases:
            continue
        rng = random.Random(collection.name)
        spoken = {case.language for case in collection.cases}
        strangers = [case for case in everywhere if case.language in spoken]
        strangers = rng.sample(strangers, round(len(collection.cases) * FAR_SHARE))
        with indexed(collection, encoder) as asking:
            for case in collection.cases:
                asked += asking.case(case, again=rng.random() < NEAR_SHARE)
            known = {case.question for case in collection.cases}
            asked += [asking.stranger(s) for s in strangers if s.question not in known]
            names = asking.names
    return names, asked


@contextmanager
def indexed(collection: corpora.Collection, encoder: Encoder) -> Iterator["Asking"]:
    """The collection, indexed as a user's folder would be."""
    with tempfile.TemporaryDirectory() as folder:
        articles, home = Path(folder) / "articles", Path(folder) / "home"
        articles.mkdir()
        collection.write(articles)
        sync(home, encoder, [articles])
        with store.reading(home) as connection:
            index = open_index(connection, home, read_manifest(connection, home, encoder))
            yield Asking(collection, encoder, index, connection)


class Asking:
    """Asks questions of one indexed collection."""

    def __init__(
        self,
        collection: corpora.Collection,
        encoder: Encoder,
        index: OpenIndex,
        connection: sqlite3.Connection,
    ) -> None:
        self.names: list[str] = []
        self._collection, self._encoder = collection, encoder
        self._index, self._connection = index, connection
        self._articles = {article.filename: article.id for article in index.articles.values()}

    def case(self, case: corpora.Case, *, again: bool) -> list[Asked]:
        """The candidates for a question; with ``again`` also those without its gold passages."""
        article = self._articles[case.filename]
        gold = case.gold(store.document(self._connection, article).text)
        if gold is None:
            return []
        query = make_query(case.question, self._index, self._encoder)
        found = retrieve(self._index, self._connection, query, top_k=TOP_K + 1)
        holds = [_holds(hit.passage.chunk, article, gold) for hit in found]
        asked = [self._candidates(case, query, found[:TOP_K], article, gold, any(holds[:TOP_K]))]
        if again:
            without = _without(found, holds)[:TOP_K]
            asked.append(self._candidates(case, query, without, article, None, False))
        return asked

    def stranger(self, case: corpora.Case) -> Asked:
        """The candidates for a question that is about something else altogether."""
        query = make_query(case.question, self._index, self._encoder)
        found = retrieve(self._index, self._connection, query, top_k=TOP_K)
        return self._candidates(case, query, found, "", None, False, kind="far")

    def _candidates(
        self,
        case: corpora.Case,
        query: Query,
        hits: Sequence[Found],
        article: str,
        gold: range | None,
        retrieved: bool,
        *,
        kind: str = "near",
    ) -> Asked:
        evidence = rank(self._index, hits, query, ranking=UNFITTED)
        self.names = self.names or list(evidence[0].features)
        return Asked(
            source=f"{self._collection.source}<-{case.language}",
            collection=self._collection.group,
            cross=query.language != evidence[0].article.language,
            kind="answerable" if gold is not None else kind,
            retrieved=retrieved,
            rows=np.array([[e.features[name] for name in self.names] for e in evidence]),
            gold=np.array(
                [gold is not None and e.article.id == article and _mostly_in(gold, e.span)
                 for e in evidence]
            ),
        )  # fmt: skip


def _holds(chunk: Chunk, article: str, gold: range) -> bool:
    return (
        chunk.article_id == article and gold.start < chunk.span.end and chunk.span.start < gold.stop
    )


def _mostly_in(gold: range, span: Span) -> bool:
    shared = min(gold.stop, span.end) - max(gold.start, span.start)
    return shared >= 0.5 * min(len(gold), len(span))


def _without(found: Sequence[Found], holds: Sequence[bool]) -> list[Found]:
    """The hits that would have been found had the gold passages never been there: without them,
    and with the ranks closed up, since a missing first rank would give the game away."""
    gone = [hit.ranks for hit, has in zip(found, holds, strict=True) if has]

    def closed_up(rank: int | None, taken: list[int | None]) -> int | None:
        return rank and rank - sum(other is not None and other < rank for other in taken)

    return [
        replace(
            hit,
            ranks=Ranks(
                closed_up(hit.ranks.dense, [ranks.dense for ranks in gone]),
                closed_up(hit.ranks.lexical, [ranks.lexical for ranks in gone]),
            ),
        )
        for hit, has in zip(found, holds, strict=True)
        if not has
    ]


def paraphrased(names: Sequence[str], asked: Sequence[Asked]) -> list[Asked]:
    """The questions that a reader of the answer would not write down.

    Public question sets were written with the answer in view and share its wording; people who
    ask do not know it. Kept are questions in another language, and those of whose content stems
    the answer has at most `MOST_STEMS_SHARED`; and with each its unanswerable version.
    """
    stems = names.index("stems")
    kept: list[Asked] = []
    keep = False
    for one in asked:
        if one.answerable:
            shared = one.rows[one.gold, stems].max(initial=0.0)
            keep = one.cross or (bool(one.gold.any()) and shared <= MOST_STEMS_SHARED)
        if keep or one.kind == "far":
            kept.append(one)
    return kept


def fit(names: Sequence[str], asked: Sequence[Asked]) -> tuple[float, dict[str, float]]:
    """Bias and weight by feature, on the features' own scale; each family of sets counts alike."""
    rows = np.concatenate([a.rows for a in asked])
    gold = np.concatenate([a.gold for a in asked])
    count = Counter(a.family for a in asked)
    each = [np.full(len(a.rows), len(asked) / len(count) / count[a.family]) for a in asked]
    scaler = StandardScaler().fit(rows)
    scale = np.where(scaler.scale_ > 1e-9, scaler.scale_, 1.0)
    model = LogisticRegression(C=0.5, max_iter=2000)
    model.fit((rows - scaler.mean_) / scale, gold, sample_weight=np.concatenate(each))
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return bias, {name: float(w) for name, w in zip(names, weights, strict=True)}


def out_of_fold(names: Sequence[str], asked: Sequence[Asked]) -> list[NDArray[np.float64]]:
    """For each question, the probability of each part by coefficients that never saw it."""
    groups = np.array([a.collection for a in asked])
    probabilities: list[NDArray[np.float64]] = [np.empty(0)] * len(asked)
    for train, test in GroupKFold(5, shuffle=True, random_state=0).split(groups, groups=groups):
        bias, weights = fit(names, [asked[i] for i in train])
        vector = np.array([weights[name] for name in names])
        for i in test:
            probabilities[i] = 1 / (1 + np.exp(-(asked[i].rows @ vector + bias)))
    return probabilities


def choose_threshold(asked: Sequence[Asked], probabilities: Sequence[NDArray[np.float64]]) -> float:
    """The probability of the best part that all but `ANSWERABLE_REFUSED` of the answerable
    questions reach, each family of sets counting alike."""
    best = [(p.max(), a.family) for a, p in zip(asked, probabilities, strict=True) if a.answerable]
    best.sort()
    count = Counter(family for _, family in best)
    below = np.cumsum([1 / count[family] / len(count) for _, family in best])
    return float(best[int(np.searchsorted(below, ANSWERABLE_REFUSED))][0])


def report_rows(
    asked: Sequence[Asked],
    probabilities: Sequence[NDArray[np.float64]],
    thresholds: Sequence[float],
) -> list[str]:
    """A Markdown table by source; ``thresholds`` are each question's own."""
    lines = [
        "| passages <- questions | questions | passage in top 8 | first part is gold | one of the"
        " first 3 | answerable refused | near refused | far refused |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    sources = sorted({a.source for a in asked})
    for source in [*sources, "all"]:
        at = [i for i, a in enumerate(asked) if source in (a.source, "all")]
        can = [i for i in at if asked[i].answerable]
        refused = {
            kind: [probabilities[i].max() < thresholds[i] for i in at if asked[i].kind == kind]
            for kind in ("answerable", "near", "far")
        }
        order = {i: np.argsort(-probabilities[i]) for i in can}
        values = [
            np.mean([asked[i].retrieved for i in can]),
            np.mean([asked[i].gold[order[i][:1]].any() for i in can]),
            np.mean([asked[i].gold[order[i][:3]].any() for i in can]),
            *(np.mean(outcomes) for outcomes in refused.values()),
        ]
        lines.append(f"| {source} | {len(can)} | " + " | ".join(f"{v:.3f}" for v in values) + " |")
    return lines


def reliability(asked: Sequence[Asked], probabilities: Sequence[NDArray[np.float64]]) -> list[str]:
    """How often the first part is gold, by the probability it was given."""
    best = np.array([p.max() for p in probabilities])
    right = np.array([a.gold[p.argmax()] for a, p in zip(asked, probabilities, strict=True)])
    lines = [
        "| probability | questions | mean probability | share gold |",
        "| --- | --- | --- | --- |",
    ]
    for low in np.arange(0, 1, 0.1):
        inside = (best >= low) & (best < low + 0.1 + 1e-9 * (low > 0.85))
        if inside.any():
            lines.append(
                f"| {low:.1f} to {low + 0.1:.1f} | {inside.sum()} | {best[inside].mean():.3f} |"
                f" {right[inside].mean():.3f} |"
            )
    return lines


def collections_for(data: Path, encoder: Encoder) -> list[corpora.Collection]:
    """Everything that is fitted on."""
    made = corpora.own(data, encoder)
    made += corpora.squad_like(data / "train" / "arcd.train.jsonl.xz")
    for language in ("es", "de", "tr"):
        made += corpora.squad_like(data / "eval" / f"xquad.{language}.jsonl")
    return made


def fit_and_measure(
    names: Sequence[str], asked: Sequence[Asked]
) -> tuple[dict[str, Any], list[str]]:
    """The coefficients fitted on everything, and Markdown of the figures out of fold."""
    coefficients: dict[str, Any] = {}
    everything: list[Asked] = []
    everywhere: list[NDArray[np.float64]] = []
    thresholds: list[float] = []
    tables: list[str] = []
    for key, cross in (("same", False), ("cross", True)):
        part = [a for a in asked if a.cross == cross]
        probabilities = out_of_fold(names, part)
        bias, weights = fit(names, part)
        threshold = choose_threshold(part, probabilities)
        coefficients[key] = {
            "bias": round(bias, 4),
            "weights": {name: round(weight, 4) for name, weight in weights.items()},
            "threshold": round(threshold, 4),
        }
        everything += part
        everywhere += probabilities
        thresholds += [threshold] * len(part)
        tables += ["", f"## Reliability, {key} language", "", *reliability(part, probabilities)]
    return coefficients, [*report_rows(everything, everywhere, thresholds), *tables]


def main() -> None:
    """Gather, fit, measure; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(EMBEDDED)
    names, asked = gather(collections_for(options.data, encoder), encoder)
    coefficients, figures = fit_and_measure(names, paraphrased(names, asked))
    report = [
        "# The ranking of sentences, fitted and measured",
        "",
        f"Made by `python -m benchmarks.ranking.fit DATA --write` on {date.today()}"
        f" ({platform.machine()}, Python {platform.python_version()}), model {encoder.name}."
        " All figures are out of fold, on paraphrased questions only (see `paraphrased` in"
        " `fit.py`). «Near» are the same questions asked of their collection without the passage"
        " that answers them, «far» are questions asked of a collection on something else.",
        "",
        *figures,
    ]
    print("\n".join(report))
    if options.write:
        COEFFICIENTS.write_text(json.dumps(coefficients, indent=2) + "\n", "utf-8")
        (HERE / "REPORT.md").write_text("\n".join(report) + "\n", "utf-8")


if __name__ == "__main__":
    main()
