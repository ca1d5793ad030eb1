"""Files to texts: which files are articles, their bytes, and the reader that they ask for.

A file is read by what it holds, whatever its name ends in.
"""

import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rag.corpus.extracted import Extracted, Limits
from rag.corpus.readers import archive, docx, epub, html, jsonl, markdown, pdf
from rag.errors import BadArticle, NoText, TooLarge, UnknownKind

# Files of these names are articles when a folder is given; of any other name, if they hold a
# document that says what it is, or are text without any suffix.
SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".epub")
_JSONL = (".jsonl", ".ndjson")
_HEAD_BYTES = 8192
# Those that people keep articles in too: they are told, with what to do.
_UNREAD = (".doc", ".odt", ".rtf")
_ODT_PART = "META-INF/manifest.xml"
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Listing:
    """The article files that were found, by name, and those that may not be read, with why."""

    files: list[Path] = field(default_factory=list)
    refused: dict[Path, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One article of a file: its line there (0: it is the whole file), the bytes that its id is
    made of, and what was read, or why it could not be."""

    line: int
    data: bytes
    read: Extracted | BadArticle


def article_files(path: Path) -> Listing:
    """The article files at ``path``: itself, or those below it; hidden ones left out.

    A link that leads out of the folder is refused, as is a name that is no text.

    Raises:
        BadArticle: nothing is there.
    """
    try:
        if path.is_dir():
            return _listing(path)
        if path.exists():
            return Listing([path])
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from None
    raise BadArticle(f"{path}: no such file or folder")


def _listing(folder: Path) -> Listing:
    found = Listing()
    root = folder.resolve()
    folders = [str(folder)]
    while folders:
        place = folders.pop()
        try:
            with os.scandir(place) as entries:
                there = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            found.refused[Path(place)] = f"cannot be read: {error.strerror}"
            continue
        for entry in there:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                _list(entry, root, found)
    return Listing(sorted(found.files), dict(sorted(found.refused.items())))


def _list(entry: os.DirEntry[str], root: Path, found: Listing) -> None:
    path = Path(entry.path)
    if entry.is_symlink() and (why := _bad_link(path, root)):
        found.refused[path] = why
    elif not _is_text(entry.name):
        found.refused[path] = "its name is not valid text; rename it"
    elif entry.is_file() and _is_article(path):
        found.files.append(path)


def _bad_link(path: Path, root: Path) -> str:
    """Why a link is not followed, if it is not."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links in a circle, before Python 3.13
        return "a link that leads nowhere"
    return "" if target.is_relative_to(root) else "a link that leads out of the folder"


def _is_text(name: str) -> bool:
    """Whether a file's name is UTF-8 (Python shows other bytes as lone surrogates)."""
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def _is_article(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in SUFFIXES + _UNREAD:
        return True
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return not suffix or suffix in _JSONL
    if pdf.is_pdf(head):
        return True
    if archive.is_zip(head):
        return _is_document_archive(path)
    text = head.decode("utf-8", "replace")
    return (
        html.is_html(text)
        or (suffix in _JSONL and _holds_articles(text))
        or (not suffix and b"\0" not in head)
    )


def _holds_articles(head: str) -> bool:
    """Whether JSON lines are articles: the first one may be longer than what was looked at."""
    return jsonl.is_jsonl(head) or (
        "\n" not in head and re.match(r'\s*\{.*?"text"\s*:', head) is not None
    )


def _is_document_archive(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as opened:
            return bool({docx.MAIN_PART, epub.CONTAINER} & set(opened.namelist()))
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def read_bytes(path: Path, limits: Limits = Limits()) -> bytes:
    """The bytes of one article file.

    Raises:
        BadArticle: no ordinary file, unreadable, empty, too large, or written to meanwhile.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadArticle("not an ordinary file")
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > limits.file_bytes:
                raise TooLarge(f"larger than {limits.file_bytes:,} bytes: {before.st_size:,}")
            data = file.read(before.st_size + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from None
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size) or len(
        data
    ) != after.st_size:
        raise BadArticle("was written to while it was read; index it again")
    if not data.strip():
        raise NoText("empty file")
    return data


def are_lines(data: bytes) -> bool:
    """Whether a file is JSON Lines in plain UTF-8, any of which can be read without the others."""
    if data[:1] not in (b"{", b" ", b"\n", b"\r", b"\t"):
        return False
    try:
        return jsonl.is_jsonl(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def read_parts(
    data: bytes, limits: Limits = Limits(), *, lines_before: int | None = None
) -> Iterator[Part]:
    """The articles in a file's bytes: one, or one a line of JSON Lines. With ``lines_before`` they
    are a piece of such a file, with so many lines before it.

    Raises:
        BadArticle: they are no article of a kind that is known, or a damaged one.
    """
    try:
        if lines_before is None:
            yield from _read_parts(data, limits)
        else:
            yield from _lines(data.decode("utf-8"), lines_before)
    except (BadArticle, MemoryError):
        raise
    except Exception as error:
        # The border to other people's parsers: what hostile bytes make of them is the file's.
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise BadArticle(f"damaged: {reason}") from error


def _read_parts(data: bytes, limits: Limits) -> Iterator[Part]:
    if document := _read_document(data, limits):
        yield Part(0, data, document)
        return
    text = html.decode_html(data)
    if jsonl.is_jsonl(text):
        yield from _lines(text)
    elif html.is_html(text):
        yield Part(0, data, html.read(text))
    elif jsonl.is_json(text):
        raise UnknownKind("JSON that is not one article a line, its words in a field called text")
    else:
        yield Part(0, data, markdown.read(text))


def _read_document(data: bytes, limits: Limits) -> Extracted | None:
    """What a file that is not text holds; ``None`` of one that may be text."""
    if pdf.is_pdf(data):
        return pdf.read(data, limits)
    if data.startswith(_OLE):
        raise UnknownKind("an old Word file, or one with a password; save it as .docx without")
    if data.startswith(b"{\\rtf"):
        raise UnknownKind("an RTF file; save it as .docx or as text")
    if not archive.is_zip(data):
        return None
    with archive.open_archive(data, limits) as opened:
        names = set(opened.namelist())
    if epub.CONTAINER in names:
        return epub.read(data, limits)
    if docx.MAIN_PART in names:
        return docx.read(data, limits)
    if _ODT_PART in names:
        raise UnknownKind("an OpenDocument file; save it as .docx")
    raise UnknownKind("a zip file that is neither a Word document nor an EPUB book")


def _lines(text: str, before: int = 0) -> Iterator[Part]:
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), start=before + 1):
        if not line.strip():
            continue
        try:
            yield Part(number, line.encode(), jsonl.read(line))
        except BadArticle as error:
            yield Part(number, line.encode(), error)
