"""Kill an indexing process at any moment, and see whether what it had acknowledged is there.

The process indexes one more file at a time, a changed one now and then, and says each name when
`sync` has returned. The same is done with one large run, killed before it says anything.
"""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from embeddings import Encoder
from rag.engine import Engine
from rag.index.doctor import examine
from rag.settings import Settings

_CHILD = """
import sys
from pathlib import Path
from embeddings import EMBEDDED, load_encoder
from rag.index.build import sync
home, folder, first, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
encoder = load_encoder(EMBEDDED)
print("ready", flush=True)
for n in range(first, first + count):
    # In one move: that a killed writer leaves half a file is not what is looked at here.
    fresh = folder.with_name("fresh.part")
    fresh.write_text(sys.argv[5].format(n=n))
    fresh.replace(folder / f"{n % 40:03}.txt")
    sync(home, encoder, [folder])
    print(n, flush=True)
"""
TEXT = "The harbour of town number{n} was opened in year{n}. It has {n} berths.\n" * 3


def index_and_kill(home: Path, folder: Path, first: int, after_s: float) -> list[int]:
    """Start indexing at number ``first``, kill it ``after_s`` seconds later; what it had said."""
    arguments = [str(home), str(folder), str(first), "1000", TEXT]
    process = subprocess.Popen(
        [sys.executable, "-c", _CHILD, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    # A last line that was cut off by the kill is no word given.
    return [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]


def missing(home: Path, encoder: Encoder, said: dict[str, int]) -> list[str]:
    """What is not as it was said to be, by file: the newest number of each has to be found, or
    one that was being written when the process was killed."""
    # Whether it is found is looked at, not how like ones are ordered anew.
    engine = Engine(Settings(home=home, reranked=0), encoder)
    texts = {a.filename: engine.document(a.id).text for a in engine.articles()}
    wrong = []
    for name, number in said.items():
        text = texts.get(name, "")
        newer = [n for n in range(number, number + 3000, 40) if text == TEXT.format(n=n)]
        found = newer and engine.search(f"town number{newer[0]}")[0].article.filename == name
        if not found:
            wrong.append(name)
    engine.close()
    return wrong


def rounds(home: Path, folder: Path, encoder: Encoder, kills: int, seed: int) -> list[str]:
    """Kill ``kills`` times; everything that was wrong after any of them."""
    chance = random.Random(seed)
    said: dict[str, int] = {}
    wrong: list[str] = []
    number = 0
    for kill in range(kills):
        told = index_and_kill(home, folder, number, chance.uniform(0.0, 0.4))
        said |= {f"{n % 40:03}.txt": n for n in told}
        number = max([number, *(n + 1 for n in told)]) + 1
        if said:
            wrong += [f"kill {kill}: {name}" for name in missing(home, encoder, said)]
            wrong += [
                f"kill {kill}: {finding}"
                for finding in examine(home, encoder)
                if finding.remedy not in ("index", "index again")
            ]
    return wrong
