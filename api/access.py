"""The one engine of the process: opened at start-up, and tried again while there is none."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from api.admission import AT_ONCE, AT_ONCE_WORDED, Admission
from api.metrics import Metrics
from rag.engine import Engine, unheard
from rag.errors import IndexMissing, IndexUnavailable, IsnadError
from rag.index.report import Added
from rag.indexing import add_first
from rag.records import Answer, IndexInfo, Question
from rag.settings import Settings

_LOG = logging.getLogger(__name__)


class EngineAccess:
    """Hands out the engine. Threads may share it; `engine` blocks, `ready` does not."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics(self._index)
        self.admission = Admission(
            waiting=settings.max_waiting,
            seconds=settings.request_seconds,
            at_once=AT_ONCE_WORDED if self.has_model else AT_ONCE,
        )
        self._opening = threading.Lock()
        self._engine: Engine | None = None

    @property
    def has_model(self) -> bool:
        """Whether a language model words the answers."""
        return self.settings.llm_model is not None

    @property
    def ready(self) -> Engine | None:
        """The engine if it is open."""
        return self._engine

    def engine(self) -> Engine:
        """The engine; opens it where that has not succeeded yet.

        Raises:
            IndexUnavailable: it cannot be opened, or is being opened by another thread.
        """
        if self._engine is not None:
            return self._engine
        # Opening loads a model: one thread does it, the others say so instead of queueing.
        if not self._opening.acquire(blocking=False):
            raise IndexUnavailable("still starting; try again in a moment")
        try:
            engine = self._engine or self._open()
            self._engine = engine
            return engine
        finally:
            self._opening.release()

    def ask(
        self,
        question: Question,
        *,
        hear: Callable[[Answer], None] = unheard,
        stop: threading.Event | None = None,
    ) -> Answer:
        """The engine's answer, counted; see `Engine.ask` and `engine`. Asked for by `admission`."""
        answer = self.engine().ask(question, hear=hear, stop=stop)
        self.metrics.answered(answer)
        return answer

    def asked_before(self, question: Question) -> Answer | None:
        """The engine's kept answer, counted; see `Engine.asked_before`. Never waits."""
        answer = self._engine.asked_before(question) if self._engine else None
        if answer is not None:
            self.metrics.answered(answer)
        return answer

    def add(self, filename: str, data: bytes) -> Added:
        """Index a file that was sent; the first one makes the index. See `Engine.add`."""
        try:
            engine = self.engine()
        except IndexMissing:
            outcomes = add_first(self.settings, filename, data)
            return replace(self.engine().add(filename, data), outcomes=outcomes)
        return engine.add(filename, data)

    def _index(self) -> IndexInfo | None:
        try:
            return self._engine.info if self._engine else None
        except IndexUnavailable:
            return None

    def open_quietly(self) -> None:
        """Open the engine if it can be; who asks for it later is told why it could not."""
        try:
            self.engine()
        except IndexUnavailable as error:
            _LOG.warning("not ready: %s", error)

    def _open(self) -> Engine:
        try:
            return Engine.open(self.settings)
        except IndexUnavailable:
            raise
        except IsnadError as error:  # a model that cannot be had: not ready either
            raise IndexUnavailable(str(error)) from error

    def close(self) -> None:
        """Let the engine and its threads go."""
        self.admission.close()
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()


async def _engine(request: Request) -> Engine:
    access: EngineAccess = request.app.state.access
    if access.ready is not None:
        return access.ready
    return await run_in_threadpool(access.engine)


# A coroutine, since FastAPI sends plain functions to a thread and back.
async def _access(request: Request) -> EngineAccess:
    access: EngineAccess = request.app.state.access
    return access


Access = Annotated[EngineAccess, Depends(_access)]
OpenEngine = Annotated[Engine, Depends(_engine)]
