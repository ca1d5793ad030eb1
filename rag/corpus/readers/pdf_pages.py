"""The pages of PDF files, by pypdfium2, one after the other: what `pdf` has done in a process.

PDFium's own order of a page is that of reading in scripts that run from left to right. Of a page
that holds Arabic words the order that the characters' places give is taken, unless it reads worse
(`rag.corpus.readers.legibility`). A page that reads badly either way is kept and told.
"""

import ctypes
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from rag.corpus.readers.legibility import legibility
from rag.corpus.readers.reading_order import Glyph, ordered
from rag.errors import BadArticle, Encrypted, NoText, TooLarge

_PASSWORD_ERROR = 4
# Behind the end mark some programs write a little more.
_TAIL_BYTES = 4096
# Points; a space that is part of the file is wider.
_NO_WIDTH = 0.01
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
# Shapes of letters in place of letters.
_PRESENTATION = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]+")


class Page(NamedTuple):
    """A page's text; whether it was reordered, whether it reads badly all the same, and how many
    shapes were written for letters."""

    text: str
    reordered: bool = False
    doubtful: bool = False
    shapes: int = 0


def answer_parent() -> None:
    """Read one file after the other from standard input: a line with its bytes and the pages it may
    have, then it. Write of each a line with what it says of itself, then a line for each page, or
    what is wrong."""
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    while head := asked.readline():
        size, most = json.loads(head)
        for line in _told(asked.read(size), most):
            told.write(json.dumps(line).encode() + b"\n")
            told.flush()


def _told(data: bytes, most: int) -> Iterator[dict[str, Any] | Page]:
    try:
        yield from _read(data, most)
    except BadArticle as error:
        yield {"error": str(error), "kind": type(error).__name__}
    except Exception as error:
        # The border to other people's parsers: what hostile bytes make of them is the file's.
        yield {
            "error": f"a damaged PDF file: {type(error).__name__}: {error}",
            "kind": "BadArticle",
        }


def _read(data: bytes, most: int) -> Iterator[dict[str, Any] | Page]:
    if b"%%EOF" not in data[-_TAIL_BYTES:]:
        raise BadArticle("a damaged PDF file: cut off before its end")
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # Of a file without pages PDFium gives the error of the file before.
        if getattr(error, "err_code", None) == _PASSWORD_ERROR and b"/Encrypt" in data:
            raise Encrypted("encrypted; save it without its password") from None
        raise BadArticle("a damaged PDF file, or one without pages") from None
    try:
        if not len(document):
            raise NoText("no pages in it")
        if len(document) > most:
            raise TooLarge(f"has {len(document):,} pages; at most {most:,} are taken")
        said = document.get_metadata_dict()
        yield {"pages": len(document), "title": said.get("Title"), "author": said.get("Author")}
        yield from _pages(document)
    except pdfium.PdfiumError as error:
        raise BadArticle(f"a damaged PDF file: {error}") from None
    finally:
        document.close()


def _pages(document: Any) -> Iterator[Page]:
    for page in document:
        text = page.get_textpage()
        yield _best(text)
        text.close()
        page.close()


def _best(page: Any) -> Page:
    """The better reading of one page."""
    raw = page.get_text_range()
    found = legibility(raw)
    reordered = False
    if found.words:
        by_place = ordered(_glyphs(page))
        other = legibility(by_place)
        if other.score >= found.score:
            reordered = other.score > found.score
            raw, found = by_place, other
    text = _plain(raw)
    letters, shapes = _PRESENTATION.subn(_letters, text)
    return Page(letters, reordered, found.doubtful, shapes)


def _letters(shapes: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", shapes.group())


def _glyphs(page: Any) -> Iterator[Glyph]:
    """The characters of a page with their places, in the file's order. PDFium's own guesses at
    spaces, which have no width, are left out."""
    import pypdfium2.raw as pdfium

    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    line = 0
    for n in range(page.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(page.raw, n))
        if char in "\r\n":
            line += char == "\n"
            continue
        pdfium.FPDFText_GetLooseCharBox(page.raw, n, box)
        pdfium.FPDFText_GetCharOrigin(page.raw, n, x, y)
        if char.isspace() and box.right - x.value < _NO_WIDTH:
            continue
        size = pdfium.FPDFText_GetFontSize(page.raw, n)
        yield Glyph(char, x.value, box.right, y.value, size, line)


def _plain(text: str) -> str:
    """Lines as ours, no control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(_CONTROLS.sub("", line).strip() for line in lines.split("\n"))


if __name__ == "__main__":
    answer_parent()
