"""How much `/ask` a server answers, beside a FastAPI route that returns a constant, in one run.

    python -m benchmarks.api.throughput [--write]

Both are served by uvicorn in a process of their own, `/ask` by `isnad serve` over the five
articles; this process asks over 16 connections, in turns, so that a busy machine is as busy for the
one as for the other. The client shares the machine. `/ask` is measured twice: with distinct
questions, none of which was asked before, and with repeated ones, which the server may remember;
and both again with `isnad serve --workers 2`.
"""

import argparse
import asyncio
import itertools
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from rag.evaluation.gold import read_gold
from rag.indexing import build_index
from rag.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds"
WRITTEN = Path(__file__).parents[1] / "ranking" / "written"
CONNECTIONS = 16
SECONDS = 5.0
ROUNDS = 4
STREAMS = 200
# Marks that change a question's text and none of its words: a number in these digits behind it.
_MARKS = (".", "!", "?", "…")
_ISNAD = "from rag.cli import main; main()"
ISNAD_PORT, CONSTANT_PORT, TWO_PORT = 8765, 8766, 8767
SERVE = ["-c", _ISNAD, "serve", "--port", str(ISNAD_PORT)]
_SERVE_TWO = ["-c", _ISNAD, "serve", "--workers", "2", "--port", str(TWO_PORT)]


@dataclass
class Measured:
    """Milliseconds of each request, and seconds that all took: of the clock, of the server."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    processor_seconds: float = 0.0

    @property
    def work(self) -> float:
        """Milliseconds of the server's processor time for a request: what a busy machine spares."""
        return self.processor_seconds / len(self.milliseconds) * 1000

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.milliseconds) / self.seconds

    def percentile(self, p: float) -> float:
        """Milliseconds within which ``p`` per cent were answered."""
        return float(np.percentile(self.milliseconds, p))


