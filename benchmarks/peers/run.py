"""Isnad beside txtai, LlamaIndex, Haystack and LangChain: the same passages, questions and model.

    python -m benchmarks.peers.run DATA VENVS [--size 5000] [--rounds 3] [--as NAME]

DATA is the folder with ``train/`` and ``evaluate-only/``. Each peer runs in a virtual environment
of its own in VENVS, which is made from ``requirements-ENGINE.txt`` where it is missing; Isnad runs
in the one that runs this. Every round, every engine indexes everything anew in one process and
answers all questions in another, in an order that turns with the rounds, so that what else the
machine does falls on all alike. What was measured is written to ``results/NAME.json``, which
`benchmarks.peers.report` makes tables and plots of.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.embeddings.speed import save_e5_small_shape
from benchmarks.peers import corpus
from benchmarks.peers.worker import TOP

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = ("txtai", "llamaindex", "haystack", "langchain")
ENGINES = ("isnad", *PEERS)
_LOOK_SECONDS = 0.2
_QUIET = {
    "PYTHONPATH": str(ROOT),
    "HF_HUB_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGCHAIN_TRACING_V2": "false",
}


def python_of(engine: str, venvs: Path) -> Path:
    """The interpreter that has ``engine``; its environment is made where there is none."""
    if engine == "isnad":
        return Path(sys.executable)
    python = venvs / engine / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venvs / engine], check=True)
        needs = HERE / f"requirements-{engine}.txt"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", needs], check=True)
    return python


def measure(
    engine: str, python: Path, passages: Path, questions: Path, model: str
) -> dict[str, Any]:
    """What the processes of one engine say, the seconds from starting the second one to its first
    answer, and the most memory that each held, with all the processes it started."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", "benchmarks.peers.worker", engine]
        indexed = Run([*command, "index", passages, folder, model]).finish()
        asking = Run([*command, "ask", questions, folder, model])
        first_answer = asking.seconds_to_first_line()
        asked = asking.finish() | {"first_answer_seconds": first_answer}
        at_once = Run([*command, "at-once", questions, folder, model]).finish()
    if at_once["found"] is not None:
        if at_once["found"] != asked["found"]:
            raise ValueError(f"{engine} finds something else when asked all at once")
        asked["many_seconds"] = at_once["seconds"]
    return {"index": indexed, "ask": asked}


class Run:
    """A worker that was started, and is watched."""

    def __init__(self, command: list[Any]) -> None:
        """Start it."""
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | _QUIET,
        )
        self._watch = Watch(self._process.pid)

    def seconds_to_first_line(self) -> float:
        """Wait for what it says first."""
        next(self._lines())
        return time.perf_counter() - self._began

    def finish(self) -> dict[str, Any]:
        """What it says last, and the most memory.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        lines = list(self._lines())
        peak = self._watch.stop()
        if self._process.wait():
            raise subprocess.CalledProcessError(self._process.returncode, self._process.args)
        return lines[-1] | {"peak_mb": max(peak, lines[-1].get("peak_mb", 0.0))}

    def _lines(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout
        # readline, since iterating reads ahead and would keep the first line back.
        for line in iter(self._process.stdout.readline, ""):
            if line.startswith("{"):
                yield json.loads(line)


class Watch(threading.Thread):
    """Looks at the memory of a process and of all that it started, where there are any: shared
    pages count once (`Pss`). Alone, the process knows its peak better itself."""

    def __init__(self, pid: int) -> None:
        """Begin."""
        super().__init__(daemon=True)
        self._pid, self._peak, self._done = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._done.wait(_LOOK_SECONDS):
            tree = _tree(self._pid)
            if len(tree) > 1:
                self._peak = max(self._peak, sum(map(_pss_mb, tree)))

    def stop(self) -> float:
        """The most that was seen, in MB."""
        self._done.set()
        self.join()
        return self._peak


def _tree(pid: int) -> list[int]:
    """The process and all those below it."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = " ".join((task / "children").read_text() for task in tasks).split()
    except OSError:  # it has ended
        return []
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _pss_mb(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(text.split("Pss:")[1].split()[0]) / 1024


def ranks(found: list[list[str]], questions: list[corpus.Asked]) -> list[int]:
    """The place of each question's passage among those found, from 1; 0 where it is not there."""
    pairs = zip(found, questions, strict=True)
    return [ids.index(asked.gold) + 1 if asked.gold in ids else 0 for ids, asked in pairs]


def versions(engine: str) -> dict[str, str]:
    """What is pinned for a peer, by package."""
    pins = (HERE / f"requirements-{engine}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", pins, flags=re.MULTILINE))


