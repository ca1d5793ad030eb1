"""Threads that take turns: one at a time is at work, unless it is at one thing for long.

Most of a question's work is Python, of which one thread runs at a time, and what it calls is so
short that two threads mostly take the interpreter from each other. But a slow question must not
hold up all others.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from threading import Condition, Thread, get_ident
from time import monotonic
from typing import Any

# Several times what a question takes: after so long the next one begins beside it.
_PATIENCE = 0.015


class Turns:
    """At most so many threads, which work off one queue in order. What is next begins when nothing
    is being worked on, or when what began last has taken longer than `_PATIENCE`."""

    def __init__(self, most: int) -> None:
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._began: dict[int, float] = {}
        self._closed = False
        self._changed = Condition()
        for n in range(most):
            Thread(target=self._take_turns, name=f"engine-{n}", daemon=True).start()

    def submit(self, work: Callable[[], Any]) -> "Future[Any]":
        """What ``work`` will give; it can be cancelled while it waits."""
        future: Future[Any] = Future()
        with self._changed:
            self._waiting.append((future, work))
            # Behind others that wait there is a thread already that will see to it.
            if not self._began or len(self._waiting) == 1:
                self._changed.notify()
        return future

    def close(self) -> None:
        """Let the threads end; what has not begun never does."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        while self._waiting:
            self._waiting.popleft()[0].cancel()

    def _take_turns(self) -> None:
        while turn := self._next():
            future, work = turn
            if future.set_running_or_notify_cancel():
                try:
                    result = work()
                except BaseException as error:
                    future.set_exception(error)
                else:
                    future.set_result(result)
            del turn, future, work

    def _next(self) -> "tuple[Future[Any], Callable[[], Any]] | None":
        """The next piece of work once it is this thread's turn; none at the end."""
        with self._changed:
            self._began.pop(get_ident(), None)
            while not self._closed:
                wait = max(self._began.values(), default=-inf) + _PATIENCE - monotonic()
                if self._waiting and wait <= 0:
                    turn = self._waiting.popleft()
                    if self._began and self._waiting:  # somebody has to be impatient in turn
                        self._changed.notify()
                    self._began[get_ident()] = monotonic()
                    return turn
                self._changed.wait(wait if self._waiting else None)
            return None
