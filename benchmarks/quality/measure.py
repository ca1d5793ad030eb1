"""How good the answers are, and what each part of the machinery does for them.

    python -m benchmarks.quality.measure DATA [--write]

DATA as for `benchmarks.ranking.fit`. Through the engine, as a user gets it: passages found
(nDCG@10, one passage an article), the sentence that holds the answer cited first, and the gold
questions of ``seeds/``; each as it is and without one part. The sets of the first two tables are
also those that the ranking was fitted on: see ``benchmarks/ranking/REPORT.md`` for figures out of
fold. ``--write`` puts the figures into ``benchmarks/quality/REPORT.md``.
"""

import argparse
import math
import platform
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.ranking.corpora import read
from embeddings import EMBEDDED, load_encoder
from embeddings.train.data import held_out_texts
from rag.engine import Engine
from rag.evaluation.gold import GoldQuestion, read_gold
from rag.evaluation.metrics import Scores
from rag.evaluation.run import evaluate, table
from rag.index.opened import OpenIndex
from rag.indexing import build_index
from rag.records import Evidence, Question
from rag.search.parts import part_evidence, part_texts
from rag.search.retrieval import Found, Query
from rag.settings import Settings

HERE = Path(__file__).parent
SEEDS = HERE.parents[1] / "seeds"
SAMPLE = 400
"""Questions of one task, at most."""


def _nothing(*_: object, **__: object) -> list[tuple[int, float]]:
    return []


def _no_words(words: Sequence[str], *_: object) -> list[list[tuple[str, float]]]:
    return [[] for _ in words]


def _always(*_: object) -> float:
    return 1.0


def _as_they_were(index: OpenIndex, found: Sequence[Found], query: Query) -> Sequence[Found]:
    return found


def _as_found(index: OpenIndex, found: Sequence[Found], query: Query) -> list[Evidence]:
    """The parts of the passages in the order the search found these in, unlearned."""
    return [
        part_evidence(
            hit.article,
            hit.passage,
            n,
            probability=1 / (2 + place),
        )
        for place, hit in enumerate(found)
        for n, _ in enumerate(part_texts(hit.passage))
    ]


WITHOUT: dict[str, dict[str, object]] = {
    "as it is": {},
    "without vectors": {"rag.index.local.LocalState.nearest": _nothing},
    "without BM25": {"rag.index.local.LocalState.matching": _nothing},
    "without translations": {"rag.search.dictionary.translations": _no_words},
    "without the learned ranking": {
        "rag.engine.rank": _as_found,
        "rag.engine.answerable": _always,
        "rag.engine.rerank": _as_they_were,
    },
}


@contextmanager
def without(name: str, settings: Settings) -> Iterator[Engine]:
    """An engine without a part of it, which remembers nothing of another one."""
    with ExitStack() as stack:
        for place, stand_in in WITHOUT[name].items():
            stack.enter_context(patch(place, stand_in))
        yield Engine.open(settings)


@dataclass(frozen=True, slots=True)
class Task:
    """Passages, and questions with the number of the passage that answers each and the answer's
    words (empty where the whole passage is the answer)."""

    name: str
    passages: list[str]
    questions: list[tuple[str, int, str]]


def tasks(data: Path) -> Iterator[Task]:
    """Every task that the data folder has the files for."""
    xquad = {x: list(read(data / "eval" / f"xquad.{x}.jsonl")) for x in ("es", "de", "tr")}
    passage = {x: {row["id"]: row["p"] for row in rows} for x, rows in xquad.items()}
    for told in xquad:
        for asked, rows in xquad.items():
            answers = {row["id"]: row["answers"][0] for row in xquad[told]}
            yield _task(
                f"XQuAD {asked} -> {told}",
                [(r["q"], passage[told][r["id"]], answers[r["id"]]) for r in rows],
            )
    arcd = read(data / "train" / "arcd.train.jsonl.xz")
    yield _task("ARCD train", [(r["q"], r["p"], r["answers"][0]) for r in arcd if r["answers"]])
    out = held_out_texts(data / "train")
    own = list(read(data / "train" / "own.questions.jsonl.xz"))
    for asked in ("ar", "en", "fr"):
        for told in ("ar", "en", "fr"):
            some = [r for r in own if (r["lq"], r["lp"]) == (asked, told)]
            questions = [(r["q"], r["p"], "") for r in some if r["p"] in out]
            yield _task(f"own {asked} -> {told}", questions, [r["p"] for r in some])


def _task(
    name: str, rows: Sequence[tuple[str, str, str]], passages: Iterable[str] | None = None
) -> Task:
    distinct = list(dict.fromkeys(passages or (passage for _, passage, _ in rows)))
    number = {passage: n for n, passage in enumerate(distinct)}
    some = random.Random(0).sample(rows, min(SAMPLE, len(rows)))
    return Task(name, distinct, [(q, number[passage], answer) for q, passage, answer in some])


