"""Many questions to one server: what went wrong, and whether its memory grows.

    python -m benchmarks.api.endurance [--requests 100000] [--seconds 7200] [--write]

`isnad serve` over the five articles is asked distinct questions over 16 connections until all are
answered, or the time is over. The client shares the machine.
"""

import argparse
import asyncio
import itertools
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.api.throughput import (
    CONNECTIONS,
    ISNAD_PORT,
    SEEDS,
    SERVE,
    distinct,
    ready,
    resident,
    serving,
)
from rag.indexing import build_index
from rag.settings import Settings

# Memory is looked at this often.
LOOKS = 20


async def _connection(
    requests: Iterator[bytes], outcomes: Counter[str], times: list[float]
) -> None:
    """Ask one request after the other; what cannot be read counts as an outcome, too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", ISNAD_PORT)
    for sent in requests:
        started = time.perf_counter()
        try:
            writer.write(sent)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
        except (OSError, EOFError, ValueError) as error:
            outcomes[type(error).__name__] += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", ISNAD_PORT)
            continue
        outcomes[head[9:12].decode()] += 1
        times.append((time.perf_counter() - started) * 1000)
    writer.close()


async def _ask(
    pid: int, count: int, seconds: float
) -> tuple[Counter[str], list[float], list[float]]:
    """How many requests ended how, their milliseconds, and MiB of memory now and then."""
    questions = distinct()
    await ready(next(questions))
    outcomes: Counter[str] = Counter()
    times: list[float] = []
    memory = [resident(pid)]
    until = time.perf_counter() + seconds
    for _ in range(LOOKS):
        if time.perf_counter() > until:
            break
        some = itertools.islice(questions, count // LOOKS)
        await asyncio.gather(*(_connection(some, outcomes, times) for _ in range(CONNECTIONS)))
        memory.append(resident(pid))
    return outcomes, times, memory


def main() -> None:
    """Ask; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=7200)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    loads = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as home:
        build_index(Settings(home=Path(home)), [SEEDS])
        started = time.perf_counter()
        with serving(SERVE, ISNAD_PORT, home) as pid:
            outcomes, times, memory = asyncio.run(_ask(pid, arguments.requests, arguments.seconds))
        seconds = time.perf_counter() - started
    loads.append(os.getloadavg()[0])
    ended = ", ".join(f"{count:,} with {outcome}" for outcome, count in outcomes.most_common())
    wanted = "" if sum(outcomes.values()) == arguments.requests else f" of {arguments.requests:,}"
    text = (
        f"# {sum(outcomes.values()):,}{wanted} requests to one server\n\n"
        f"Made by `python -m benchmarks.api.endurance --write` on {date.today()}"
        f" ({platform.machine()}, two shared cores, Python {platform.python_version()};"
        f" {loads[0]:.1f} processes wanted to run before, {loads[1]:.1f} at the end): distinct"
        f" questions over {CONNECTIONS} connections, client on the same machine.\n\n"
        f"They ended, by status or error: {ended}. That took {seconds:.0f} seconds; median"
        f" {np.median(times):.1f} ms, 99th percentile {np.percentile(times, 99):.1f} ms. The server"
        f" held {memory[0]:.0f} MiB after the first question and, after every"
        f" {arguments.requests // LOOKS:,} others,"
        f" {', '.join(f'{m:.0f}' for m in memory[1:])} MiB."
    )
    print(text)
    if arguments.write:
        (Path(__file__).parent / "ENDURANCE.md").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
