"""Grow an index step by step to a million passages of real text, and measure it at every step.

    python -m benchmarks.scale.grow DATA PLACE RESULTS [STEP ...]

DATA is a folder of public text (`benchmarks.scale.texts`), PLACE one for articles and index, which
is kept and gone on with, RESULTS a file that gets a line of JSON a step. STEPs are numbers of
passages, by default 1,000 to 1,000,000. Each indexing and each measuring is a process of its own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.scale.texts import articles

STEPS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_FILES_A_FOLDER = 1000
_CHARACTERS_A_PASSAGE = 410


def write(texts: Iterator[tuple[str, bool]], folder: Path, passages: int) -> int:
    """Write articles of about ``passages`` passages; how many characters of them are as they were
    written by people, article by article."""
    characters = real = n = 0
    while characters < passages * _CHARACTERS_A_PASSAGE:
        text, is_real = next(texts)
        place = folder / f"{n // _FILES_A_FOLDER:04}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{n:06}.txt").write_text(text, "utf-8")
        characters, real, n = characters + len(text), real + is_real * len(text), n + 1
    return real


def run(module: str, *arguments: str) -> dict[str, object]:
    """What a module says in its last line."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.scale.{module}", *arguments],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    said: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return said


def grow(data: Path, place: Path, results: Path, steps: list[int]) -> None:
    """Do ``steps``, without those that PLACE has been through."""
    home = place / "home"
    texts = articles(data)
    done = sorted(int(p.name) for p in place.glob("[0-9]*"))
    written = sum(sum(1 for _ in (place / str(step)).rglob("*.txt")) for step in done)
    list(islice(texts, written))
    there = 0
    for step in steps:
        folder = place / str(step)
        if not folder.exists():
            write(texts, folder, step - there)
            indexed = run("index", str(home), str(folder))
        else:
            indexed = {}
        measured = run("measure", str(home), str(data))
        there = int(str(measured["passages"]))
        line = {"date": time.strftime("%Y-%m-%d %H:%M"), "step": step, **indexed, **measured}
        with results.open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(line, flush=True)


if __name__ == "__main__":
    grow(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        Path(sys.argv[3]),
        [int(step) for step in sys.argv[4:]] or list(STEPS),
    )
