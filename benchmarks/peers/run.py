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
import time
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
    """What the two processes of one engine say, and the seconds from starting the second one to
    its first answer."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", "benchmarks.peers.worker", engine]
        began = time.perf_counter()
        (indexed,) = _lines([*command, "index", passages, folder, model])
        process_seconds = time.perf_counter() - began
        began = time.perf_counter()
        lines = _lines([*command, "ask", questions, folder, model])
        next(lines)
        first_answer = time.perf_counter() - began
        (asked,) = lines
    return {
        "index": indexed | {"process_seconds": process_seconds},
        "ask": asked | {"first_answer_seconds": first_answer},
    }


def _lines(command: list[Any]) -> Any:
    """What a worker says, line by line, as it says it.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    environment = os.environ | _QUIET
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout
        yield from (json.loads(line) for line in process.stdout if line.startswith("{"))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)


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
        rounds = _rounds(options.rounds, pythons, Path(place), model)
    for measured in (one for each in rounds for one in each["engines"].values()):
        measured["ask"]["ranks"] = ranks(measured["ask"].pop("found"), questions)
    (HERE / "results").mkdir(exist_ok=True)
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
    path.write_text(json.dumps(_rounded(result)) + "\n", "utf-8")


def _rounds(count: int, pythons: dict[str, Path], place: Path, model: str) -> list[dict[str, Any]]:
    rounds = []
    for n in range(count):
        engines = list(pythons)
        turned = engines[n % len(engines) :] + engines[: n % len(engines)]
        load = os.getloadavg()[0]
        measured = {}
        for engine in turned:
            measured[engine] = measure(
                engine, pythons[engine], place / "passages.jsonl", place / "questions.jsonl", model
            )
            _tell(n, engine, measured[engine])
        rounds.append({"load_before": load, "engines": measured})
    return rounds


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
