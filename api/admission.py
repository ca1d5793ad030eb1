"""How many questions are worked on at once, how many may wait, and for how long."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Lock
from typing import ParamSpec, TypeVar

from rag.errors import Overloaded, TookTooLong

P = ParamSpec("P")
T = TypeVar("T")
# One at work and one beside it, so that a slow question does not hold up all others.
AT_ONCE = 2
# Answers that a language model words mostly wait for it.
AT_ONCE_WORDED = 16
# Most of the work is in Python, where one thread runs at a time: two that are both at it take the
# interpreter from each other, and get less done than one. So they take turns, but wait for one no
# longer than this, several times what a question takes.
_PATIENCE_SECONDS = 0.03


class Admission:
    """Runs blocking work in threads of its own: a few at a time, few waiting."""

    def __init__(self, *, waiting: int, seconds: float, at_once: int = AT_ONCE) -> None:
        """``waiting``: how many may wait for their turn; ``seconds``: for all of one request."""
        self._most = at_once + waiting
        self.seconds = seconds
        self._counting, self._turn = Lock(), Lock()
        self._admitted = 0
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="engine")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` gives; for coroutines.

        Raises:
            Overloaded: too many are waiting already.
            TookTooLong: it was not done in time. What has not begun by then never begins.
        """
        future = self.start(work, *args, **kwargs)
        try:
            async with asyncio.timeout(self.seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise self.too_long() from None

    def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`; for threads."""
        future = self.start(work, *args, **kwargs)
        try:
            return future.result(self.seconds)
        except TimeoutError:
            future.cancel()
            raise self.too_long() from None

    def start(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """What ``work`` will give, begun as soon as it is its turn.

        Raises:
            Overloaded: too many are waiting already.
        """
        with self._counting:
            if self._admitted >= self._most:
                raise Overloaded("too many questions at once; try again in a moment")
            self._admitted += 1
        admitted = partial(copy_context().run, work, *args, **kwargs)
        future = self._threads.submit(self._in_turn, admitted)
        future.add_done_callback(self._leave)
        return future

    def _in_turn(self, work: Callable[[], T]) -> T:
        mine = self._turn.acquire(timeout=_PATIENCE_SECONDS)
        try:
            return work()
        finally:
            if mine:
                self._turn.release()

    def _leave(self, _: object) -> None:
        with self._counting:
            self._admitted -= 1

    def too_long(self) -> TookTooLong:
        """What is told of work that was not done in time."""
        return TookTooLong(f"no answer within {self.seconds:g} seconds")

    def close(self) -> None:
        """Let the threads end. Nothing may be running."""
        self._threads.shutdown(wait=False, cancel_futures=True)
