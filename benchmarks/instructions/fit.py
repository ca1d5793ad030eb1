"""Fit what tells an order to a machine from a question, and measure it on texts held out.

``python -m benchmarks.instructions.fit DATA`` writes ``rag/answer/orders.json`` and ``REPORT.md``.
DATA is the folder of the question sets, as for ``benchmarks/ranking/fit.py``.

Orders are those of ``orders.N.txt``, each number another hand, and of the collections in
``benchmarks/ranking/written``, which others wrote; questions those of ``questions.N.txt``, which
speak of orders or ask in the form of one, of the written collections, and of the public sets.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.ranking.corpora import WRITTEN
from benchmarks.ranking.fit import collections_for
from embeddings import EMBEDDED, load_encoder
from rag.answer.instructions import is_instruction
from rag.answer.orders import asks, order_vectors, order_words

OWN = "own"
HANDS = (1, 2, 3)
HERE = Path(__file__).parent
COEFFICIENTS = HERE.parents[1] / "rag" / "answer" / "orders.json"
# Questions, but for those near to orders, that may be taken for some by a regression that saw none
# of the same hand.
MISTAKEN = 0.002
# What all orders weigh together, of what all questions do; and a question near to an order.
SHARE = 0.25
NEAR = 10.0
# In how many texts a word is that counts, and what it counts at least to be kept.
FEWEST = 2
LEAST = 0.02

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
    """All texts, each public one once."""
    own = [
        Text(line, f"{OWN} {hand}", name == "orders", f"{name} {hand} {n}")
        for name in ("orders", "questions")
        for hand in HANDS
        for n, line in enumerate((HERE / f"{name}.{hand}.txt").read_text("utf-8").splitlines())
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
    return own + written + list(public.values())


@dataclass(frozen=True, slots=True)
class Fitted:
    """A regression over the vectors of texts and over which words of a vocabulary they have."""

    vocabulary: CountVectorizer
    model: LogisticRegression

    def log_odds(self, rows: Floats, some: Sequence[Text]) -> Floats:
        """(texts,) those of ``some``, with their ``rows`` of `order_vectors`."""
        there = self.vocabulary.transform([t.text for t in some])
        return np.asarray(self.model.decision_function(hstack([csr_array(rows), there])))


def fit(rows: Floats, some: Sequence[Text]) -> Fitted:
    """The regression of whether each text is an order."""
    vocabulary = CountVectorizer(analyzer=order_words, min_df=FEWEST, dtype=np.float64)
    there = vocabulary.fit_transform([t.text for t in some])
    orders = np.array([t.order for t in some])
    each = np.array([NEAR if t.source.startswith(OWN) else 1.0 for t in some])
    each[orders] = SHARE * each[~orders].sum() / orders.sum()
    model = LogisticRegression(max_iter=3000)
    return Fitted(
        vocabulary, model.fit(hstack([csr_array(rows), there]), orders, sample_weight=each)
    )


def held_out(rows: Floats, some: Sequence[Text]) -> Floats:
    """(texts,) log odds by regressions that saw neither a text nor its group."""
    found = np.empty(len(some))
    split = GroupKFold(5, shuffle=True, random_state=0).split(rows, groups=[t.group for t in some])
    for train, test in split:
        fitted = fit(rows[train], [some[n] for n in train])
        found[test] = fitted.log_odds(rows[test], [some[n] for n in test])
    return found


def of_other_hands(rows: Floats, some: Sequence[Text], source: str) -> Floats:
    """(texts,) log odds by a regression that saw no order and no question of ``source``."""
    seen = [n for n, text in enumerate(some) if text.source != source]
    return fit(rows[seen], [some[n] for n in seen]).log_odds(rows, some)


def least_odds(some: Sequence[Text], odds: Floats, *, asking: bool) -> float:
    """From which log odds on a text is taken for an order, of those that begin as a question does
    or of the others."""
    plain = np.array([not t.order and not t.source.startswith(OWN) for t in some])
    alike = np.array([asks(t.text) == asking for t in some])
    return float(np.quantile(odds[plain & alike], 1 - MISTAKEN))


def measured(some: Sequence[Text], odds: Floats, least: Floats, source: str) -> str:
    """A row of the report: orders found by patterns, by the regression, by either; questions
    taken for orders by either."""
    patterns = np.array([is_instruction(t.text) for t in some])
    fitted = odds >= least
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
    hands = (*(f"{OWN} {hand}" for hand in HANDS), "written")
    strange = {source: of_other_hands(rows, some, source) for source in hands}
    strictly = np.array([strange.get(t.source, odds)[n] for n, t in enumerate(some)])
    plainly, asking = (least_odds(some, strictly, asking=asking) for asking in (False, True))
    least = np.array([asking if asks(t.text) else plainly for t in some])
    lines = [
        f"| {source}, {how} | {measured(some, found, least, source)} |"
        for source in hands
        for how, found in (
            ("others of the same hand seen", odds),
            ("none of this hand seen", strange[source]),
        )
    ]
    public = np.array([t.source == "public" for t in some])
    mistaken = np.sum((odds >= least)[public])
    report = _REPORT.format(rows="\n".join(lines), mistaken=mistaken, public=public.sum())
    (HERE / "REPORT.md").write_text(report, "utf-8")
    fitted = fit(rows, some)
    of_rows, of_words = np.split(fitted.model.coef_[0], [rows.shape[1]])
    words = dict(zip(fitted.vocabulary.get_feature_names_out(), of_words.tolist(), strict=True))
    said = {
        "model": encoder.name,
        "threshold": round(plainly, 3),
        "asking": round(asking, 3),
        "bias": round(float(fitted.model.intercept_[0]), 3),
        "weights": [round(float(weight), 3) for weight in of_rows],
        "words": {word: round(weight, 2) for word, weight in words.items() if abs(weight) >= LEAST},
    }
    COEFFICIENTS.write_text(json.dumps(said, ensure_ascii=False) + "\n", "utf-8")


_REPORT = """# Orders told from questions

Made by `python -m benchmarks.instructions.fit DATA`. Share of orders that are found, each held out,
by the patterns of `rag/answer/instructions.py`, by the regression, and by either; and questions of
the same source that either takes for orders. «Own» ones were written for this by a language model
(CC0), in three sittings that knew nothing of each other: the first had read the patterns and
fifteen orders of the written collections that they miss, the others nothing of this project. Their
questions speak of orders or are worded as one. The written collections were made before, by others.
Texts are judged whole here; the chatbot looks at each sentence as well.

| source | orders | patterns | regression | either | questions taken for orders |
| --- | --- | --- | --- | --- | --- |
{rows}

Of {public} public questions {mistaken} are taken for orders by the regression.
"""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
