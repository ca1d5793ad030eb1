"""How many questions are worked on at once, how many may wait, and for how long."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Annotated, ParamSpec, TypeVar

from fastapi import Depends, Request

from rag.errors import Overloaded, TookTooLong

P = ParamSpec("P")
T = TypeVar("T")
# Most of the work is in Python, where one thread runs at a time; with a second one its turns in
# libraries are used, and one slow question does not hold up all others. More only get in the way.
AT_ONCE = 2


class Admission:
    """Runs blocking work in threads of its own: ``AT_ONCE`` at a time, few waiting."""

    def __init__(self, *, waiting: int, seconds: float) -> None:
        """``waiting``: how many may wait for their turn; ``seconds``: for all of one request."""
        self._most = AT_ONCE + waiting
        self._seconds = seconds
        self._admitted = 0
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="engine")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` gives.

        Raises:
            Overloaded: too many are waiting already.
            TookTooLong: it was not done in time. What has not begun by then never begins.
        """
        if self._admitted >= self._most:
            raise Overloaded("too many questions at once; try again in a moment")
        self._admitted += 1
        future = self._threads.submit(copy_context().run, lambda: work(*args, **kwargs))
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: _quietly(loop, self._leave))
        return await self._in_time(future)

    async def _in_time(self, future: "Future[T]") -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise TookTooLong(f"no answer within {self._seconds:g} seconds") from None

    def _leave(self) -> None:
        self._admitted -= 1

    def close(self) -> None:
        """Let the threads end. Nothing may be running."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _quietly(loop: asyncio.AbstractEventLoop, leave: Callable[[], None]) -> None:
    if not loop.is_closed():  # the process ends, and something ran on past its time
        loop.call_soon_threadsafe(leave)


async def _admission(request: Request) -> Admission:
    admission: Admission = request.app.state.admission
    return admission


Admitted = Annotated[Admission, Depends(_admission)]
