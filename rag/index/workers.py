"""Where files are prepared: in processes of their own where there is much to do, else in a thread.

Results come in the order in which files were given. What is under way is bounded, so that reading
waits for writing and memory does not grow. Each process is spoken to by a thread, over its standard
input and output; without the other end of these it ends, however its parent ended.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from embeddings import is_light
from rag.errors import IndexUnavailable
from rag.index.prepare import File, Prepared, Preparer

# Processes cost about half a second to start, as much as preparing so many bytes of text.
_WORTH_PROCESSES = 1_000_000
# Batches that each process, or the thread, may be ahead of what is written.
_AHEAD = 2


class Workers:
    """Prepares batches of files beside what the caller does meanwhile."""

    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="prepare")
        self._count = 1
        self._batches: deque[Future[Prepared]] = deque()
        self._bytes = 0
        self._processes: list[_Process] = []
        self._here = threading.local()

    def submit(self, files: Sequence[File]) -> None:
        """Have ``files`` prepared."""
        self._bytes += sum(len(file.data) for file in files)
        if self._bytes > _WORTH_PROCESSES and not self._processes:
            self._start_processes()
        prepare = self._elsewhere if self._processes else self._preparer.prepare
        self._batches.append(self._threads.submit(prepare, files))

    def finished(self, *, all_of_them: bool = False) -> Iterator[Prepared]:
        """The batches that have to be taken before more are submitted, or all, in order."""
        while len(self._batches) > (0 if all_of_them else _AHEAD * self._count):
            yield self._batches.popleft().result()

    def close(self) -> None:
        """Let them go; what is not finished is not done."""
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()

    def _start_processes(self) -> None:
        """One process a core, where a second copy of the model is worth it: one that has a device
        to itself, or takes all cores, is not run twice."""
        cores = len(os.sched_getaffinity(0))
        if not is_light(self._preparer.encoder) or cores == 1:
            return
        self._processes = [_Process(self._preparer) for _ in range(cores)]
        self._count = cores
        self._threads.shutdown(wait=False)  # what it has yet to prepare it does while they start
        free = iter(self._processes)
        self._threads = ThreadPoolExecutor(cores, "prepare", lambda: self._take(next(free)))

    def _take(self, process: "_Process") -> None:
        self._here.process = process

    def _elsewhere(self, files: Sequence[File]) -> Prepared:
        prepared: Prepared = self._here.process.prepare(files)
        return prepared


class _Process:
    """A process that prepares what it is sent."""

    def __init__(self, preparer: Preparer) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rag.index.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        # Sent with the first files: it is read once the process is up, and several start at once.
        self._unsent: tuple[Preparer, ...] = (preparer,)

    def _send(self, what: Any) -> None:
        assert self._process.stdin is not None
        pickle.dump(what, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def prepare(self, files: Sequence[File]) -> Prepared:
        """The rows of ``files``.

        Raises:
            IndexUnavailable: the process is gone.
        """
        assert self._process.stdout is not None
        try:
            for what in (*self._unsent, files):
                self._send(what)
            self._unsent = ()
            prepared: Prepared = pickle.load(self._process.stdout)  # noqa: S301  (of our own)
        except (OSError, EOFError, pickle.UnpicklingError):
            raise IndexUnavailable(
                "a process that read articles was ended; is there enough memory?"
            ) from None
        return prepared

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def _serve() -> None:
    """Prepare what comes in until nothing comes any more. Only results go out: whatever a library
    prints goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle
    received, sent = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        preparer: Preparer = pickle.load(received)  # noqa: S301  (of our own)
        while True:
            pickle.dump(preparer.prepare(pickle.load(received)), sent, pickle.HIGHEST_PROTOCOL)  # noqa: S301
            sent.flush()
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    _serve()
