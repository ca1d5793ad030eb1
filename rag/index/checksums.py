"""Checksums (CRC-32) of files beside the store, each file read once a process for as long as it is
not written again: a change of the disk itself is met when the next process starts."""

import zlib
from functools import lru_cache
from pathlib import Path

_BLOCK = 1 << 22


def checksum(path: Path) -> int:
    """The checksum of a file.

    Raises:
        OSError: it cannot be read.
    """
    now = path.stat()
    return _checksum(path, now.st_ino, now.st_size, now.st_mtime_ns)


@lru_cache(maxsize=1024)
def _checksum(path: Path, _inode: int, _size: int, _written: int) -> int:
    found = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found = zlib.crc32(block, found)
    return found
