"""One engine in a process of its own: index passages, or open an index and answer questions.

    python -m benchmarks.peers.worker ENGINE index PASSAGES FOLDER MODEL
    python -m benchmarks.peers.worker ENGINE ask QUESTIONS FOLDER MODEL

An engine is a module ``with_ENGINE`` with three functions: ``load(model)`` makes ready what does
not depend on the passages, ``index(loaded, passages, folder)`` indexes and stores them, and
``opened(loaded, folder)`` gives a `Search`. What is measured comes as lines of JSON on stdout; the
one who reads them takes the time of the first answer. Only the standard library is imported here,
so that every engine runs among its own versions.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = 10
# What each side of a hybrid search gives to the fusion: as many as are wanted, as in the guides.
# Of 10, 30 and 100, 10 did best for the peers on questions kept for that (see README.md).
DEPTH = 10
# Texts that a model is given at once: static vectors come fastest in large batches.
BATCH = 256


@dataclass(frozen=True)
class Search:
    """``one`` gives the ids of the `TOP` best passages for a question, best first; ``many`` does
    so for a list of questions in the way that the library has for it, if it has one."""

    one: Callable[[str], list[str]]
    many: Callable[[list[str]], list[list[str]]] | None = None


def read_passages(path: Path) -> Iterator[tuple[str, str]]:
    """(id, text) of each line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["url"].rpartition("/")[2], row["text"]


def peak_mb() -> float:
    """The most memory that this process has held. Unlike ``ru_maxrss`` it starts anew with the
    program, whatever process started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def say(**measured: object) -> None:
    """A line to the one who reads."""
    print(json.dumps(measured), flush=True)


def index(engine: str, source: Path, folder: Path, model: str) -> None:
    """Index the passages in ``source`` into ``folder``."""
    module = importlib.import_module(f"benchmarks.peers.with_{engine}")
    loaded = module.load(model)
    began, cpu = time.perf_counter(), time.process_time()
    module.index(loaded, source, folder)
    say(
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - cpu,
        peak_mb=peak_mb(),
        disk_mb=sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6,
    )


def ask(engine: str, source: Path, folder: Path, model: str) -> None:
    """Answer the first question as soon as possible, then all of them, timed one by one, then all
    of them at once."""
    asked = [json.loads(line)["text"] for line in source.read_text("utf-8").splitlines()]
    module = importlib.import_module(f"benchmarks.peers.with_{engine}")
    search: Search = module.opened(module.load(model), folder)
    say(first=search.one(asked[0]))
    for question in asked[:50]:
        search.one(question)
    found, seconds = [], []
    cpu = time.process_time()
    for question in asked:
        began = time.perf_counter()
        found.append(search.one(question))
        seconds.append(time.perf_counter() - began)
    cpu_one = time.process_time() - cpu
    began = time.perf_counter()
    at_once = search.many(asked) if search.many else []
    many_seconds = time.perf_counter() - began
    if at_once and at_once != found:
        raise ValueError("asked all at once, it finds something else")
    say(
        found=found,
        seconds=seconds,
        cpu_seconds=cpu_one,
        many_seconds=many_seconds if at_once else None,
        peak_mb=peak_mb(),
    )


if __name__ == "__main__":
    what = {"index": index, "ask": ask}[sys.argv[2]]
    what(sys.argv[1], Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5])
