"""A real Milvus server, with the copy that the writer makes and the reads that a question makes.

    python -m benchmarks.index.milvus URI HOME [--old] [--kill PID COMMAND]

HOME is a data folder with an index; it is copied to the server at URI, in the place of what is
there, and asked the questions of ``seeds/questions.jsonl``: milliseconds of each call, and how its
hits compare with those of the data folder. With ``--old`` the server is Milvus 2.3.5, the newest
that PyPI has (``pip install milvus==2.3.5``; ``milvus-server --data FOLDER``): it knows neither
sparse vectors nor inverted indexes, so passages are found by vector alone. With ``--kill`` the
process PID is killed after the copy, without any notice, and started again by COMMAND: all must be
there.
"""

import argparse
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pymilvus import MilvusClient

from embeddings import EMBEDDED, load_encoder
from rag.errors import IndexUnavailable
from rag.evaluation.gold import read_gold
from rag.index.local import LocalIndex
from rag.index.milvus.client import connect
from rag.index.milvus.read import MilvusState, _Kept
from rag.index.milvus.schema import load
from rag.index.milvus.state import published
from rag.index.milvus.write import copy
from rag.index.opened import OpenIndex
from rag.search.matching import words_of


class OldServer(MilvusClient):  # type: ignore[misc]
    """Leaves out what Milvus 2.3.5 does not know."""

    def create_collection(self, collection_name: str, *, schema: Any, **named: Any) -> None:
        """Without sparse vectors."""
        kept = [field for field in schema.fields if field.name != "tokens"]
        known = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        for field in kept:
            known.add_field(field.name, field.dtype, is_primary=field.is_primary, **field.params)
        super().create_collection(collection_name, schema=known, **named)

    def create_index(self, collection_name: str, index_params: Any, **named: Any) -> None:
        """Only those of dense vectors."""
        kept = MilvusClient.prepare_index_params()
        for one in index_params:
            if one.field_name in ("vector", "none"):
                kept.add_index(one.field_name, index_type="FLAT", metric_type="IP")
        super().create_index(collection_name, kept, **named)

    def upsert(self, collection_name: str, data: list[dict[str, Any]], **named: Any) -> Any:
        """Without sparse vectors."""
        rows = [{key: row[key] for key in row if key != "tokens"} for row in data]
        return super().upsert(collection_name, rows, **named)


def opened(client: MilvusClient) -> MilvusState:
    """What is searched on the server, nothing kept from before."""
    state = published(client)
    assert state is not None
    load(client, state.lineage)
    return MilvusState(client, state, _Kept())


def timed(name: str, calls: list[Callable[[], object]]) -> None:
    """Print the median and the 99th percentile of the calls, in milliseconds."""
    took = []
    for call in calls:
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    print(f"| {name} | {np.median(took):.1f} | {np.percentile(took, 99):.1f} |", flush=True)


def measure(there: MilvusState, here: OpenIndex, *, old: bool) -> None:
    """Time every call, and compare the nearest passages."""
    encoder = load_encoder(EMBEDDED)
    questions = [question.text for question in read_gold(Path("seeds/questions.jsonl"))]
    vectors = encoder.encode_questions(questions)
    print("| call | median ms | 99th |\n| --- | --- | --- |")
    timed("which state", [lambda: published(there._client) for _ in questions])
    timed("nearest", [lambda v=v: there.nearest(v, 100) for v in vectors])
    if not old:
        timed("matching", [lambda q=q: there.matching(list(words_of(q)), 100) for q in questions])
    nearest = [[p for p, _ in there.nearest(v, 10)] for v in vectors]
    timed("passages", [lambda ids=ids[:8]: there.passages(ids) for ids in nearest])
    texts = [" ".join(p.text for p in there.passages(ids[:8])) for ids in nearest]
    timed("word vectors", [lambda t=t: there.word_vectors(words_of(t)) for t in texts])
    timed("word vectors again", [lambda t=t: there.word_vectors(words_of(t)) for t in texts])
    truth = [[p for p, _ in here.nearest(v, 10)] for v in vectors]
    same = [len(set(a) & set(b)) / max(1, len(b)) for a, b in zip(nearest, truth, strict=True)]
    print(f"\nnearest 10 as in the data folder: {np.mean(same):.4f}; {there.info}")
    assert there.listing() == here.listing()
    sounds = ["rm", "brl", "tnzm"]
    assert there.sounding(sounds) == here.sounding(sounds)


def kill_and_start(pid: int, command: str, uri: str) -> None:
    """Kill the server and start it again; wait until it answers."""
    os.kill(pid, signal.SIGKILL)
    time.sleep(2)
    subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL, start_new_session=True)
    started = time.perf_counter()
    while True:
        try:
            assert published(connect(uri)) is not None
        except IndexUnavailable:
            time.sleep(0.5)
        else:
            print(f"killed; it answers again after {time.perf_counter() - started:.0f} s")
            return


def main() -> None:
    """Copy, measure, kill, measure again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri")
    parser.add_argument("home", type=Path)
    parser.add_argument("--old", action="store_true")
    parser.add_argument("--kill", nargs=2, metavar=("PID", "COMMAND"))
    given = parser.parse_args()
    client = OldServer(uri=given.uri) if given.old else connect(given.uri)
    started = time.perf_counter()
    copy(client, given.home)
    print(f"copied in {time.perf_counter() - started:.1f} s")
    with LocalIndex(given.home, load_encoder(EMBEDDED)).reading() as here:
        measure(opened(client), here, old=given.old)
        if given.kill:
            kill_and_start(int(given.kill[0]), given.kill[1], given.uri)
            measure(opened(client), here, old=given.old)


if __name__ == "__main__":
    main()
