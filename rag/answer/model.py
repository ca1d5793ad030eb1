"""A language model behind any server that speaks OpenAI's chat protocol.

https://platform.openai.com/docs/api-reference/chat. What it writes is data: nothing here trusts it
to be text, in time, or to end. Requests run in one event loop of their own, where a limit of time
holds whatever the server does, and where giving up closes the connection, which stops the model.
"""

import asyncio
import json
import math
import random
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from rag.errors import ComposerUnavailable
from rag.records import Caution
from rag.settings import Settings

if TYPE_CHECKING:
    import openai

# More than three paragraphs, with room for a model that thinks aloud before it answers.
_MOST_TOKENS = 2048
_MOST_CHARACTERS = 16_000
_CONNECT_SECONDS = 3.0
# Seconds before trying again where the server may have recovered, each up to a half more; and the
# most that is waited where it names a time itself.
_BACK_OFF = (0.2, 0.6)
_LONGEST_WAIT = 2.0
# After «come back later», or silence, it is left alone this long, or as long as it said.
_REST_SECONDS = 10.0
_LONGEST_REST = 120.0
_POLL_SECONDS = 0.05
_OPENAI = "https://api.openai.com/v1"
_TOO_LONG = ("context_length", "context length", "context window", "maximum context", "too long",
             "too many tokens", "exceeds the available context")  # fmt: skip


class ModelFailed(Exception):
    """The model did not answer, or not to the end; ``caution`` says why, never the server's words.
    Goes no further than `rag.answer`: quotes stand in."""

    def __init__(self, caution: Caution) -> None:
        super().__init__(caution)
        self.caution = caution


