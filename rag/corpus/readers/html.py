"""Web pages: the main text without menus and scripts, by trafilatura, and what the page states."""

import codecs
import logging
import re
import warnings
from typing import Any

from rag.corpus.extracted import Extracted, Known, known
from rag.corpus.metadata import author_in
from rag.corpus.readers.layout import HIDDEN, blocks, laid_out
from rag.corpus.readers.plain import decode
from rag.errors import NoText

_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*(?:<!doctype\s+html\b|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(
    r"\A\s*<(?:article|blockquote|div|h[1-6]|main|meta|ol|p|section|table|title|ul)[\s>]",
    re.IGNORECASE,
)
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE
)
_HEAD_BYTES = 4096


def is_html(text: str) -> bool:
    """Whether a text is a web page, by how it begins, or a piece of one, by both its ends."""
    if _HTML.match(text[:_HEAD_BYTES]):
        return True
    return bool(_FRAGMENT.match(text)) and text.rstrip().endswith(">")


def decode_html(data: bytes) -> str:
    """The page's source: in the encoding that it declares, if it is in that, else as any text.
    What is valid UTF-8 is nothing else, whatever it declares.

    Raises:
        BadArticle: not text.
    """
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared and not data.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        for encoding in ("utf-8", declared[1].decode("ascii")):
            try:
                return data.decode(encoding)
            except (LookupError, UnicodeDecodeError):
                pass  # declared wrongly, as many pages are
    return decode(data)


def read(source: str) -> Extracted:
    """The main text of a page, with title, author, date and address.

    Raises:
        BadArticle: there is no text in it.
    """
    with warnings.catch_warnings():
        # Its parsers warn about what they meet in pages.
        warnings.simplefilter("ignore")
        from trafilatura import bare_extraction

        logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it tells us by its result
        page: Any = bare_extraction(
            source,
            with_metadata=True,
            include_comments=False,
            favor_recall=True,  # without it lists and headings of the text are lost
            prune_xpath=f"//*[{HIDDEN}]",
            # A search of all the text takes any year in it for the first of January.
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    text = (_main_text(page.body) if page is not None else "") or blocks(source)
    if not text:
        raise NoText("no text in this page")
    stated = _stated(page, source) if page is not None else {}
    return Extracted(text, stated, whole_paragraphs=True)


def _main_text(body: Any) -> str:
    """The text of trafilatura's tree, whose headings have the name of a page's unseen head."""
    for heading in body.iter("head"):
        heading.tag = "h2"
    return laid_out(body)


def _stated(page: Any, source: str) -> dict[str, Known]:
    """What the page's head says. A date that is not written out in it was worked out."""
    stated = known(
        "stated",
        title=page.title,
        author=author_in(page.author or "") or page.author,
        publisher=page.sitename,
        url=page.url,
    )
    written = page.date and page.date in source
    return stated | known("stated" if written else "inferred", published=page.date)
