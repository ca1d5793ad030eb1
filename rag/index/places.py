"""Where the index is that the settings name: in the data folder, or in Milvus.

The data folder of the one process that writes holds the truth in either case; Milvus holds a copy
of it, which any number of processes search. What is of Milvus is an extra, and imported only where
it is asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from embeddings import Encoder
from rag.errors import IsnadError
from rag.index import store
from rag.index.local import LocalIndex
from rag.index.opened import Index
from rag.settings import Settings

Progress = Callable[[int, int], None]
Place = Literal["milvus", "local"]


def index_for(settings: Settings, encoder: Encoder) -> Index:
    """The index that is searched by the vectors of ``encoder``.

    Raises:
        IndexUnavailable: Milvus cannot be reached.
    """
    if not settings.milvus_uri:
        return LocalIndex(settings.home, encoder)
    with _extra():
        from rag.index.milvus.read import MilvusIndex
    return MilvusIndex(settings.milvus_uri, _token(settings), encoder)


def has_index(settings: Settings) -> bool:
    """Whether there is an index to search, whatever it was made with.

    Raises:
        IndexUnavailable: Milvus cannot be reached.
    """
    if not settings.milvus_uri:
        return store.has_index(settings.home)
    with _extra():
        from rag.index.milvus.client import connected
        from rag.index.milvus.state import published
    with connected(settings.milvus_uri, _token(settings)) as client:
        return published(client) is not None


@contextmanager
def copied(settings: Settings, progress: Progress = lambda done, total: None) -> Iterator[None]:
    """What is written to the data folder meanwhile is what is searched when this ends. ``progress``
    is called with passages copied and passages in all, where any are.

    Raises:
        IndexUnavailable: Milvus cannot be written, or holds the index of another data folder.
    """
    if not settings.milvus_uri:
        yield
        return
    with _extra():
        from rag.index.milvus.client import connected
        from rag.index.milvus.write import check_own, copy
    with connected(settings.milvus_uri, _token(settings)) as client:
        check_own(client, settings.home)
        yield
        copy(client, settings.home, progress=progress)


def wrong_with_copy(settings: Settings) -> str:
    """What is wrong with the copy in Milvus, if the settings name one; empty where nothing is.

    Raises:
        IndexUnavailable: the store cannot be read, or Milvus not reached.
    """
    if not settings.milvus_uri:
        return ""
    with _extra():
        from rag.index.milvus.client import connected
        from rag.index.milvus.write import wrong_with_copy as wrong
    with connected(settings.milvus_uri, _token(settings)) as client:
        return wrong(client, settings.home)


def migrate(
    settings: Settings, to: Place, *, progress: Progress = lambda done, total: None
) -> None:
    """Copy the index in the data folder to Milvus, in the place of what is there; or the one in
    Milvus to the data folder, which has none yet, and is the one that writes from then on.

    Raises:
        IndexMissing: there is nothing to copy.
        IndexUnavailable: it cannot be copied, or something is there already.
    """
    if not settings.milvus_uri:
        raise IsnadError("name the Milvus to copy to or from: ISNAD_MILVUS_URI or --milvus-uri")
    with _extra():
        from rag.index.milvus.client import connected
        from rag.index.milvus.restore import restore
        from rag.index.milvus.write import copy
    with connected(settings.milvus_uri, _token(settings)) as client:
        if to == "milvus":
            copy(client, settings.home, progress=progress)
        else:
            restore(client, settings.home, progress=progress)


def _token(settings: Settings) -> str | None:
    return settings.milvus_token.get_secret_value() if settings.milvus_token else None


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise IsnadError(
            f"the index in Milvus needs the extra milvus, {error.name} is missing; install it with:"
            " pip install 'isnad[milvus]'"
        ) from None
