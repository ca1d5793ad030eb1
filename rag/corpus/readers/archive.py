"""Zip files that documents come in, opened with care: nothing is ever unpacked to disk."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from rag.corpus.extracted import Limits
from rag.errors import BadArticle, Encrypted, TooLarge

_MOST_MEMBERS = 10_000
_ENCRYPTED = 0x1
_ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


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
        raise TooLarge(
            f"unpacks to {unpacked:,} bytes in {len(members):,} parts;"
            f" at most {limits.unpacked_bytes:,} in {_MOST_MEMBERS:,} are taken"
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Encrypted("encrypted; save it without a password")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise BadArticle("a name in its archive leads out of it")
    return archive


def member(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """One part of the archive that is to be parsed, no larger than a whole file may be.

    Raises:
        BadArticle: it is not there, damaged or too large, or declares entities, which no document
            needs and which can unfold without end.
    """
    try:
        if archive.getinfo(name).file_size > limits.file_bytes:
            raise TooLarge(f"a part of it is larger than {limits.file_bytes:,} bytes: {name[:80]}")
        data = archive.read(name)
    except KeyError:
        raise BadArticle(f"a part of it is missing: {name[:80]}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BadArticle(f"a part of it is damaged: {name[:80]}: {error}") from None
    if any(mark in data for mark in _ENTITY):
        raise BadArticle(f"declares XML entities: {name[:80]}")
    return data
