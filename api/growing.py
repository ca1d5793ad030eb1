"""An answer as it grows: where a language model words it, as it stands after each sentence.

Whoever stops listening stops the work: a client that goes away, or a visitor who presses stop.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic

from starlette.requests import Request

from api.access import EngineAccess
from rag.records import Answer, Question


async def growing(access: EngineAccess, question: Question) -> AsyncGenerator[Answer]:
    """The answer after each sentence, then the whole one; for coroutines.

    Raises:
        IsnadError: as `EngineAccess.ask` and `Admission.run`.
    """
    if kept := access.asked_before(question):
        yield kept
        return
    stop, states = Event(), asyncio.Queue[Answer | None]()
    loop = asyncio.get_running_loop()

    def hear(answer: Answer) -> None:
        loop.call_soon_threadsafe(states.put_nowait, answer)

    asking = asyncio.create_task(access.admission.run(access.ask, question, hear=hear, stop=stop))
    asking.add_done_callback(lambda _: states.put_nowait(None))
    try:
        while (state := await states.get()) is not None:
            yield state
        yield await asking
    finally:
        stop.set()
        asking.cancel()


def growing_here(access: EngineAccess, question: Question) -> Generator[Answer]:
    """The same, for threads."""
    stop, states = Event(), SimpleQueue[Answer | None]()
    until = monotonic() + access.admission.seconds
    asking = access.admission.start(access.ask, question, hear=states.put, stop=stop)
    asking.add_done_callback(lambda _: states.put(None))
    try:
        while (state := states.get(timeout=max(0.0, until - monotonic()))) is not None:
            yield state
        yield asking.result()
    except Empty:
        raise access.admission.too_long() from None
    finally:
        stop.set()
        asking.cancel()


async def whole(access: EngineAccess, question: Question, request: Request) -> Answer:
    """The whole answer. Once the client of ``request`` has gone, no more is worked for it.

    Raises:
        IsnadError: as `growing`.
    """
    if kept := access.asked_before(question):
        return kept
    if not access.has_model:  # done before anybody could go
        return await access.admission.run(access.ask, question)
    stop = Event()
    watching = asyncio.create_task(_set_when_gone(stop, request))
    try:
        return await access.admission.run(access.ask, question, stop=stop)
    finally:
        stop.set()
        watching.cancel()


async def _set_when_gone(stop: Event, request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    stop.set()
