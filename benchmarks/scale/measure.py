"""Open an index, ask it, and say what that takes.

    python -m benchmarks.scale.measure HOME DATA

Questions are those of XQuAD in the data folder's ``eval``, in several languages, each asked once.
Recall is the share of what an exact scan of all vectors finds that the index finds.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.engine import Engine
from rag.index import store
from rag.index.local import LocalIndex
from rag.index.vectors import PASSAGES, WORDS, read_base
from rag.records import Filters, Question
from rag.settings import Settings

ASKED = 400
_ANSWERED = 100
_RECALLED = 100
_ADDED = 7


def questions(data: Path) -> list[str]:
    """Questions by chance, of as many languages as there are."""
    paths = sorted((data / "eval").glob("xquad.*.jsonl"))
    every = [json.loads(line)["q"] for path in paths for line in path.open(encoding="utf-8")]
    return random.Random(1).sample(every, min(ASKED, len(every)))


def memory() -> dict[str, int]:
    """Resident megabytes of this process: its own, and files' that are mapped."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {
        name: int(fields[field].split()[0]) // 1024
        for name, field in (("own_mb", "RssAnon"), ("mapped_mb", "RssFile"))
    }


def times(call: Callable[[str], object], asked: list[str]) -> dict[str, float]:
    """Milliseconds a call takes: by the clock, and of the processor alone, which is what the
    clock would say where nobody else wants it."""
    clock, cpu = [], []
    for question in asked:
        started, used = time.perf_counter(), time.thread_time()
        call(question)
        clock.append((time.perf_counter() - started) * 1000)
        cpu.append((time.thread_time() - used) * 1000)
    return {
        f"{name}{point}_ms": round(float(np.percentile(some, percent)), 2)
        for name, some in (("", clock), ("cpu_", cpu))
        for point, percent in (("median", 50), ("p99", 99))
    }


def recall(home: Path, encoder: Encoder, asked: list[str]) -> float:
    """Recall@10 of vectors against an exact scan."""
    queries = encoder.encode_questions(asked)
    best = np.full((len(asked), 10), -2.0, np.float32)
    ids = np.full((len(asked), 10), -1, np.int64)
    with LocalIndex(home, encoder).reading() as index:
        with store.reading(home) as connection:
            for some, rows in store.chunk_vectors(connection, encoder.dimension):
                cosines = np.hstack([best, queries @ rows.T])
                every = np.hstack([ids, np.broadcast_to(some, (len(asked), len(some)))])
                top = np.argsort(-cosines, axis=1, kind="stable")[:, :10]
                best = np.take_along_axis(cosines, top, axis=1)
                ids = np.take_along_axis(every, top, axis=1)
        found = [[i for i, _ in index.nearest(query, 10)] for query in queries]
    return float(np.mean([np.isin(a[a >= 0], b).mean() for a, b in zip(ids, found, strict=True)]))


def adding(engine: Engine) -> dict[str, float]:
    """Milliseconds until an article that is sent has been found by a search."""
    took = []
    for n in range(_ADDED):
        text = f"The lighthouse keeper of Isle {n} wrote measure{n}mark{time.time_ns()} in his log."
        started = time.perf_counter()
        (article,) = engine.add(f"added{n}.txt", text.encode()).articles
        hit = engine.search(text)[0]
        took.append((time.perf_counter() - started) * 1000)
        assert hit.article.id == article.id
        engine.remove(article.id)
    return {"add_median_ms": round(float(np.median(took)), 1), "add_most_ms": round(max(took), 1)}


def main(home: Path, data: Path) -> dict[str, object]:
    """Everything that is measured."""
    encoder = load_encoder(EMBEDDED)
    asked = questions(data)
    before = memory()
    started = time.perf_counter()
    engine = Engine(Settings(home=home, kept_answers=0), encoder)
    opened = time.perf_counter() - started
    engine.search(asked[0])
    first = time.perf_counter() - started
    search = times(engine.search, asked)
    ask = times(lambda q: engine.ask(Question(q)), asked[:_ANSWERED])
    arabic = Filters(languages=("ar",))
    filtered = times(lambda q: engine.search(q, filters=arabic), asked[:_ANSWERED])
    after = memory()
    with store.reading(home) as connection:
        manifest = store.read_manifest(connection)
        assert manifest is not None
        bases = {kind.name: read_base(home, kind, manifest.lineage) for kind in (PASSAGES, WORDS)}
        words = store.count_words(connection)
    info = engine.info
    sizes = {p: p.stat().st_size for p in home.rglob("*") if p.is_file()}
    return {
        "passages": info.chunks,
        "articles": info.articles,
        "words": words,
        "open_s": round(opened, 2),
        "first_answer_s": round(first, 2),
        **{f"search_{k}": v for k, v in search.items()},
        **{f"ask_{k}": v for k, v in ask.items()},
        **{f"filtered_{k}": v for k, v in filtered.items()},
        "memory_before_mb": before["own_mb"],
        **after,
        "recall_at_10": round(recall(home, encoder, asked[:_RECALLED]), 4),
        **{f"manifest_recall_{name}": b and round(b.recall, 4) for name, b in bases.items()},
        **{f"probes_{name}": b and b.probes for name, b in bases.items()},
        **adding(engine),
        "disk_mb": sum(sizes.values()) // 1_000_000,
        "words_index_mb": sum(n for p, n in sizes.items() if p.parent.name.startswith("words-"))
        // 1_000_000,
        "measuring_load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