def request(path: str, body: dict[str, object]) -> bytes:
    """A request as it goes over the wire."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


def distinct(path: str = "/ask", **options: object) -> Iterator[bytes]:
    """Requests that ask the gold questions and those written for fitting, each another one."""
    written = (json.loads(p.read_text("utf-8")) for p in sorted(WRITTEN.glob("*.json")))
    texts = [q["question"] for collection in written for q in collection["questions"]]
    texts = [g.text for g in read_gold(SEEDS / "questions.jsonl")] + texts
    for marks in itertools.count():
        suffix = "".join(_MARKS[marks // len(_MARKS) ** n % len(_MARKS)] for n in range(8))
        for text in texts:
            yield request(path, {"question": f"{text} {suffix}", **options})


def repeated() -> list[bytes]:
    """Requests that ask the gold questions."""
    return [request("/ask", {"question": g.text}) for g in read_gold(SEEDS / "questions.jsonl")]


async def _connection(port: int, requests: Iterator[bytes], until: float, to: Measured) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for sent in requests:
        started = time.perf_counter()
        if started > until:
            break
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        to.milliseconds.append((time.perf_counter() - started) * 1000)
    writer.close()


async def load(pid: int, port: int, requests: Iterator[bytes], to: Measured) -> None:
    """Ask the server ``pid`` over all connections at once for `SECONDS`."""
    started = time.perf_counter()
    until, worked = started + SECONDS, processor_seconds(pid)
    await asyncio.gather(*(_connection(port, requests, until, to) for _ in range(CONNECTIONS)))
    to.seconds += time.perf_counter() - started
    to.processor_seconds += processor_seconds(pid) - worked


async def first_events(port: int, requests: Iterator[bytes]) -> list[float]:
    """Milliseconds to the first event of streams, one after the other."""
    times = []
    for sent in itertools.islice(requests, STREAMS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        started = time.perf_counter()
        writer.write(sent)
        await reader.readuntil(b"event: meta")
        times.append((time.perf_counter() - started) * 1000)
        await reader.readuntil(b"event: done")
        writer.close()
    return times


@contextmanager
def serving(command: list[str], port: int, home: str) -> Iterator[int]:
    """A server in a process of its own, once it answers; gives its process id."""
    with subprocess.Popen(
        [sys.executable, *command],
        env=os.environ | {"ISNAD_HOME": home},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            asyncio.run(_reachable(port))
            yield process.pid
        finally:
            process.terminate()


async def _reachable(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def resident(pid: int) -> float:
    """MiB of memory that a process holds (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def processor_seconds(pid: int) -> float:
    """Seconds that a process and those that it started have been at work so far (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for one in (pid, *children):
        user, system = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13]
        ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


async def measure(
    constant_pid: int, pid: int, two_pid: int
) -> tuple[dict[str, Measured], list[float], list[float]]:
    """Each kind of load, first events, and memory after each round; the first warms up."""
    asked = read_gold(SEEDS / "questions.jsonl")[0].text
    constant = itertools.repeat(request("/constant", {"question": asked}))
    loads = {
        "constant": (constant_pid, CONSTANT_PORT, constant),
        "`/ask`, distinct questions": (pid, ISNAD_PORT, distinct()),
        "`/ask`, repeated questions": (pid, ISNAD_PORT, itertools.cycle(repeated())),
        "`/ask`, distinct questions, two workers": (two_pid, TWO_PORT, distinct()),
        "`/ask`, repeated questions, two workers": (
            two_pid,
            TWO_PORT,
            itertools.cycle(repeated()),
        ),
    }
    for port in (ISNAD_PORT, TWO_PORT):
        await ready(request("/ask", {"question": asked}), port)
    measured = {name: Measured() for name in loads}
    memory = []
    for turn in range(ROUNDS + 1):
        for name, (of, port, requests) in loads.items():
            if "repeated" in name:  # more others were asked meanwhile than answers are kept
                once = iter(repeated())
                await asyncio.gather(
                    *(_connection(port, once, math.inf, Measured()) for _ in range(CONNECTIONS))
                )
            await load(of, port, requests, measured[name] if turn else Measured())
        memory.append(resident(pid))
    streams = distinct("/ask", stream=True)
    return measured, await first_events(ISNAD_PORT, streams), memory


async def ready(ask: bytes, port: int = ISNAD_PORT) -> None:
    """Wait until the engine is open."""
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ask)
        answered = await reader.readline()
        writer.close()
        if answered.startswith(b"HTTP/1.1 200"):
            return
        await asyncio.sleep(0.1)


def report(measured: dict[str, Measured], firsts: list[float], memory: list[float]) -> str:
    """The report as Markdown."""
    rows = [
        f"| {name} | {m.rate:.0f} | {m.percentile(50):.1f} | {m.percentile(99):.1f}"
        f" | {m.work:.2f} |"
        for name, m in measured.items()
    ]
    alone = ("`/ask`, distinct questions", "`/ask`, repeated questions")
    asked = sum(len(measured[name].milliseconds) for name in alone)
    return "\n".join(
        [
            "# Throughput of the API",
            "",
            f"Made by `python -m benchmarks.api.throughput --write` on {date.today()}"
            f" ({platform.machine()}, two shared cores, Python {platform.python_version()}):"
            f" {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS:g} seconds each, in turns,"
            f" client on the same machine, {os.getloadavg()[0]:.1f} processes wanting to run at"
            " the end.",
            "",
            f"| {CONNECTIONS} connections | requests a second | median ms | 99th percentile ms"
            " | processor ms |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            "Distinct questions are the gold ones and those written for fitting, none twice (with"
            " other marks at the end each time); repeated ones are the gold ones, each asked once"
            " before a round, whose answers the server keeps (one worker may know what the other"
            " was not asked). Processor time is the server's for one request, and says what a"
            " machine to itself could do. The first event of"
            f" a stream came after {np.median(firsts):.1f} ms at the median and"
            f" {np.percentile(firsts, 99):.1f} ms at the 99th percentile of {STREAMS} distinct"
            " questions, one at a time. The server of one process held"
            f" {memory[0]:.0f} MiB after warming up and, round by round,"
            f" {', '.join(f'{m:.0f}' for m in memory[1:])} MiB;"
            f" {asked:,} questions were asked meanwhile.",
        ]
    )


def main() -> None:
    """Measure; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as home:
        build_index(Settings(home=Path(home)), [SEEDS])
        constant = ["-m", "uvicorn", "benchmarks.api.constant:app", "--no-access-log"]
        with (
            serving([*constant, "--port", str(CONSTANT_PORT)], CONSTANT_PORT, home) as constant_pid,
            serving(SERVE, ISNAD_PORT, home) as pid,
            serving(_SERVE_TWO, TWO_PORT, home) as two_pid,
        ):
            text = report(*asyncio.run(measure(constant_pid, pid, two_pid)))
    print(text)
    if write:
        (Path(__file__).parent / "REPORT.md").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
