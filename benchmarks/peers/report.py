"""Tables and plots of what `benchmarks.peers.run` measured, out of ``results/*.json``.

    python -m benchmarks.peers.report

Writes ``REPORT.md`` and a plot a result. Needs ``requirements-report.txt``.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.corpus import KINDS
from benchmarks.peers.run import ENGINES, HERE

matplotlib.use("Agg")
from matplotlib import pyplot

Result = dict[str, Any]
NAMES = {
    "isnad": "Isnad",
    "txtai": "txtai",
    "llamaindex": "LlamaIndex",
    "haystack": "Haystack",
    "langchain": "LangChain",
}
_SHOWN = (
    "txtai",
    "llama-index-core",
    "llama-index-vector-stores-faiss",
    "llama-index-retrievers-bm25",
    "haystack-ai",
    "faiss-haystack",
    "sentence-transformers-haystack",
    "langchain",
    "langchain-classic",
    "langchain-community",
    "langchain-huggingface",
    "bm25s",
    "rank-bm25",
    "PyStemmer",
    "faiss-cpu",
    "sentence-transformers",
    "torch",
)
_BOOTSTRAPS = 2000


@dataclass(frozen=True)
class Column:
    """A column of the table: its heading, its value in one round of one engine (None where there
    is none), and whether more is better."""

    heading: str
    value: Callable[[Result, dict[str, Any]], float | None]
    more: bool
    digits: int = 0


def _a_second(result: Result, measured: dict[str, Any]) -> float:
    return len(result["kinds"]) / sum(measured["ask"]["seconds"])


def _at_once(result: Result, measured: dict[str, Any]) -> float | None:
    seconds = measured["ask"].get("many_seconds")
    return len(result["kinds"]) / seconds if seconds else None


def _share(percent: float) -> Callable[[Result, dict[str, Any]], float]:
    return lambda _, m: float(np.percentile(m["ask"]["seconds"], percent)) * 1000


COLUMNS = (
    Column("passages indexed a second", lambda r, m: r["passages"] / m["index"]["seconds"], True),
    Column("… a CPU second", lambda r, m: r["passages"] / m["index"]["cpu_seconds"], True),
    Column("MB on disk", lambda _, m: m["index"]["disk_mb"], False),
    Column("peak MB, indexing", lambda _, m: m["index"]["peak_mb"], False),
    Column("peak MB, searching", lambda _, m: m["ask"]["peak_mb"], False),
    Column("first answer from cold, s", lambda _, m: m["ask"]["first_answer_seconds"], False, 1),
    Column("questions a second", _a_second, True),
    Column("… asked all at once", _at_once, True),
    Column("… a CPU second", lambda r, m: len(r["kinds"]) / m["ask"]["cpu_seconds"], True),
    Column("median, ms", _share(50), False, 1),
    Column("99th percentile, ms", _share(99), False, 1),
)


def middle(result: Result, engine: str, column: Column) -> float | None:
    """The median over the rounds."""
    values = [column.value(result, each["engines"][engine]) for each in result["rounds"]]
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def gains(result: Result, engine: str) -> NDArray[np.float64]:
    """Each question's share of nDCG@10, of the first round; every round finds the same."""
    ranks = np.array(result["rounds"][0]["engines"][engine]["ask"]["ranks"])
    return np.where(ranks > 0, 1 / np.log2(np.maximum(ranks, 1) + 1), 0.0)


