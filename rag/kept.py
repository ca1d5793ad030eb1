"""What was made and may be wanted again: the last used of it, so that memory stays bounded."""

from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """At most so many values, by key; the one longest unused goes first. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._values: LRUCache[Key, Value] = LRUCache(most)
        # Looking one up moves it, too.
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """The value kept under ``key``, if it still is."""
        with self._lock:
            return self._values.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Keep ``value`` under ``key``."""
        if self._values.maxsize:
            with self._lock:
                self._values[key] = value
