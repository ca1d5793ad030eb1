"""The connection to Milvus: to a server, or to milvus-lite in this process; its errors as ours."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grpc import RpcError
from pymilvus import MilvusClient, MilvusException
from pymilvus.client.types import Status

from rag.errors import IndexUnavailable

# For one call; a search takes milliseconds, loading a collection may take long.
_PATIENCE_S = 60.0
_LITE = ".db"
# How many connections of this process each path has: milvus-lite itself does not count them.
_OPEN: Counter[str] = Counter()
_OPENING = threading.Lock()


def is_server(uri: str) -> bool:
    """Whether ``uri`` names a server; else it is a path, for milvus-lite."""
    return "://" in uri


def connect(uri: str, token: str | None = None) -> MilvusClient:
    """A client of the server at ``uri``, or of milvus-lite over a path that ends in ``.db``.

    Raises:
        IndexUnavailable: it cannot be reached, or another process has the path open.
    """
    # What fails is raised, and told once.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)
    if is_server(uri):
        return call(MilvusClient, uri=uri, token=token or "")
    path = Path(uri).absolute()
    if path.suffix != _LITE:
        raise IndexUnavailable(f"ISNAD_MILVUS_URI is neither http://… nor a path ending in {_LITE}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _OPENING:
            client = call(MilvusClient, uri=str(path))
            _OPEN[str(path)] += 1
        return client
    except (OSError, IndexUnavailable) as error:
        raise IndexUnavailable(
            f"{path.name} cannot be opened ({error}); milvus-lite lets one process in at a time:"
            " serve more than one from a Milvus server"
        ) from None


def disconnect(client: MilvusClient, uri: str) -> None:
    """Let go of the connection; the last one over a path also lets another process open it."""
    client.close()
    if is_server(uri):
        return
    path = str(Path(uri).absolute())
    with _OPENING:
        _OPEN[path] -= 1
        if not _OPEN[path]:
            from milvus_lite.server_manager import server_manager_instance

            server_manager_instance.release_server(path)


@contextmanager
def connected(uri: str, token: str | None = None) -> Iterator[MilvusClient]:
    """A client for as long as the context lasts; see `connect`."""
    client = connect(uri, token)
    try:
        yield client
    finally:
        disconnect(client, uri)


def call(method: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """What ``method`` of a client gives.

    Raises:
        IndexUnavailable: Milvus cannot be reached, or refuses.
    """
    with told():
        return method(*args, timeout=_PATIENCE_S, **named)


@contextmanager
def told() -> Iterator[None]:
    """Has what goes wrong with Milvus told as an error of ours."""
    try:
        yield
    except MilvusException as error:
        if error.code == Status.CONNECT_FAILED:
            raise IndexUnavailable("Milvus cannot be reached; is the server up?") from None
        raise IndexUnavailable(f"Milvus: {_first_line(error.message)}") from None
    except RpcError as error:
        raise IndexUnavailable(f"Milvus: {_first_line(str(error))}") from None


def _first_line(message: str) -> str:
    return message.strip().splitlines()[0] if message.strip() else "no reason given"
