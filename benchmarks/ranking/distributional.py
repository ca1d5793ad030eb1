"""Make the distributional vectors of `rag.search.distributional` from plain Arabic text.

    python -m benchmarks.ranking.distributional DATA [--write]

DATA is a folder as for `benchmarks.ranking.fit`; read are ``text/`` and the articles of
`ENCYCLOPAEDIAS`, but for lines that share a run of words with what is measured on. Two stems are
alike that stand beside the same others: positive pointwise mutual information within a window, its
contexts smoothed, reduced by a singular value decomposition whose values count by their root (Levy,
Goldberg and Dagan 2015, «Improving distributional similarity with lessons learned from word
embeddings»). A minute or two; the same text gives the same vectors.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy import sparse
from scipy.sparse.linalg import svds

from embeddings.train.data import held_out_texts, read_pairs
from embeddings.train.overlap import grams
from embeddings.train.prepare import Folders, kept_apart, plain_texts
from rag.corpus.text import stems, words

# Arabic, and Egyptian Arabic.
ENCYCLOPAEDIAS = ("arwiki_comparable.ar_arz",)
DIMENSION = 200
WINDOW = 10
RAREST = 10
SMOOTHED = 0.75
# How much the words of a text weigh in it: a / (a + p), p the share of the stem in all text (Arora,
# Liang and Ma 2017, «A simple but tough-to-beat baseline for sentence embeddings»).
SMOOTH_FREQUENCY = 1e-3
_AT_ONCE = 2_000_000
HERE = Path(__file__).parent
VECTORS = HERE.parents[1] / "rag" / "search" / "distributional.safetensors"

Floats = NDArray[np.float32]


def lines(data: Path) -> Iterator[list[str]]:
    """The stems of each line of text, each line once."""
    folders = Folders.of(data)
    apart = kept_apart(folders, held_out_texts(folders.train))
    read = [folders.train / f"{name}.jsonl.xz" for name in ENCYCLOPAEDIAS]
    articles = (text for path in read for pair in read_pairs(path) for text in (pair.a, pair.b))
    seen: set[int] = set()
    for text in (*plain_texts(folders.texts), *articles):
        for line in text.splitlines():
            if hash(line) not in seen and not any(gram in apart for gram in grams(line)):
                seen.add(hash(line))
                yield stems(words(line))


def counted(texts: Iterable[Sequence[str]]) -> tuple[dict[str, int], NDArray[np.int32]]:
    """The stems that are not rare with how often each is met, most frequent first; and the running
    text as their places in that order, -1 for a rare one and between two lines."""
    numbers: dict[str, int] = {}
    run: list[int] = []
    for text in texts:
        run += [numbers.setdefault(one, len(numbers)) for one in text]
        run += [-1] * WINDOW
    met = Counter(run)
    del met[-1]
    often = {one: met[n] for one, n in numbers.items() if met[n] >= RAREST}
    kept = dict(sorted(often.items(), key=lambda item: (-item[1], item[0])))
    places = np.full(len(numbers) + 1, -1, np.int32)  # that of -1 is the last
    places[[numbers[one] for one in kept]] = np.arange(len(kept), dtype=np.int32)
    return kept, places[np.array(run, np.int32)]


def together(run: NDArray[np.int32], stems: int) -> sparse.csr_array:
    """(stems, stems): how often two stand within `WINDOW`, less for each stem between them."""
    found = sparse.csr_array((stems, stems), dtype=np.float32)
    for start in range(0, len(run), _AT_ONCE):
        some = run[max(0, start - WINDOW) : start + _AT_ONCE]
        for apart in range(1, WINDOW + 1):
            one, other = some[:-apart], some[apart:]
            both = (one >= 0) & (other >= 0)
            weights = np.full(both.sum(), 1 - (apart - 1) / WINDOW, np.float32)
            found += sparse.csr_array((weights, (one[both], other[both])), shape=found.shape)
    return (found + found.T).tocsr()


def vectors_of(found: sparse.csr_array) -> Floats:
    """(stems, `DIMENSION`): around their mean, of length 1."""
    counts = found.tocoo()
    rows, columns = counts.coords
    shares = found.sum(axis=1)
    contexts = shares**SMOOTHED / (shares**SMOOTHED).sum()
    information = np.log(counts.data / shares[rows] / contexts[columns])
    told = information > 0
    weighed = (information[told].astype(np.float32), (rows[told], columns[told]))
    left, values, _ = svds(sparse.csr_array(weighed, shape=found.shape), k=DIMENSION, rng=0)
    order = np.argsort(-values)
    table = _unit(left[:, order] * np.sqrt(values[order]))
    return _unit(table - table.mean(axis=0))


def _unit(rows: Floats) -> Floats:
    return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def main() -> None:
    """Make them; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    kept, run = counted(lines(options.data))
    print(f"{len(run):,} stems of text, {len(kept):,} different ones", flush=True)
    table = vectors_of(together(run, len(kept)))
    scales = np.abs(table).max(axis=1) / 127
    shares = np.array(list(kept.values())) / sum(kept.values())
    if options.write:
        save_file(
            {
                "stems": np.frombuffer("\n".join(kept).encode(), np.uint8),
                "vectors": np.round(table / scales[:, None]).astype(np.int8, order="C"),
                "weights": (scales * SMOOTH_FREQUENCY / (SMOOTH_FREQUENCY + shares)).astype(
                    np.float32
                ),
            },
            VECTORS,
        )
        print(f"{VECTORS.name}: {VECTORS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