class LanguageModel:
    """One model of one server. Threads may share it."""

    def __init__(self, *, name: str, base_url: str, api_key: str, seconds: float) -> None:
        """``seconds``: for one text, from asking to its end.

        Raises:
            ComposerUnavailable: the client is not installed; says how to install it.
        """
        self.name = name
        self.seconds = seconds
        self._sampling = _sampling(base_url)
        self._resting_until = -math.inf
        self._resting: Caution = "model_unreachable"
        self._client = _client(base_url, api_key, seconds)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="language-model", daemon=True)
        self._thread.start()

    def write(
        self, system: str, user: str, *, stop: Event, seconds: float | None = None
    ) -> Generator[str]:
        """What the model writes, piece by piece; ends where it ended or ``stop`` was set.

        Raises:
            ModelFailed: it could not be asked, or did not finish; what came before stands.
        """
        pieces: SimpleQueue[str | None] = SimpleQueue()
        limit = min(self.seconds if seconds is None else seconds, self.seconds)
        writing = asyncio.run_coroutine_threadsafe(
            self._write(_messages(system, user), limit, pieces.put), self._loop
        )
        writing.add_done_callback(lambda _: pieces.put(None))
        try:
            while (piece := _next(pieces, stop)) is not None:
                yield piece
            if not stop.is_set():
                writing.result()
        finally:
            writing.cancel()

    async def _write(
        self, messages: list[dict[str, str]], seconds: float, put: Callable[[str], None]
    ) -> None:
        if monotonic() < self._resting_until:
            raise ModelFailed(self._resting)
        silent = True
        try:
            async with asyncio.timeout(seconds):
                async with aclosing(self._pieces(messages)) as pieces:
                    async for piece in pieces:
                        silent = False
                        put(piece)
        except TimeoutError:
            if silent and seconds > self.seconds / 2:
                self._rest("model_too_slow", _REST_SECONDS)
            raise ModelFailed("model_too_slow") from None

    def _rest(self, why: Caution, seconds: float) -> None:
        self._resting, self._resting_until = why, monotonic() + min(seconds, _LONGEST_REST)

    async def _pieces(self, messages: list[dict[str, str]]) -> AsyncGenerator[str]:
        """The text as it comes.

        Raises:
            ModelFailed: names the kind of failure, never the server's words.
        """
        import openai

        try:
            stream = await self._begun(messages)
            async with stream, aclosing(_told(stream)) as pieces:
                async for piece in pieces:
                    yield piece
        except openai.APITimeoutError:
            raise ModelFailed("model_too_slow") from None
        except openai.APIConnectionError:
            raise ModelFailed("model_unreachable") from None
        except openai.RateLimitError as error:
            self._rest("model_over_quota", _retry_after(error) or _REST_SECONDS)
            raise ModelFailed("model_over_quota") from None
        except openai.APIStatusError as error:
            raise ModelFailed(_status_kind(error)) from None
        except (openai.OpenAIError, ValueError, TypeError):  # no stream that anyone could read
            raise ModelFailed("model_failed") from None

    async def _begun(self, messages: list[dict[str, str]]) -> "openai.AsyncStream[Any]":
        """The stream, tried again where that may help."""
        import openai

        for back_off in _BACK_OFF:
            try:
                return await self._asked(messages)
            except (openai.APIConnectionError, openai.APIStatusError) as error:
                wait = _wait(error, back_off)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
        return await self._asked(messages)

    async def _asked(self, messages: list[dict[str, str]]) -> "openai.AsyncStream[Any]":
        asked: Any = {"model": self.name, "messages": messages, **self._sampling}
        stream: openai.AsyncStream[Any] = await self._client.chat.completions.create(
            stream=True, **asked
        )
        return stream

    def close(self) -> None:
        """End what is being written, and let the connections go."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.close()
        await self._loop.shutdown_asyncgens()


def language_model(settings: Settings) -> LanguageModel | None:
    """The model that the settings name, or ``None`` where they name none.

    Raises:
        ComposerUnavailable: it cannot be asked as it is set up; says what to do.
    """
    if settings.llm_model is None:
        if settings.llm_base_url is not None:
            raise ComposerUnavailable("ISNAD_LLM_BASE_URL is set; name a model in ISNAD_LLM_MODEL")
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    if settings.llm_base_url is None and key is None:
        raise ComposerUnavailable(
            "OpenAI's models need ISNAD_LLM_API_KEY; others need ISNAD_LLM_BASE_URL"
        )
    return LanguageModel(
        name=settings.llm_model,
        base_url=settings.llm_base_url or _OPENAI,
        # A local server asks for no key, but the client sends one always.
        api_key=key or "none",
        seconds=settings.llm_seconds,
    )


def check_model(settings: Settings) -> None:
    """Make sure that the model that the settings name, if any, can be asked as it is set up.

    Raises:
        ComposerUnavailable: it cannot; says what to do.
    """
    model = language_model(settings)
    if model is not None:
        model.close()


def _client(base_url: str, api_key: str, seconds: float) -> "openai.AsyncOpenAI":
    try:
        import openai
    except ImportError:
        raise ComposerUnavailable(
            "a language model needs the extra llm; install it with: pip install 'isnad[llm]'"
        ) from None
    timeout = openai.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))
    return openai.AsyncOpenAI(base_url=base_url, api_key=api_key, timeout=timeout, max_retries=0)


def _sampling(base_url: str) -> dict[str, Any]:
    """How to write: as likely as can be. OpenAI's own newer models refuse both parameters, and
    know the first by another name."""
    if base_url.startswith(_OPENAI):
        return {"max_completion_tokens": _MOST_TOKENS}
    return {"max_tokens": _MOST_TOKENS, "temperature": 0}


def _messages(system: str, user: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def _next(pieces: "SimpleQueue[str | None]", stop: Event) -> str | None:
    while not stop.is_set():
        try:
            return pieces.get(timeout=_POLL_SECONDS)
        except Empty:
            continue
    return None


async def _told(stream: "openai.AsyncStream[Any]") -> AsyncGenerator[str]:
    """The pieces of one choice.

    Raises:
        ModelFailed: it is empty, broke off, was cut off at a limit, or never ends.
    """
    length, finished = 0, None
    async with aclosing(_choices(stream)) as choices:
        async for choice in choices:
            piece = _part(choice, "delta", "content") or _part(choice, "message", "content")
            if isinstance(piece, str) and piece:
                length += len(piece)
                yield piece
            finished = _part(choice, "finish_reason") or finished
            if length > _MOST_CHARACTERS:
                raise ModelFailed("model_cut_off")
    if not length:
        raise ModelFailed("model_failed")
    if finished != "stop":
        raise ModelFailed("model_cut_off")


async def _choices(stream: "openai.AsyncStream[Any]") -> AsyncGenerator[Any]:
    """The first choice of each chunk; of the one there is where the server does not stream."""
    if "json" in stream.response.headers.get("content-type", ""):
        whole = json.loads(await stream.response.aread())
        yield next(iter(_part(whole, "choices") or ()), None)
        return
    async for chunk in stream:
        yield next(iter(_part(chunk, "choices") or ()), None)


def _part(whole: Any, *names: str) -> Any:
    """What stands under these names, one within the other; ``None`` where a server left it out."""
    for name in names:
        whole = whole.get(name) if isinstance(whole, dict) else getattr(whole, name, None)
    return whole


def _wait(error: "openai.APIError", back_off: float) -> float | None:
    """Seconds to wait before trying again; ``None`` where that would not help soon."""
    import openai

    if isinstance(error, openai.APITimeoutError) or error.code == "insufficient_quota":
        return None
    if isinstance(error, openai.RateLimitError):
        wait = _retry_after(error) or back_off
        return wait if wait <= _LONGEST_WAIT else None
    if isinstance(error, openai.APIStatusError) and error.status_code < 500:
        return None
    return back_off * random.uniform(1, 1.5)  # noqa: S311


def _retry_after(error: "openai.APIStatusError") -> float | None:
    """The seconds that the server asks to wait; ``None`` where it names none, or no number."""
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 < seconds < math.inf else None


def _status_kind(error: "openai.APIStatusError") -> Caution:
    if error.status_code >= 500:
        return "model_failed"
    said = str(error.body or error.message).lower()
    if error.status_code == 413 or any(sign in said for sign in _TOO_LONG):
        return "model_context_too_long"
    return "model_refused"
