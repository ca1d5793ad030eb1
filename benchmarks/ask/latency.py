"""How long a question takes over the five articles, in one process, by stage.

    python -m benchmarks.ask.latency [--write]

Each gold question is asked once to warm up and then five times, one after the other.
"""

import argparse
import platform
import tempfile
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np

from rag.engine import Engine
from rag.evaluation.gold import read_gold
from rag.indexing import build_index
from rag.records import Question, Timings
from rag.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds"
ROUNDS = 5


def timings() -> list[Timings]:
    """What the engine says of every question but the first time it is asked."""
    questions = [Question(g.text, g.history) for g in read_gold(SEEDS / "questions.jsonl")]
    with tempfile.TemporaryDirectory() as home:
        # Kept answers would be told again, and nothing measured.
        settings = Settings(home=Path(home), kept_answers=0)
        build_index(settings, [SEEDS])
        engine = Engine.open(settings)
        rounds = [[engine.ask(q).timings for q in questions] for _ in range(1 + ROUNDS)]
    return [timing for asked in rounds[1:] for timing in asked]


def main() -> None:
    """Measure; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    measured = timings()
    lines = [
        "# A question's way, in milliseconds",
        "",
        f"Made by `python -m benchmarks.ask.latency --write` on {date.today()}"
        f" ({platform.machine()}, two shared cores, Python {platform.python_version()}):"
        f" {len(measured)} questions over the five articles, one process, one at a time.",
        "",
        "| stage | median | 99th percentile |",
        "| --- | --- | --- |",
    ]
    for stage in fields(Timings):
        values = [getattr(timing, stage.name) for timing in measured]
        median, high = np.percentile(values, [50, 99])
        lines.append(f"| {stage.name} | {median:.2f} | {high:.2f} |")
    print("\n".join(lines))
    if write:
        (Path(__file__).parent / "REPORT.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
