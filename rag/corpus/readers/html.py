"""Web pages: the main text without menus and scripts, by trafilatura, and what the page states."""

import codecs
import logging
import re
import warnings
from typing import Any

from rag.corpus.extracted import Extracted, Known, known
from rag.corpus.readers.plain import decode
from rag.errors import BadArticle

_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*(?:<!doctype\s+html\b|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE
)
_HEAD_BYTES = 4096
_UNSEEN = {"script", "style", "noscript", "template", "head", "title", "svg", "iframe", "object"}
_BLOCKS = frozenset(
    "address article aside blockquote body br caption dd div dl dt figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul".split()
)


def is_html(text: str) -> bool:
    """Whether a text is a web page, by how it begins."""
    return bool(_HTML.match(text[:_HEAD_BYTES]))


def decode_html(data: bytes) -> str:
    """The page's source: in the encoding that it declares, if it is in that, else as any text.

    Raises:
        BadArticle: not text.
    """
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared and not data.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # declared wrongly, as many pages are
    return decode(data)


def read(source: str) -> Extracted:
    """The main text of a page, a paragraph a line, with title, author, date and address.

    Raises:
        BadArticle: there is no text in it.
    """
    with warnings.catch_warnings():
        # Its parsers warn about what they meet in pages.
        warnings.simplefilter("ignore")
        from trafilatura import bare_extraction

        logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it tells us by its result
        page = bare_extraction(source, with_metadata=True, include_comments=False)
    text = (getattr(page, "text", None) or "").strip() or blocks(source)
    if not text:
        raise BadArticle("no text in this page")
    return Extracted(text, _stated(page, source) if page is not None else {})


def _stated(page: Any, source: str) -> dict[str, Known]:
    """What the page's head says. A date that is not written out in it was worked out."""
    stated = known(
        "stated", title=page.title, author=page.author, publisher=page.sitename, url=page.url
    )
    written = page.date and page.date in source
    return stated | known("stated" if written else "inferred", published=page.date)


def blocks(source: str) -> str:
    """All the text of a document, a block a line, as a browser would lay it out."""
    from lxml import html

    try:
        root = html.document_fromstring(
            source.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, html.etree.ParserError):
        return ""
    pieces: list[str] = []
    for event, node in html.etree.iterwalk(root, events=("start", "end")):
        _take(event, node, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _take(event: str, node: Any, pieces: list[str]) -> None:
    """Add what ``node`` shows where it begins, or where it ends."""
    tag = node.tag if isinstance(node.tag, str) else ""
    unseen = not tag or any(up.tag in _UNSEEN for up in (node, *node.iterancestors()))
    if event == "start":
        pieces.append("\n" if tag in _BLOCKS else "")
        if not unseen and node.text:
            pieces.append(node.text.replace("\n", " "))
        return
    pieces.append("\n" if tag in _BLOCKS else "")
    hidden_around = any(up.tag in _UNSEEN for up in node.iterancestors())
    if node.tail and not hidden_around:
        pieces.append(node.tail.replace("\n", " "))
