"""One engine in a process of its own: index passages, or open an index and answer questions.

    python -m benchmarks.peers.worker ENGINE index PASSAGES FOLDER MODEL
    python -m benchmarks.peers.worker ENGINE ask QUESTIONS FOLDER MODEL
    python -m benchmarks.peers.worker ENGINE at-once QUESTIONS FOLDER MODEL

An engine is a module ``with_ENGINE`` with three functions: ``load(model)`` makes ready what does
not depend on the passages, ``index(loaded, passages, folder)`` indexes and stores them, and
``opened(loaded, folder)`` gives a `Search`. What is measured comes as lines of JSON on stdout; the
one who reads them takes the time of the first answer. Only the standard library is imported here,
so that every engine runs among its own versions.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = 10
# What each side of a hybrid search gives to the fusion: as many as are wanted, as in the guides.
# Of 10, 30 and 100, 10 did best for the peers on questions kept for that (see README.md).
DEPTH = 10
# Texts that a model is given at once: static vectors come fastest in large batches.
BATCH = 256
# Questions to warm up with.
WARM = 50


@dataclass(frozen=True)
class Search:
    """``one`` gives the ids of the `TOP` best passages for a question, best first; ``many`` does
    so for a list of questions in the way that the library has for it, if it has one."""

    one: Callable[[str], list[str]]
    many: Callable[[list[str]], list[list[str]]] | None = None


def read_passages(folder: Path) -> Iterator[tuple[str, str]]:
    """(id, text) of each line of the files in ``folder``."""
    for path in sorted(folder.iterdir()):
        with path.open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield row["url"].rpartition("/")[2], row["text"]


def peak_mb() -> float:
    """The most memory that this process has held. Unlike ``ru_maxrss`` it starts anew with the
    program, whatever process started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def say(**measured: object) -> None:
    """A line to the one who reads."""
    print(json.dumps(measured), flush=True)


def cpu_seconds() -> float:
    """CPU time of this process and of those it started and waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def index(engine: Any, source: Path, folder: Path, model: str) -> None:
    """Index the passages in ``source`` into ``folder``."""
    loaded = engine.load(model)
    began, cpu = time.perf_counter(), cpu_seconds()
    engine.index(loaded, source, folder)
    say(
        seconds=time.perf_counter() - began,
        cpu_seconds=cpu_seconds() - cpu,
        disk_mb=sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6,
        peak_mb=peak_mb(),
    )


def ask(engine: Any, source: Path, folder: Path, model: str) -> None:
    """Answer a question as soon as possible, then all of them, timed one by one."""
    asked = _questions(source)
    search = _warm(engine.opened(engine.load(model), folder), asked)
    found, seconds = [], []
    cpu = cpu_seconds()
    for question in asked:
        began = time.perf_counter()
        found.append(search.one(question))
        seconds.append(time.perf_counter() - began)
    cpu = cpu_seconds() - cpu
    say(found=found, seconds=seconds, cpu_seconds=cpu, peak_mb=peak_mb())


def at_once(engine: Any, source: Path, folder: Path, model: str) -> None:
    """Answer all questions at once, where the library has a way for that."""
    asked = _questions(source)
    search = _warm(engine.opened(engine.load(model), folder), asked)
    began = time.perf_counter()
    found = search.many(asked) if search.many else None
    say(found=found, seconds=time.perf_counter() - began)


def _questions(source: Path) -> list[str]:
    return [json.loads(line)["text"] for line in source.read_text("utf-8").splitlines()]


def _warm(search: Search, asked: list[str]) -> Search:
    """The same after it has answered what is not asked again: questions with their words turned
    round. Says so at the first one."""
    for n, question in enumerate(asked[:WARM]):
        search.one(" ".join(reversed(question.split())))
        if n == 0:
            say(first=True)
    return search


def main() -> None:
    """Do what the command line says; see the module's words."""
    name, what, *places, model = sys.argv[1:]
    engine = importlib.import_module(f"benchmarks.peers.with_{name}")
    do = {"index": index, "ask": ask, "at-once": at_once}[what]
    do(engine, *map(Path, places), model)


if __name__ == "__main__":
    main()
