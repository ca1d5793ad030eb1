"""Measure the check on the measured set: false sentences let through, true ones dropped.

    python -m benchmarks.grounding.measure [--write] [--missed]

``--write`` puts the figures into ``REPORT.md``, ``--missed`` prints every sentence judged wrongly.
"""

import argparse
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from time import process_time

import numpy as np

from benchmarks.grounding.fit import passages_of
from benchmarks.grounding.sets import HERE, LICENCES, Case, load
from embeddings import EMBEDDED, Encoder, load_encoder
from rag.answer.grounding import Verdict, check


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, the verdict, and the milliseconds it took; ``first`` with the passages unseen."""

    case: Case
    verdict: Verdict
    first: float
    again: float

    @property
    def passed(self) -> bool:
        """Whether the sentence is let through."""
        return bool(self.verdict.supports)

    @property
    def located(self) -> bool:
        """Whether a support overlaps the sentence of the passage that the case was made from."""
        passage = self.case.passages[0]
        start = passage.find(self.case.gold)
        end = start + len(self.case.gold)
        return any(
            s.number == 1 and s.span.start < end and start < s.span.end
            for s in self.verdict.supports
        )


def judge(case: Case, encoder: Encoder) -> Judged:
    """One case, cited as a model would: its own passage, among the others that were offered."""
    passages = passages_of(case)
    times = []
    for _ in range(2):
        begun = process_time()
        verdict = check(case.sentence, passages[:1], passages, encoder)
        times.append((process_time() - begun) * 1000)
    return Judged(case, verdict, *times)


def table(
    judged: Sequence[Judged], by: Callable[[Judged], str], title: str, *, true: bool
) -> list[str]:
    """How many of each group are let through (false ones) or dropped (true ones)."""
    wrong = "dropped" if true else "let through"
    lines = [f"| {title} | sentences | {wrong} | share |", "| --- | --- | --- | --- |"]
    some = [j for j in judged if j.case.true == true]
    for key in (*sorted({by(j) for j in some}), "all"):
        group = [j for j in some if key in ("all", by(j))]
        count = sum(j.passed != true for j in group)
        lines.append(f"| {key} | {len(group)} | {count} | {count / len(group):.1%} |")
    return [*lines, ""]


def reasons(judged: Sequence[Judged]) -> list[str]:
    """Why sentences are dropped."""
    lines = ["| reason | false dropped | true dropped |", "| --- | --- | --- |"]
    dropped = [j for j in judged if not j.passed]
    for reason in sorted({j.verdict.reason or "" for j in dropped}):
        group = [j for j in dropped if j.verdict.reason == reason]
        true = sum(j.case.true for j in group)
        lines.append(f"| {reason} | {len(group) - true} | {true} |")
    return [*lines, ""]


def markdown(judged: Sequence[Judged], encoder: Encoder) -> str:
    """The report."""
    passed = [j for j in judged if j.case.true and j.passed]
    located = sum(j.located for j in passed) / max(len(passed), 1)
    first, again = (np.array([getattr(j, n) for j in judged]) for n in ("first", "again"))
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# The check of a language model's sentences, measured",
            "",
            f"`python -m benchmarks.grounding.measure --write` on {date.today()} ({machine}, two shared cores), model {encoder.name}.",
            "The set is `measured.jsonl`, made by `make.py`; coefficients were fitted by `fit.py` on other",
            "documents. How it was made, and what is missed, is in `NOTES.md`.",
            "",
            "## False sentences",
            "",
            *table(judged, lambda j: j.case.kind, "changed", true=False),
            *table(judged, lambda j: j.case.made_from, "changed in a", true=False),
            *table(judged, lambda j: j.case.pair, "sentence <- passage", true=False),
            "## True sentences",
            "",
            *table(judged, lambda j: j.case.kind, "kind", true=True),
            *table(judged, lambda j: j.case.pair, "sentence <- passage", true=True),
            f"Of those let through, {located:.1%} are cited where they come from.",
            "",
            "## Why sentences are dropped",
            "",
            *reasons(judged),
            "## Time",
            "",
            "Milliseconds of processor time for one call, one passage cited and three offered (wall-clock",
            "times say little here: the machine was shared with others).",
            "",
            "| | mean | median | 95th percentile |",
            "| --- | --- | --- | --- |",
            f"| passages not seen before | {first.mean():.1f} | {np.median(first):.1f} | {np.quantile(first, 0.95):.1f} |",
            f"| passages seen (every sentence of an answer but the first) | {again.mean():.1f} | {np.median(again):.1f} | {np.quantile(again, 0.95):.1f} |",
            "",
            "## Sources of the set",
            "",
            *(
                f"- {text}"
                for key, text in LICENCES.items()
                if key in {j.case.source for j in judged}
            ),
            "",
        ]
    )


def main() -> None:
    """Measure; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(EMBEDDED)
    judged = [judge(case, encoder) for case in load(HERE / "measured.jsonl")]
    text = markdown(judged, encoder)
    print(text)
    for j in judged if options.missed else ():
        if j.passed != j.case.true:
            print(
                j.case.true,
                j.case.kind,
                j.case.pair,
                j.verdict.reason,
                j.case.sentence,
                "|",
                j.case.gold,
            )
    if options.write:
        (HERE / "REPORT.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
