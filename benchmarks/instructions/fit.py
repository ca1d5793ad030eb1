"""Fit what tells an order to a machine from a question, and measure it on texts held out.

``python -m benchmarks.instructions.fit DATA`` writes ``rag/answer/orders.json`` and ``REPORT.md``.
DATA is the folder of the question sets, as for ``benchmarks/ranking/fit.py``.

Orders are those of ``orders.txt`` and of the collections in ``benchmarks/ranking/written``, which
others wrote; questions those of ``questions.txt``, which speak of orders or ask in the form of one,
of the written collections, and of the public sets.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.ranking.corpora import WRITTEN
from benchmarks.ranking.fit import collections_for
from embeddings import EMBEDDED, load_encoder
from rag.answer.instructions import is_instruction
from rag.answer.orders import asks, order_vectors

HERE = Path(__file__).parent
COEFFICIENTS = HERE.parents[1] / "rag" / "answer" / "orders.json"
# Questions, but for those near to orders, that may be taken for some.
MISTAKEN = 0.002
# What all orders weigh together, of what all questions do; and a question near to an order.
SHARE = 0.25
NEAR = 10.0

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the ``source`` it comes from, whether it is an ``order``, and the ``group`` of texts
    that stay on one side when some are held out."""

    text: str
    source: str
    order: bool
    group: str


def texts(data: Path) -> list[Text]:
    """All texts that do not begin with a question word, which are no orders; each public one
    once."""
    own = [
        Text(line, "own", name == "orders.txt", f"{name} {n}")
        for name in ("orders.txt", "questions.txt")
        for n, line in enumerate((HERE / name).read_text("utf-8").splitlines())
    ]
    written = [
        Text(row["question"], "written", row["kind"] == "injection", path.stem)
        for path in sorted(WRITTEN.glob("*.json"))
        for row in json.loads(path.read_text("utf-8"))["questions"]
    ]
    public = {
        case.question: Text(case.question, "public", False, collection.name)
        for collection in collections_for(data, load_encoder(EMBEDDED))
        if collection.source != "written"
        for case in collection.cases
    }
    return [text for text in own + written + list(public.values()) if not asks(text.text)]


def fit(rows: Floats, some: Sequence[Text]) -> LogisticRegression:
    """The regression of whether each text is an order."""
    orders = np.array([t.order for t in some])
    each = np.array([NEAR if t.source == "own" else 1.0 for t in some])
    each[orders] = SHARE * each[~orders].sum() / orders.sum()
    return LogisticRegression(C=3, max_iter=3000).fit(rows, orders, sample_weight=each)


def held_out(rows: Floats, some: Sequence[Text]) -> Floats:
    """(texts,) log odds by regressions that saw neither a text nor its group."""
    found = np.empty(len(some))
    split = GroupKFold(5, shuffle=True, random_state=0).split(rows, groups=[t.group for t in some])
    for train, test in split:
        model = fit(rows[train], [some[n] for n in train])
        found[test] = model.decision_function(rows[test])
    return found


def of_other_hands(rows: Floats, some: Sequence[Text], source: str) -> Floats:
    """(texts,) log odds by a regression that saw no order and no question of ``source``."""
    seen = [n for n, text in enumerate(some) if text.source != source]
    return np.asarray(fit(rows[seen], [some[n] for n in seen]).decision_function(rows))


def least_odds(some: Sequence[Text], odds: Floats) -> float:
    """From which log odds on a text is taken for an order."""
    plain = np.array([not t.order and t.source != "own" for t in some])
    return float(np.quantile(odds[plain], 1 - MISTAKEN))


def measured(some: Sequence[Text], odds: Floats, source: str) -> str:
    """A row of the report: orders found by patterns, by the regression, by either; questions
    taken for orders by either."""
    patterns = np.array([is_instruction(t.text) for t in some])
    fitted = odds >= least_odds(some, odds)
    orders = np.array([t.order and t.source == source for t in some])
    questions = np.array([not t.order and t.source == source for t in some])
    shares = [f"{found[orders].mean():.2f}" for found in (patterns, fitted, patterns | fitted)]
    wrong = (patterns | fitted)[questions]
    return f"{orders.sum()} | {' | '.join(shares)} | {wrong.sum()} of {len(wrong)}"


def main(data: Path) -> None:
    """Fit, measure and write."""
    some = texts(data)
    encoder = load_encoder(EMBEDDED)
    rows = order_vectors([t.text for t in some], encoder)
    odds = held_out(rows, some)
    lines = [
        f"| {source}, {how} | {measured(some, found, source)} |"
        for source in ("own", "written")
        for how, found in (
            ("others of the same hand seen", odds),
            ("none of this hand seen", of_other_hands(rows, some, source)),
        )
    ]
    public = np.array([t.source == "public" for t in some])
    mistaken = np.sum(odds[public] >= least_odds(some, odds))
    report = _REPORT.format(rows="\n".join(lines), mistaken=mistaken, public=public.sum())
    (HERE / "REPORT.md").write_text(report, "utf-8")
    model = fit(rows, some)
    fitted = {
        "model": encoder.name,
        "threshold": round(least_odds(some, odds), 3),
        "bias": round(float(model.intercept_[0]), 3),
        "weights": [round(float(weight), 3) for weight in model.coef_[0]],
    }
    COEFFICIENTS.write_text(json.dumps(fitted) + "\n", "utf-8")


_REPORT = """# Orders told from questions

Made by `python -m benchmarks.instructions.fit DATA`. Share of orders that are found, each held out,
by the patterns of `rag/answer/instructions.py`, by the regression, and by either; and questions of
the same source that either takes for orders. «Own» ones were written for this (CC0) by one
who had read the patterns and fifteen orders of the written collections that they miss, so that
these are not quite strange to a regression that saw the own ones alone; its questions all speak
of orders or are worded as one. The written collections were made before, by others.

| source | orders | patterns | regression | either | questions taken for orders |
| --- | --- | --- | --- | --- | --- |
{rows}

Of {public} public questions {mistaken} are taken for orders by the regression.
"""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