@contextmanager
def index_over(passages: Sequence[str]) -> Iterator[Settings]:
    """Settings with an index that has each passage as an article, named by its number, and that
    never refuse."""
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder) / "articles"
        articles.mkdir()
        for n, passage in enumerate(passages):
            (articles / f"{n:05}.txt").write_text(passage, "utf-8")
        settings = Settings(home=Path(folder) / "home", answer_threshold=0, max_statements=1)
        build_index(settings, [articles])
        yield settings


def search_figure(engine: Engine, task: Task) -> float:
    """nDCG@10; an article counts by its best passage."""
    gains = []
    for question, gold, _ in task.questions:
        hits = engine.search(question, top_k=30)
        ranked = list(dict.fromkeys(int(hit.article.filename[:5]) for hit in hits))[:10]
        gains.append(1 / math.log2(2 + ranked.index(gold)) if gold in ranked else 0.0)
    return float(np.mean(gains))


def answer_figure(engine: Engine, task: Task) -> float:
    """The share of questions whose first citation is of the right passage and holds the answer."""
    right = []
    for question, gold, answer in task.questions:
        citations = engine.ask(Question(question)).reply.citations[:1]
        right.append(
            any(int(c.article.filename[:5]) == gold and answer in c.quote for c in citations)
        )
    return float(np.mean(right))


def figures(data: Path) -> Iterator[str]:
    """Two tables, in Markdown: passages found, and answers cited first."""
    found: list[str] = []
    cited: list[str] = []
    for task in tasks(data):
        with index_over(task.passages) as settings:
            searched = dict.fromkeys(WITHOUT, 0.0)
            for name in searched:
                with without(name, settings) as engine:
                    searched[name] = search_figure(engine, task)
            answered = dict.fromkeys(WITHOUT, 0.0) if task.questions[0][2] else {}
            for name in answered:
                with without(name, settings) as engine:
                    answered[name] = answer_figure(engine, task)
        size = f"{task.name} | {len(task.questions)} | {len(task.passages)}"
        found.append(_row(size, searched))
        cited += [_row(size, answered)] if answered else []
        print(found[-1], flush=True)
    yield from ("", "## Passages found: nDCG@10", "", *_head(list(WITHOUT)), *found)
    yield from ("", "## Sentence with the answer cited first", "", *_head(list(WITHOUT)), *cited)


def _head(names: Sequence[str]) -> list[str]:
    return [
        "| questions -> passages | n | passages | " + " | ".join(names) + " |",
        "| --- " * (len(names) + 3) + "|",
    ]


def _row(name: str, values: dict[str, float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in values.values()) + " |"


def gold_figures() -> Iterator[str]:
    """The gold questions, as it is and without one part, in Markdown."""
    columns = list(Scores.__dataclass_fields__)[1:]
    yield from ("", "## Gold questions (`seeds/questions.jsonl`)", "")
    yield "| | " + " | ".join(columns) + " |"
    yield "| --- " * (len(columns) + 1) + "|"
    gold = read_gold(SEEDS / "questions.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        build_index(settings, [SEEDS])
        for name in [*WITHOUT, "without abstention"]:
            if name in WITHOUT:
                with without(name, settings) as engine:
                    scores = _scores(engine, gold)
            else:
                anything = settings.model_copy(update={"answer_threshold": 0.0})
                scores = _scores(Engine.open(anything), gold)
            values = [getattr(scores, column) for column in columns]
            yield (
                f"| {name} | " + " | ".join("–" if v is None else f"{v:.2f}" for v in values) + " |"
            )


def _scores(engine: Engine, gold: Sequence[GoldQuestion]) -> Scores:
    return table(evaluate(gold, lambda question: engine.ask(question).reply))["all"]


def main() -> None:
    """Measure everything; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    model = load_encoder(EMBEDDED).name
    report = [
        "# The quality of answers, and what each part does for it",
        "",
        f"Made by `python -m benchmarks.quality.measure DATA --write` on {date.today()}"
        f" ({platform.machine()}, Python {platform.python_version()}), model {model}. At most"
        f" {SAMPLE} questions a task. The ranking was fitted on these public sets too; figures out"
        " of fold are in `benchmarks/ranking/REPORT.md`. The gold questions only measure.",
        *figures(options.data),
        *gold_figures(),
    ]
    print("\n".join(report))
    if options.write:
        (HERE / "REPORT.md").write_text("\n".join(report) + "\n", "utf-8")


if __name__ == "__main__":
    main()
