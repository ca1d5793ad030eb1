"""How fast, and in how much memory, folders of texts are indexed: chunks a second, CPU, peak.

    python -m benchmarks.index.speed [FOLDER]

Without a folder, small articles are generated: words of a Zipf law, sentences of seven to twenty.
"""

import random
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from embeddings import EMBEDDED, load_encoder
from rag.index.build import sync

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def write_articles(folder: Path, count: int, seed: int = 1) -> None:
    """Write ``count`` articles of about 900 characters."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(2, 8))) for _ in range(20_000)]
    weights = [1 / (n + 1) for n in range(len(words))]
    for n in range(count):
        sentences = [
            " ".join(chance.choices(words, weights, k=chance.randint(7, 20))) + "."
            for _ in range(12)
        ]
        (folder / f"{n:06}.txt").write_text("\n\n".join([f"عنوان {n}", " ".join(sentences)]))


def measure(folder: Path, home: Path) -> str:
    """One line of the table: articles, chunks, chunks a second, CPU seconds, peak memory."""
    encoder = load_encoder(EMBEDDED)
    started, cpu = time.perf_counter(), time.process_time()
    report = sync(home, encoder, [folder])
    took, used = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"| {report.articles:,} | {report.chunks:,} | {report.chunks / took:,.0f} |"
        f" {used:.1f} | {used / report.chunks * 1000:.2f} | {peak:.0f} |"
    )


if __name__ == "__main__":
    print("| articles | passages | a second | CPU s | CPU ms a passage | peak MB |", flush=True)
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as place:
        if sys.argv[1:]:
            print(measure(Path(sys.argv[1]), Path(place) / "home"))
        for count in () if sys.argv[1:] else (1_000, 5_000, 20_000):
            articles = Path(place) / str(count)
            articles.mkdir()
            write_articles(articles, count)
            print(measure(articles, Path(place) / f"home-{count}"), flush=True)
            shutil.rmtree(articles)
