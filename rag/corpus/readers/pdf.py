"""PDF files, by pypdfium2, a page at a time.

PDFium's own order of a page is that of reading in scripts that run from left to right. Of a page
that holds Arabic words the order that the characters' places give is taken, unless it reads worse
(`rag.corpus.readers.legibility`). A page that reads badly either way is kept and told.
"""

import ctypes
import re
import threading
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from rag.corpus.extracted import Extracted, Known, Limits, known
from rag.corpus.readers.legibility import legibility
from rag.corpus.readers.reading_order import Glyph, ordered
from rag.corpus.readers.running_heads import without_running_heads
from rag.errors import BadArticle
from rag.records import Repair

# PDFium may be used by one thread at a time.
_PDFIUM = threading.Lock()
_PASSWORD_ERROR = 4
# Behind the end mark some programs write a little more.
_TAIL_BYTES = 4096
# Points; a space that is part of the file is wider.
_NO_WIDTH = 0.01
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
# Shapes of letters in place of letters.
_PRESENTATION = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]+")


class _Page(NamedTuple):
    text: str
    reordered: bool = False
    doubtful: bool = False
    shapes: int = 0


def is_pdf(data: bytes) -> bool:
    """Whether ``data`` is a PDF file: its mark stands within the first KiB."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, limits: Limits) -> Extracted:
    """The text of every page. What the file's properties say may be anybody's, so inferred.

    Raises:
        BadArticle: encrypted, damaged, of no pages or too many, or without text.
    """
    with _PDFIUM:
        pages, fields = _read(data, limits)
    if not any(page.text.strip() for page in pages):
        raise BadArticle("no text on its pages (scanned images?)")
    texts, heads = without_running_heads([page.text for page in pages])
    starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
    return Extracted("\n".join(texts), fields, tuple(starts), _repairs(pages, heads))


def _repairs(pages: list[_Page], heads: list[int]) -> tuple[Repair, ...]:
    """What was done to the pages, each with the numbers of those it was done to."""
    marked: dict[str, list[int]] = {
        "reordered_pages": [int(page.reordered) for page in pages],
        "doubtful_pages": [int(page.doubtful) for page in pages],
        "presentation_forms": [page.shapes for page in pages],
        "running_heads": heads,
    }
    repairs = (
        Repair(kind, sum(counts), tuple(n for n, count in enumerate(counts, 1) if count))
        for kind, counts in marked.items()
    )
    return tuple(repair for repair in repairs if repair.count)


def _read(data: bytes, limits: Limits) -> tuple[list[_Page], dict[str, Known]]:
    if b"%%EOF" not in data[-_TAIL_BYTES:]:
        raise BadArticle("a damaged PDF file: cut off before its end")
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # Of a file without pages PDFium gives the error of the file before.
        if getattr(error, "err_code", None) == _PASSWORD_ERROR and b"/Encrypt" in data:
            raise BadArticle("encrypted; save it without its password") from None
        raise BadArticle("a damaged PDF file, or one without pages") from None
    try:
        if not len(document):
            raise BadArticle("no pages in it")
        if len(document) > limits.pages:
            raise BadArticle(f"has {len(document):,} pages; at most {limits.pages:,} are taken")
        said = document.get_metadata_dict()
        fields = known("inferred", title=said.get("Title"), author=said.get("Author"))
        return list(_pages(document)), fields
    except pdfium.PdfiumError as error:
        raise BadArticle(f"a damaged PDF file: {error}") from None
    finally:
        document.close()


def _pages(document: Any) -> Iterator[_Page]:
    for page in document:
        text = page.get_textpage()
        yield _best(text)
        text.close()
        page.close()


def _best(page: Any) -> _Page:
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
    return _Page(letters, reordered, found.doubtful, shapes)


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
