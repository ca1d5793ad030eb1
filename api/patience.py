"""How long a connection may take to say what it wants, and how long a stop waits for it."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 15.0
# In the state of a request whose response goes on until the client leaves.
ENDLESS = "endless"


class Patience(H11Protocol):
    """HTTP/1.1 on a connection that is closed when no whole request head comes in time.

    The server by itself waits for ever, which a few thousand silent connections can abuse.
    """

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on, unless a request has come and is being answered."""
        super().data_received(data)
        if self._answering():
            self._stop()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Let what is being answered be finished, but for what has no end."""
        if self._answering() and self.cycle.scope["state"].get(ENDLESS):
            self.transport.close()
        else:
            super().shutdown()

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(SECONDS, self._give_up)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self._answering():
            self.transport.close()
