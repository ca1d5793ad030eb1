"""Zip files that documents come in, opened with care: nothing is ever unpacked to disk."""

import io
import zipfile
from pathlib import PurePosixPath

from rag.corpus.extracted import Limits
from rag.errors import BadArticle

_MOST_MEMBERS = 10_000
_ENCRYPTED = 0x1


def is_zip(data: bytes) -> bool:
    """Whether ``data`` begins as a zip file does."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive in ``data``, looked over before any of it is unpacked.

    Raises:
        BadArticle: damaged, encrypted, unpacks to more than the limit, or a name in it leads out.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise BadArticle(f"a damaged zip file: {error}") from None
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes or len(members) > _MOST_MEMBERS:
        raise BadArticle(
            f"unpacks to {unpacked:,} bytes in {len(members):,} parts;"
            f" at most {limits.unpacked_bytes:,} in {_MOST_MEMBERS:,} are taken"
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise BadArticle("encrypted; save it without a password")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise BadArticle("a name in its archive leads out of it")
    return archive


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part of the archive, no larger than it says it is.

    Raises:
        BadArticle: it is not there or damaged, or declares entities, which no document needs.
    """
    try:
        data = archive.read(name)
    except (
        KeyError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ):
        raise BadArticle(f"a part of it is missing or damaged: {name[:80]}") from None
    except Exception as error:  # zlib, lzma and bz2 each have an error of their own
        raise BadArticle(f"a part of it is damaged: {name[:80]}: {error}") from None
    if b"<!ENTITY" in data:
        raise BadArticle(f"declares XML entities: {name[:80]}")
    return data
