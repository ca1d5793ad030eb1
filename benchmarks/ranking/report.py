"""The figures of a fit, in Markdown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranking.asking import Asked, holds_answer
from rag.answer.extractive import in_reading_order, quoted, weigh
from rag.records import Evidence

MOST = 3
HEAD = """# The ranking of sentences, fitted and measured

Made by `python -m benchmarks.ranking.fit DATA --write` {made}. All figures are out of fold. Public
sets are counted by their paraphrased questions only (see `paraphrased` in `fit.py`). «Near» are
questions that the collection does not answer although it is on their subject: for public sets
answerable ones asked again without the passage that answers them, for written ones questions made
so. «Far» are questions about something else.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Questions with, out of fold, the probability of each of their parts, and (questions,) that
    they are answered; ``threshold`` is the least of the latter that is."""

    asked: Sequence[Asked]
    parts: Sequence[NDArray[np.float64]]
    answerable: NDArray[np.float64]
    threshold: float

    def of(self, keep: Callable[[Asked], bool]) -> list[int]:
        """The numbers of some of the questions."""
        return [n for n, one in enumerate(self.asked) if keep(one)]


def markdown(measured: Measured, *, made: str) -> str:
    """The whole report."""
    sections = {
        "Finding and choosing": ranking_table(measured),
        "Answering and refusing, written collections": answering_table(measured),
        "Refusing, by threshold, written collections": threshold_table(measured),
        "Does a probability mean what it says: parts": reliability(_firsts(measured)),
        "Does a probability mean what it says: answerable at all": reliability(_wholes(measured)),
    }
    lines = [HEAD.format(made=made)]
    for title, table in sections.items():
        lines += ["", f"## {title}", "", *table]
    return "\n".join(lines) + "\n"


def ranking_table(measured: Measured) -> Iterator[str]:
    """By source: how often the right passage is found and the right part comes first."""
    yield (
        "| passages <- questions | questions | passage in top 8 | first part is gold | one of the"
        " first 3 | answerable refused | near refused | far refused |"
    )
    yield "| --- " * 8 + "|"
    for source in [*sorted({a.source for a in measured.asked}), "all"]:
        at = measured.of(lambda a, name=source: name in (a.source, "all"))  # type: ignore[misc]
        can = [n for n in at if measured.asked[n].answerable]
        if not can:
            continue
        order = {n: np.argsort(-measured.parts[n]) for n in can}
        gold = {n: measured.asked[n].gold for n in can}
        values = [
            _share(measured.asked[n].retrieved for n in can),
            _share(gold[n][order[n][:1]].any() for n in can),
            _share(gold[n][order[n][:3]].any() for n in can),
            *(
                _share(
                    measured.answerable[n] < measured.threshold
                    for n in at
                    if measured.asked[n].kind == kind
                )
                for kind in ("answerable", "near", "far")
            ),
        ]
        yield f"| {source} | {len(can)} | " + " | ".join(values) + " |"


def is_as_written(one: Asked) -> bool:
    """Whether a question is one of the written ones, and to be answered or refused."""
    return one.family == "written" and not one.made and one.kind != "premise"


def answering_table(measured: Measured) -> Iterator[str]:
    """What a reader of the written collections gets: by language of the question."""
    yield (
        "| questions | n | first citation hits | any citation hits | supports cited | citations a"
        " reply | citation precision | characters quoted | wrongly refused | refusal precision"
        " | refusal recall |"
    )
    yield "| --- " * 11 + "|"
    written = measured.of(is_as_written)
    for name in [*sorted({measured.asked[n].source.split("<-")[1] for n in written}), "all"]:
        at = [n for n in written if name in (measured.asked[n].source.split("<-")[1], "all")]
        yield f"| {name} | {len(at)} | " + " | ".join(_answering(measured, at)) + " |"


def _answering(measured: Measured, at: Sequence[int]) -> Iterator[str]:
    cited = {n: cited_quotes(measured, n) for n in at}
    can = [n for n in at if measured.asked[n].answerable]
    cannot = [n for n in at if measured.asked[n].kind in ("near", "far")]
    held = {n: _held(measured.asked[n], cited[n]) for n in can}
    replies = [n for n in can if cited[n]]
    yield _share(bool(held[n][:1].any()) for n in can)
    yield _share(bool(held[n].any()) for n in can)
    yield _share(hit for n in can for hit in held[n].any(axis=0))
    yield f"{np.mean([len(cited[n]) for n in replies]):.2f}" if replies else "–"
    yield _share(hit for n in replies for hit in held[n].any(axis=1))
    letters = [sum(len(quote.span) for quote in cited[n]) for n in replies]
    yield f"{np.mean(letters):.0f}" if replies else "–"
    yield _share(not cited[n] for n in can)
    yield _share(n in cannot for n in [*can, *cannot] if not cited[n])
    yield _share(not cited[n] for n in cannot)


def _held(one: Asked, quotes: Sequence[Evidence]) -> NDArray[np.bool_]:
    """(quotes, supports): which quote holds which support."""
    held = [[holds_answer(quote, *place) for place in one.places] for quote in quotes]
    return np.array(held, bool).reshape(len(quotes), len(one.places))


def cited_quotes(measured: Measured, n: int) -> list[Evidence]:
    """The quotes of the reply to question ``n``, as they would be shown."""
    likely = [
        replace(part, probability=float(p))
        for part, p in zip(measured.asked[n].evidence, measured.parts[n], strict=True)
    ]
    likely.sort(key=lambda part: -part.probability)
    enough = bool(measured.answerable[n] >= measured.threshold)
    return in_reading_order(quoted(weigh(likely, answerable=enough, most=MOST)))


def threshold_table(measured: Measured) -> Iterator[str]:
    """Refusals of the written questions at other thresholds than the chosen one."""
    yield "| threshold | wrongly refused | near refused | far refused | precision | recall | F1 |"
    yield "| --- " * 7 + "|"
    at = measured.of(is_as_written)
    kinds = np.array([measured.asked[n].kind for n in at])
    for cut in sorted({0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, measured.threshold}):
        refused = measured.answerable[at] < cut
        right, wrong = refused & (kinds != "answerable"), refused & (kinds == "answerable")
        precision = right.sum() / max(refused.sum(), 1)
        recall = right.sum() / max((kinds != "answerable").sum(), 1)
        values = [
            wrong.sum() / max((kinds == "answerable").sum(), 1),
            refused[kinds == "near"].mean(),
            refused[kinds == "far"].mean(),
            precision,
            recall,
            2 * precision * recall / max(precision + recall, 1e-9),
        ]
        mark = " (chosen)" if cut == measured.threshold else ""
        yield f"| {cut:.2f}{mark} | " + " | ".join(f"{value:.3f}" for value in values) + " |"


Pairs = Sequence[tuple[str, float, bool]]


def _firsts(measured: Measured) -> Pairs:
    """For each question its first part: family, probability, whether it is gold."""
    return [
        (one.family, float(p.max()), bool(one.gold[p.argmax()]))
        for one, p in zip(measured.asked, measured.parts, strict=True)
    ]


def _wholes(measured: Measured) -> Pairs:
    return [
        (one.family, float(p), one.answerable)
        for one, p in zip(measured.asked, measured.answerable, strict=True)
        if one.kind != "premise"
    ]


def reliability(pairs: Pairs) -> Iterator[str]:
    """How often a thing is so, by the probability it was given; all sets, and the written ones."""
    yield "| probability | all: n | mean | share | written: n | mean | share |"
    yield "| --- " * 7 + "|"
    for low in np.arange(0, 1, 0.1):
        cells: list[str] = []
        for only in (False, True):
            inside = [
                (p, so)
                for family, p, so in pairs
                if low <= p < low + 0.1 + 1e-9 * (low > 0.85) and (family == "written" or not only)
            ]
            values = np.array(inside, float).reshape(-1, 2)
            means = [f"{m:.3f}" for m in values.mean(axis=0)] if len(values) else ["–", "–"]
            cells += [str(len(values)), *means]
        yield f"| {low:.1f} to {low + 0.1:.1f} | " + " | ".join(cells) + " |"


def _share(outcomes: Iterator[bool] | Sequence[bool]) -> str:
    counted = list(outcomes)
    return f"{np.mean(counted):.3f}" if counted else "–"
