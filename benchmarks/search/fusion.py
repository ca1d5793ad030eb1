"""How to fuse words and meaning: nDCG@10 of each way on public sets, one article a passage.

python -m benchmarks.search.fusion DATA [--write]
"""

import argparse
import math
import platform
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ranking.corpora import read
from embeddings import EMBEDDED, Encoder, load_encoder
from embeddings.train.data import held_out_texts
from rag.index.build import sync
from rag.index.local import LocalIndex
from rag.search.fusion import fuse
from rag.search.retrieval import make_query

Hits = list[tuple[int, float]]
_DEPTH = 100
_LANGUAGES = ("ar", "en", "fr")


@dataclass(frozen=True, slots=True)
class Task:
    """Passages, and questions each with the number of the passage that answers it."""

    name: str
    passages: list[str]
    questions: list[tuple[str, int]]


def reciprocal_ranks(near: Hits, shared: Hits) -> Hits:
    """Cormack, Clarke and Büttcher 2009, with their k of 60."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in (near, shared):
        for rank, (item, _) in enumerate(ranking, start=1):
            scores[item] += 1 / (60 + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def standard(weight: float) -> Callable[[Hits, Hits], Hits]:
    """Standard scores with that weight for words."""
    return lambda near, shared: fuse(near, shared, lexical_weight=lambda _: weight)


WAYS: dict[str, Callable[[Hits, Hits], Hits]] = {
    "words alone": lambda near, shared: shared,
    "meaning alone": lambda near, shared: near,
    "reciprocal ranks": reciprocal_ranks,
    "standard scores 1:2": standard(1 / 3),
    "standard scores 2:3": standard(0.4),
    "standard scores 1:1": standard(1 / 2),
    "standard scores 3:2": standard(0.6),
    "standard scores 2:1": standard(2 / 3),
}


def tasks(data: Path) -> Iterator[Task]:
    """ARCD train, XQuAD within and across languages, own sentences held out of training."""
    yield _task("ARCD train", read(data / "train" / "arcd.train.jsonl.xz"))
    xquad = {lang: list(read(data / "eval" / f"xquad.{lang}.jsonl")) for lang in ("es", "de", "tr")}
    for asked, held in (("es", "es"), ("de", "de"), ("tr", "tr"), ("es", "de"), ("tr", "es")):
        passages = {row["pid"]: row["p"] for row in xquad[held]}
        rows = [{"q": row["q"], "p": passages[row["pid"]]} for row in xquad[asked][::2]]
        yield _task(f"XQuAD {asked} -> {held}", rows, list(passages.values()))
    kept_out = held_out_texts(data / "train")
    own = list(read(data / "train" / "own.questions.jsonl.xz"))
    for held in _LANGUAGES:
        everything = [row["p"] for row in own if row["lp"] == held]
        for asked in _LANGUAGES:
            rows = [r for r in own if (r["lq"], r["lp"]) == (asked, held) and r["p"] in kept_out]
            yield _task(f"own {asked} -> {held}", rows, everything)


def _task(
    name: str, questions: Iterable[dict[str, Any]], passages: list[str] | None = None
) -> Task:
    rows = list(questions)
    distinct = list(dict.fromkeys(passages or [row["p"] for row in rows]))
    at = {passage: n for n, passage in enumerate(distinct)}
    return Task(name, distinct, [(row["q"], at[row["p"]]) for row in rows])


def measure(task: Task, encoder: Encoder) -> dict[str, float]:
    """nDCG@10 by way of fusing; an article counts by its best passage."""
    gains: defaultdict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        articles, home = Path(folder) / "articles", Path(folder) / "home"
        articles.mkdir()
        for n, passage in enumerate(task.passages):
            (articles / f"{n:05}.txt").write_text(passage, "utf-8")
        sync(home, encoder, [articles])
        with LocalIndex(home, encoder).reading() as index:
            number = {article.id: int(article.filename[:5]) for article in index.listing()}
            for question, gold in task.questions:
                query = make_query(question, index, encoder)
                near = index.nearest(query.vector, _DEPTH)
                also = query.heard + query.translated
                shared = index.matching(query.tokens, _DEPTH, also=also)
                found = index.passages(list({chunk for chunk, _ in near + shared}))
                article_of = {hit.id: number[hit.chunk.article_id] for hit in found}
                for name, way in WAYS.items():
                    ranked = dict.fromkeys(article_of[chunk] for chunk, _ in way(near, shared))
                    gains[name].append(_gain(list(ranked)[:10], gold))
    return {name: float(np.mean(values)) for name, values in gains.items()}


def _gain(ranked: list[int], gold: int) -> float:
    return 1 / math.log2(2 + ranked.index(gold)) if gold in ranked else 0.0


def main() -> None:
    """Measure every task; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = load_encoder(EMBEDDED)
    lines = [
        "# Words and meaning, fused: nDCG@10",
        "",
        f"Made by `python -m benchmarks.search.fusion DATA --write` on {date.today()}"
        f" ({platform.machine()}, Python {platform.python_version()}), model {encoder.name}."
        " Ratios are words to meaning. Isnad takes 3:2 within a language and 2:3 across.",
        "",
        "| questions -> passages | " + " | ".join(WAYS) + " |",
        "| --- |" + " --- |" * len(WAYS),
    ]
    for task in tasks(options.data):
        values = measure(task, encoder)
        lines.append(f"| {task.name} | " + " | ".join(f"{values[way]:.3f}" for way in WAYS) + " |")
        print(lines[-1], flush=True)
    if options.write:
        (Path(__file__).parent / "REPORT.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
