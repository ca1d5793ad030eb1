"""One writer at a time: a lock that goes with its process, however that ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexBusy, IndexUnavailable

FILE = "writer.lock"
PATIENCE_S = 10.0
_POLL_S = 0.05


@contextmanager
def writing(home: Path, *, patience: float | None = None) -> Iterator[None]:
    """Hold the right to write in ``home``; waits up to ``patience`` seconds for it.

    Raises:
        IndexBusy: another process, or thread, is writing and does not finish soon.
        IndexUnavailable: the folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / FILE).open("w")
    except OSError as error:
        raise IndexUnavailable(f"the data folder {home} cannot be used: {error.strerror}") from None
    with file:
        _wait_for(file.fileno(), PATIENCE_S if patience is None else patience)
        yield


def _wait_for(file: int, patience: float) -> None:
    give_up = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                raise IndexBusy("another process is writing this index; try again later") from None
            time.sleep(_POLL_S)
        else:
            return
