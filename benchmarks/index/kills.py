"""Kill an indexing process many times at moments drawn by chance, and look for what it had said.

    python -m benchmarks.index.kills KILLS SEED

`tests/killed.py` is what is done; the tests do a little of it at every run.
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from killed import rounds  # noqa: E402

from embeddings import EMBEDDED, load_encoder  # noqa: E402

if __name__ == "__main__":
    kills, seed = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as place:
        home, folder = Path(place) / "home", Path(place) / "articles"
        folder.mkdir()
        started = perf_counter()
        wrong = rounds(home, folder, load_encoder(EMBEDDED), kills, seed)
        print(f"{kills} kills in {perf_counter() - started:.0f} s, seed {seed}: {len(wrong)} wrong")
        print("\n".join(wrong))
