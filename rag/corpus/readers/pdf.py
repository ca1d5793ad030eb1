"""PDF files, by pypdfium2, a page at a time."""

import re
import threading
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from rag.corpus.extracted import Extracted, Known, Limits, known
from rag.errors import BadArticle

# PDFium may be used by one thread at a time.
_PDFIUM = threading.Lock()
_PASSWORD_ERROR = 4
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


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
    if not any(page.strip() for page in pages):
        raise BadArticle("no text on its pages (scanned images?)")
    starts = accumulate((len(page) + 1 for page in pages[:-1]), initial=0)
    return Extracted("\n".join(pages), fields, tuple(starts))


def _read(data: bytes, limits: Limits) -> tuple[list[str], dict[str, Known]]:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            raise BadArticle("encrypted; save it without its password") from None
        raise BadArticle(f"a damaged PDF file: {error}") from None
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


def _pages(document: Any) -> Iterator[str]:
    for page in document:
        words = page.get_textpage()
        yield _plain(words.get_text_range())
        words.close()
        page.close()


def _plain(text: str) -> str:
    """Lines as ours, no control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(_CONTROLS.sub("", line).strip() for line in lines.split("\n"))
