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
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks.ranking import corpora
from embeddings import EMBEDDED, Encoder, load_encoder
from rag.index import store
from rag.index.build import sync
from rag.index.opened import open_index, read_manifest
from rag.records import Ranks
from rag.search.ranking import rank
from rag.search.retrieval import Found, make_query, retrieve

TOP_K = 8
# Each question is also asked of its collection without the passage that answers it, as often.
UNANSWERABLE_SHARE = 0.5
ANSWERABLE_REFUSED = 0.03
MOST_STEMS_SHARED = 0.6
HERE = Path(__file__).parent
COEFFICIENTS = HERE.parents[1] / "rag" / "search" / "ranking.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's candidates: ``rows`` (parts, features) and which of them are gold."""

    source: str
    collection: str
    cross: bool
    answerable: bool
    retrieved: bool
    rows: NDArray[np.float64]
    gold: NDArray[np.bool_]

    @property
    def family(self) -> str:
        """The set its source belongs to."""
        return self.source.split(".")[0]


def gather(
    collections: Iterable[corpora.Collection], encoder: Encoder
) -> tuple[list[str], list[Asked]]:
    """Ask every question of its collection; the names of the features, and the candidates."""
    names: list[str] = []
    asked: list[Asked] = []
    for collection in collections:
        if collection.cases:
            names = _ask_all(collection, encoder, asked) or names
    return names, asked


def _ask_all(collection: corpora.Collection, encoder: Encoder, asked: list[Asked]) -> list[str]:
    names: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        articles, home = Path(folder) / "articles", Path(folder) / "home"
        articles.mkdir()
        collection.write(articles)
        sync(home, encoder, [articles])
        with store.reading(home) as connection:
            index = open_index(connection, home, read_manifest(connection, home, encoder))
            by_name = {article.filename: article for article in index.articles.values()}
            rng = random.Random(collection.name)
            for case in collection.cases:
                article = by_name[case.filename]
                text = store.document(connection, article.id).text
                start = text.find(case.gold)
                gold = range(start, start + len(case.gold))
                query = make_query(case.question, encoder)
                found = retrieve(index, connection, query, top_k=TOP_K + 1)
                holds = [
                    hit.passage.chunk.article_id == article.id
                    and _overlaps(gold, hit.passage.chunk.span.start, hit.passage.chunk.span.end)
                    for hit in found
                ]
                versions = [(True, found[:TOP_K])]
                if rng.random() < UNANSWERABLE_SHARE:
                    versions.append((False, _without(found, holds)[:TOP_K]))
                for answerable, hits in versions:
                    evidence = rank(index, hits, query)
                    if not evidence:
                        continue
                    names = list(evidence[0].features)
                    is_gold = [
                        answerable
                        and e.article.id == article.id
                        and _mostly_in(gold, e.span.start, e.span.end)
                        for e in evidence
                    ]
                    asked.append(
                        Asked(
                            source=f"{collection.source}<-{case.language}",
                            collection=collection.name.rsplit("-", 1)[0]
                            if collection.source.startswith("own")
                            else collection.name,
                            cross=case.language != evidence[0].article.language,
                            answerable=answerable,
                            retrieved=any(holds[:TOP_K]),
                            rows=np.array([[e.features[n] for n in names] for e in evidence]),
                            gold=np.array(is_gold),
                        )
                    )
    return names


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


def _overlaps(gold: range, start: int, end: int) -> bool:
    return gold.start < end and start < gold.stop


def _mostly_in(gold: range, start: int, end: int) -> bool:
    shared = min(gold.stop, end) - max(gold.start, start)
    return shared >= 0.5 * min(len(gold), end - start)


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
        if keep:
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
    questions reach."""
    best = [p.max() for a, p in zip(asked, probabilities, strict=True) if a.answerable]
    return float(np.quantile(best, ANSWERABLE_REFUSED))


def report_rows(
    asked: Sequence[Asked], probabilities: Sequence[NDArray[np.float64]], threshold: float
) -> list[str]:
    """A Markdown table by source."""
    lines = [
        "| passages <- questions | questions | passage in top 8 | first part is gold | one of the"
        " first 3 | answerable refused | unanswerable refused |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    sources = sorted({a.source for a in asked})
    for source in [*sources, "all"]:
        at = [i for i, a in enumerate(asked) if source in (a.source, "all")]
        can = [i for i in at if asked[i].answerable]
        cannot = [i for i in at if not asked[i].answerable]
        order = {i: np.argsort(-probabilities[i]) for i in can}
        values = [
            np.mean([asked[i].retrieved for i in can]),
            np.mean([asked[i].gold[order[i][:1]].any() for i in can]),
            np.mean([asked[i].gold[order[i][:3]].any() for i in can]),
            np.mean([probabilities[i].max() < threshold for i in can]),
            np.mean([probabilities[i].max() < threshold for i in cannot]) if cannot else np.nan,
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


def main() -> None:
    """Gather, fit, measure; see the module's words."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(EMBEDDED)
    names, asked = gather(collections_for(options.data, encoder), encoder)
    asked = paraphrased(names, asked)
    result: dict[str, object] = {}
    lines = [
        "# The ranking of sentences, fitted and measured",
        "",
        f"Made by `python -m benchmarks.ranking.fit DATA --write` on {date.today()}"
        f" ({platform.machine()}, Python {platform.python_version()}), model {encoder.name}."
        " All figures are out of fold, on paraphrased questions only (see `paraphrased` in"
        " `fit.py`). «Unanswerable» are the same questions asked of their collection without the"
        " passage that answers them.",
    ]
    everything: list[Asked] = []
    everywhere: list[NDArray[np.float64]] = []
    for key, cross in (("same", False), ("cross", True)):
        part = [a for a in asked if a.cross == cross]
        everything += part
        everywhere += out_of_fold(names, part)
        bias, weights = fit(names, part)
        rounded = {n: round(w, 4) for n, w in weights.items()}
        result[key] = {"bias": round(bias, 4), "weights": rounded}
    threshold = choose_threshold(everything, everywhere)
    result["threshold"] = round(threshold, 4)
    lines += [
        "",
        f"Threshold: {threshold:.3f}.",
        "",
        *report_rows(everything, everywhere, threshold),
    ]
    for key, cross in (("same", False), ("cross", True)):
        at = [i for i, a in enumerate(everything) if a.cross == cross]
        table = reliability([everything[i] for i in at], [everywhere[i] for i in at])
        lines += ["", f"## Reliability, {key} language", "", *table]
    print("\n".join(lines))
    print(json.dumps(result, indent=1))
    if options.write:
        COEFFICIENTS.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
        (HERE / "REPORT.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
