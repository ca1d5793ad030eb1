"""Fit and measure the ranking of `rag.search.ranking` on question sets.

    python -m benchmarks.ranking.fit DATA [--write]

DATA is a folder with ``train/``, ``eval/`` and ``evaluate-only/`` as described in their manifest;
the collections written for the purpose lie in ``written/``. Every figure is out of fold: a
collection is judged by coefficients that were fitted without it. ``--write`` puts the coefficients
fitted on everything into ``rag/search/ranking.json`` and the figures into
``benchmarks/ranking/REPORT.md``.
"""

import argparse
import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks.ranking import corpora, report
from benchmarks.ranking.asking import Asked, gather
from embeddings import EMBEDDED, Encoder, load_encoder
from rag.logistic import Model
from rag.search.ranking import Ranking, question_features

# Public questions were written with the answer in view; those that share more of their content
# stems with it than this are left out.
MOST_STEMS_SHARED = 0.6
# The written collections are asked as people ask, so they count as much as this many public sets.
WRITTEN_WEIGHT = 3.0
# Of the questions that people ask and the articles answer, how many may be refused: the nearest
# passages are offered to them all the same, but as no answer.
ANSWERABLE_REFUSED = 0.08
# How much a question counts whose answer was taken away, beside one that is about something else:
# counted fully, strangers are answered to refuse a few more of those.
TAKEN_AWAY_WEIGHT = 0.3
FOLDS = 5
HERE = Path(__file__).parent
COEFFICIENTS = HERE.parents[1] / "rag" / "search" / "ranking.json"

Floats = NDArray[np.float64]


def paraphrased(names: Sequence[str], asked: Sequence[Asked]) -> list[Asked]:
    """The questions that a reader of the answer would not write down.

    Kept are all written ones, questions in another language, and those of whose content stems the
    answer has at most `MOST_STEMS_SHARED`; and with each its unanswerable version.
    """
    stems = names.index("stems")
    kept: list[Asked] = []
    keep = False
    for one in asked:
        if one.answerable:
            shared = one.rows[one.gold, stems].max(initial=0.0)
            keep = one.cross or (bool(one.gold.any()) and shared <= MOST_STEMS_SHARED)
        follows = one.kind in ("answerable", "near")
        if one.family == "written" or keep or not follows:
            kept.append(one)
    return kept


def family_weights(asked: Sequence[Asked]) -> Floats:
    """A weight for each question, so that each family of sets counts alike, written ones more."""
    count = Counter(a.family for a in asked)
    say = {family: WRITTEN_WEIGHT if family == "written" else 1.0 for family in count}
    total = sum(say.values())
    return np.array([len(asked) * say[a.family] / total / count[a.family] for a in asked])


def logistic(rows: Floats, target: NDArray[np.bool_], weights: Floats, *, c: float) -> Model:
    """Coefficients on the features' own scale, by position."""
    scaler = StandardScaler().fit(rows)
    scale = np.where(scaler.scale_ > 1e-9, scaler.scale_, 1.0)
    model = LogisticRegression(C=c, max_iter=3000)
    model.fit((rows - scaler.mean_) / scale, target, sample_weight=weights)
    coefficients = model.coef_[0] / scale
    bias = float(model.intercept_[0] - coefficients @ scaler.mean_)
    return Model(bias, {str(n): float(w) for n, w in enumerate(coefficients)})


def named(model: Model, names: Sequence[str]) -> Model:
    """The model with its features' names, rounded for the file."""
    weights = zip(names, model.weights.values(), strict=True)
    return Model(round(model.bias, 4), {name: round(weight, 4) for name, weight in weights})


def probabilities(model: Model, rows: Floats) -> Floats:
    """(n,) for ``rows`` (n, features)."""
    scores = rows @ np.array(list(model.weights.values())) + model.bias
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))


def fit_parts(asked: Sequence[Asked]) -> Model:
    """Whether a part answers."""
    rows = np.concatenate([a.rows for a in asked])
    gold = np.concatenate([a.gold for a in asked])
    each = np.repeat(family_weights(asked), [len(a.rows) for a in asked])
    return logistic(rows, gold, each, c=0.5)