def main() -> None:
    """Measure and write; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("venvs", type=Path)
    parser.add_argument("--size", type=int, default=5000, help="passages (2,500 or more)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--questions", type=int, help="only so many, drawn evenly")
    parser.add_argument(
        "--choosing", action="store_true", help="the questions by which peers were set up"
    )
    parser.add_argument(
        "--transformer", action="store_true", help="random weights in multilingual-e5-small's shape"
    )
    parser.add_argument("--as", dest="name", help="name of the results; default: the size")
    options = parser.parse_args()
    pythons = {engine: python_of(engine, options.venvs) for engine in options.engines}
    made = corpus.make_choosing if options.choosing else corpus.make
    passages, questions = made(options.data, options.size)
    questions = questions[:: max(1, len(questions) // (options.questions or len(questions)))]
    with tempfile.TemporaryDirectory() as place:
        model = _model(Path(place)) if options.transformer else str(ROOT / "embeddings" / "model")
        corpus.write(Path(place), passages, questions)
        rounds: list[dict[str, Any]] = []
        for n in range(options.rounds):
            rounds.append(_round(n, pythons, Path(place), model))
            for measured in rounds[-1]["engines"].values():
                measured["ask"]["ranks"] = ranks(measured["ask"].pop("found"), questions)
            _save(options, passages, questions, rounds)


def _save(
    options: argparse.Namespace,
    passages: list[corpus.Passage],
    questions: list[corpus.Asked],
    rounds: list[dict[str, Any]],
) -> None:
    """Write what is known after each round, so that a run may be stopped."""
    result = {
        "date": str(date.today()),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}",
        "command": " ".join(["python -m benchmarks.peers.run DATA VENVS", *_flags(options)]),
        "model": "transformer" if options.transformer else "static",
        "passages": len(passages),
        "characters": sum(len(passage.text) for passage in passages),
        "kinds": [asked.kind for asked in questions],
        "top": TOP,
        "versions": {peer: versions(peer) for peer in options.engines if peer != "isnad"},
        "rounds": rounds,
    }
    path = HERE / "results" / f"{options.name or options.size}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(_rounded(result)) + "\n", "utf-8")


def _round(n: int, pythons: dict[str, Path], place: Path, model: str) -> dict[str, Any]:
    """Every engine once; the order turns with ``n``."""
    engines = list(pythons)
    load, measured = os.getloadavg()[0], {}
    for engine in engines[n % len(engines) :] + engines[: n % len(engines)]:
        measured[engine] = measure(
            engine, pythons[engine], place / "passages", place / "questions.jsonl", model
        )
        _tell(n, engine, measured[engine])
    return {"load_before": load, "engines": measured}


def _tell(n: int, engine: str, measured: dict[str, Any]) -> None:
    index, asked = measured["index"], measured["ask"]
    took = sum(asked["seconds"])
    print(
        f"{time.strftime('%H:%M:%S')} round {n + 1} {engine}: indexed in {index['seconds']:.1f} s,"
        f" first answer after {asked['first_answer_seconds']:.1f} s,"
        f" {len(asked['seconds']) / took:.0f} questions a second",
        flush=True,
    )


def _model(place: Path) -> str:
    save_e5_small_shape(place)
    return str(place / "e5-small-shape")


def _flags(options: argparse.Namespace) -> list[str]:
    flags = [f"--size {options.size}", f"--rounds {options.rounds}"]
    flags += [f"--questions {options.questions}"] if options.questions else []
    flags += ["--transformer"] if options.transformer else []
    flags += ["--choosing"] if options.choosing else []
    flags += [f"--engines {' '.join(options.engines)}"] if options.engines != ENGINES else []
    return [*flags, f"--as {options.name}"] if options.name else flags


def _rounded(value: Any) -> Any:
    """Six digits are more than a clock means."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