def difference(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % interval of the mean difference, by drawing questions again and again."""
    draws = np.random.default_rng(0).integers(0, len(ours), (_BOOTSTRAPS, len(ours)))
    low, high = np.percentile((ours - theirs)[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    return [_row(headings), _row(["---"] * len(headings)), *map(_row, rows)]


def _engines(result: Result) -> list[str]:
    return [engine for engine in ENGINES if engine in result["rounds"][0]["engines"]]


def speed_table(result: Result) -> list[str]:
    """A row a column of figures, the best in bold, and how Isnad stands to the best peer."""
    engines = _engines(result)
    rows = []
    for column in COLUMNS:
        values = {engine: middle(result, engine, column) for engine in engines}
        known = {engine: value for engine, value in values.items() if value is not None}
        best = (max if column.more else min)(known.values())
        cells = [
            "–" if value is None else _bold(f"{value:,.{column.digits}f}", value == best)
            for value in values.values()
        ]
        rows.append([column.heading, *cells, _ratio(column, known)])
    return _table(["", *(NAMES[engine] for engine in engines), "Isnad : best peer"], rows)


def _bold(text: str, yes: bool) -> str:
    return f"**{text}**" if yes else text


def _ratio(column: Column, known: dict[str, float]) -> str:
    """How many times better Isnad is than the best peer; below 1 it is behind."""
    peers = [value for engine, value in known.items() if engine != "isnad"]
    if "isnad" not in known or not peers:
        return ""
    if column.more:
        return f"{known['isnad'] / max(peers):.2f}"
    return f"{min(peers) / known['isnad']:.2f}"


def quality_table(result: Result) -> list[str]:
    """nDCG@10 by kind of question."""
    engines, kinds = _engines(result), np.array(result["kinds"])
    rows = []
    for kind, words in KINDS.items():
        of_kind = {engine: gains(result, engine)[kinds == kind] for engine in engines}
        means = {engine: float(values.mean()) for engine, values in of_kind.items()}
        cells = [_bold(f"{m:.3f}", m == max(means.values())) for m in means.values()]
        peer = max((e for e in engines if e != "isnad"), key=lambda e: means[e])
        low, high = difference(of_kind["isnad"], of_kind[peer])
        count = int((kinds == kind).sum())
        rows.append([words, count, *cells, f"{low:+.3f} to {high:+.3f}"])
    headings = ["", "questions", *(NAMES[e] for e in engines), "Isnad − best peer, 95 %"]
    return _table(headings, rows)


def plot(result: Result, path: Path) -> None:
    """A panel a column of the table, and one of nDCG@10."""
    engines = _engines(result)
    shown = [c for c in COLUMNS if not c.heading.startswith("…")]
    figure, axes = pyplot.subplots(3, 3, figsize=(13, 9.5), layout="constrained")
    colours = ["#0b7a6f", "#c9a227", "#8a6fb3", "#5a7fb5", "#b5655a"]
    for axis, column in zip(axes.flat, shown, strict=False):
        values = [middle(result, engine, column) or 0.0 for engine in engines]
        bars = axis.barh([NAMES[e] for e in engines], values, color=colours)
        axis.bar_label(bars, [f"{v:,.{column.digits}f}" for v in values], padding=3, fontsize=8)
        axis.set_title(
            f"{column.heading} ({'more' if column.more else 'less'} is better)", fontsize=9
        )
        axis.margins(x=0.2)
        axis.invert_yaxis()
    if result["model"] == "static":
        _plot_quality(result, axes.flat[-1], engines, colours)
    for axis in axes.flat[len(shown) :]:
        axis.set_visible(axis.has_data())
    model = "the embedded model" if result["model"] == "static" else "a transformer's shape"
    figure.suptitle(f"{result['passages']:,} passages, {model}, {result['date']}")
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _plot_quality(result: Result, axis: Any, engines: list[str], colours: list[str]) -> None:
    kinds = np.array(result["kinds"])
    width = 0.8 / len(engines)
    for n, engine in enumerate(engines):
        means = [gains(result, engine)[kinds == kind].mean() for kind in KINDS]
        axis.bar(np.arange(len(KINDS)) + n * width, means, width, color=colours[n])
    axis.set_xticks(np.arange(len(KINDS)) + 0.4 - width / 2, list(KINDS), fontsize=7)
    axis.set_title("nDCG@10 by kind of question (more is better)", fontsize=9)


def section(name: str, result: Result) -> list[str]:
    """One result in words, tables and a plot."""
    static = result["model"] == "static"
    loads = ", ".join(f"{each['load_before']:.0f}" for each in result["rounds"])
    what = "the embedded model" if static else "random weights in multilingual-e5-small's shape"
    lines = [
        f"## {result['passages']:,} passages, {what}",
        "",
        f"`{result['command']}` on {result['date']} ({result['machine']}; processes that wanted to"
        f" run before each round: {loads}). {result['characters'] / result['passages']:.0f}"
        f" characters a passage, {len(result['kinds']):,} questions. "
        f"{_rounds(result)}; the last column is how many times better Isnad is than the best"
        " peer, below 1 where it is behind.",
        "",
        *speed_table(result),
        "",
    ]
    if static:
        lines += ["nDCG@10:", "", *quality_table(result), ""]
    return [*lines, f"![The table above as bars]({name}.png)", ""]


def _rounds(result: Result) -> str:
    done = len(result["rounds"])
    return f"Medians over {done} rounds" if done > 1 else "One round was finished"


def versions_table(results: Sequence[Result]) -> list[str]:
    """What ran, by peer."""
    found = {peer: pins for result in results for peer, pins in result["versions"].items()}
    rows = [
        [NAMES[peer], ", ".join(f"{p} {pins[p]}" for p in _SHOWN if p in pins)]
        for peer, pins in found.items()
    ]
    return ["## Versions", "", *_table(["", ""], rows), ""]


def main() -> None:
    """Write the report and the plots."""
    paths = sorted((HERE / "results").glob("*.json"), key=lambda path: (len(path.stem), path.stem))
    results = {path.stem: json.loads(path.read_text()) for path in paths}
    lines = [
        "# Beside its peers",
        "",
        "Made by `python -m benchmarks.peers.report`; how each peer is set up and where one is"
        " ahead, and why, is in [README.md](README.md).",
        "",
    ]
    for name, result in results.items():
        plot(result, HERE / f"{name}.png")
        lines += section(name, result)
    lines += versions_table(list(results.values()))
    (HERE / "REPORT.md").write_text("\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