def fit_questions(rows: Floats, asked: Sequence[Asked]) -> Model:
    """Whether the articles answer a question.

    Left out are questions whose premise the articles contradict, for to refuse them and to quote
    what contradicts them are both right; and the near misses among the written ones: whoever wrote
    those was free to use the articles' words and did, while the answerable ones had to avoid them,
    so that a fit would learn to refuse what is worded as the articles are.
    """
    use = np.array(
        [a.answerable or a.kind == "far" or (a.kind == "near" and a.made) for a in asked]
    )
    target = np.array([a.answerable for a in asked])
    weights = family_weights(asked) * [TAKEN_AWAY_WEIGHT if a.kind == "near" else 1 for a in asked]
    return logistic(rows[use], target[use], weights[use], c=0.5)


def folds(asked: Sequence[Asked]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Train and test numbers; a collection is never split."""
    groups = np.array([a.collection for a in asked])
    split = GroupKFold(FOLDS, shuffle=True, random_state=0).split(groups, groups=groups)
    return [(np.asarray(train), np.asarray(test)) for train, test in split]


def parts_out_of_fold(asked: Sequence[Asked]) -> list[Floats]:
    """For each question, the probability of each part by coefficients that never saw it."""
    found: list[Floats] = [np.empty(0)] * len(asked)
    for train, test in folds(asked):
        model = fit_parts([asked[i] for i in train])
        for i in test:
            found[i] = probabilities(model, asked[i].rows)
    return found


def questions_out_of_fold(rows: Floats, asked: Sequence[Asked]) -> Floats:
    """For each question, the probability that it is answered, likewise."""
    found = np.empty(len(asked))
    for train, test in folds(asked):
        model = fit_questions(rows[train], [asked[i] for i in train])
        found[test] = probabilities(model, rows[test])
    return found


def question_rows(
    names: Sequence[str], asked: Sequence[Asked], parts: Sequence[Floats]
) -> tuple[list[str], Floats]:
    """Names and rows (questions, features) of what tells answered questions from others."""
    made: list[Mapping[str, float]] = []
    for one, probability in zip(asked, parts, strict=True):
        order = np.argsort(-probability)
        rows = [dict(zip(names, one.rows[n].tolist(), strict=True)) for n in order]
        made.append(question_features(probability[order].tolist(), rows))
    return list(made[0]), np.array([list(row.values()) for row in made])


def choose_threshold(asked: Sequence[Asked], answerable: Floats) -> float:
    """The probability that all but `ANSWERABLE_REFUSED` of the written answerable questions
    reach."""
    written = [i for i, a in enumerate(asked) if report.is_as_written(a) and a.answerable]
    return round(float(np.quantile(answerable[written], ANSWERABLE_REFUSED)), 4)


def collections_for(data: Path, encoder: Encoder) -> list[corpora.Collection]:
    """Everything that is fitted on."""
    made = corpora.own(data, encoder)
    made += corpora.squad_like(data / "train" / "arcd.train.jsonl.xz")
    for language in ("es", "de", "tr"):
        made += corpora.squad_like(data / "eval" / f"xquad.{language}.jsonl")
    return made + corpora.written()


def fit_and_measure(
    names: Sequence[str], asked: Sequence[Asked]
) -> tuple[Ranking, report.Measured]:
    """The coefficients fitted on everything, and what they gave out of fold."""
    models: dict[str, Model] = {}
    ordered: list[Asked] = []
    parts: list[Floats] = []
    answerable: list[Floats] = []
    for key, cross in (("same", False), ("cross", True)):
        some = [a for a in asked if a.cross == cross]
        probability = parts_out_of_fold(some)
        told, rows = question_rows(names, some, probability)
        models[key] = named(fit_parts(some), names)
        models[f"answerable_{key}"] = named(fit_questions(rows, some), told)
        ordered += some
        parts += probability
        answerable.append(questions_out_of_fold(rows, some))
    whole = np.concatenate(answerable)
    cut = choose_threshold(ordered, whole)
    return Ranking(**models, threshold=cut), report.Measured(ordered, parts, whole, cut)


def main() -> None:
    """Gather, fit, measure; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(EMBEDDED)
    names, asked = gather(collections_for(options.data, encoder), encoder)
    ranking, measured = fit_and_measure(names, paraphrased(names, asked))
    machine = f"{date.today()} ({platform.machine()}, Python {platform.python_version()})"
    text = report.markdown(measured, made=f"on {machine}, model {encoder.name}")
    print(text)
    if options.write:
        COEFFICIENTS.write_text(json.dumps(asdict(ranking), indent=2) + "\n", "utf-8")
        (HERE / "REPORT.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
