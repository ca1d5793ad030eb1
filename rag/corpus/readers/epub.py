"""EPUB books: the chapters in the order of the package's spine (EPUB 3.3, section 5)."""

import posixpath
import zipfile
from typing import Any
from urllib.parse import unquote

from rag.corpus.dates import iso_date
from rag.corpus.extracted import Extracted, Known, Limits, known
from rag.corpus.readers.archive import member, open_archive
from rag.corpus.readers.html import decode_html
from rag.corpus.readers.layout import blocks
from rag.errors import BadArticle, NoText

CONTAINER = "META-INF/container.xml"
_NAMESPACES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def read(data: bytes, limits: Limits) -> Extracted:
    """All chapters, with what the package states of the book.

    Raises:
        BadArticle: damaged, hostile, or without text.
    """
    with open_archive(data, limits) as archive:
        container = _parsed(archive, CONTAINER, limits)
        rootfile = container.find(".//c:rootfile", _NAMESPACES)
        opf = "" if rootfile is None else rootfile.get("full-path", "")
        package = _parsed(archive, opf, limits)
        chapters = [
            _chapter(archive, name, limits) for name in _spine(package, posixpath.dirname(opf))
        ]
    text = "\n\n".join(chapter for chapter in chapters if chapter)
    if not text:
        raise NoText("no text in this book")
    return Extracted(text, _stated(package), whole_paragraphs=True)


def _parsed(archive: zipfile.ZipFile, name: str, limits: Limits) -> Any:
    from lxml import etree

    # Entities stay as they are, and nothing is fetched.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(member(archive, name, limits), parser)
    except etree.XMLSyntaxError as error:
        raise BadArticle(f"a part of it is damaged: {name[:80]}: {error.msg}") from None


def _spine(package: Any, folder: str) -> list[str]:
    """The names of the chapters, in reading order."""
    hrefs = {
        item.get("id"): item.get("href", "")
        for item in package.iterfind(".//opf:manifest/opf:item", _NAMESPACES)
    }
    ids = [ref.get("idref") for ref in package.iterfind(".//opf:spine/opf:itemref", _NAMESPACES)]
    return [
        posixpath.normpath(posixpath.join(folder, unquote(hrefs[i].split("#")[0])))
        for i in ids
        if hrefs.get(i)
    ]


def _chapter(archive: zipfile.ZipFile, name: str, limits: Limits) -> str:
    data = member(archive, name, limits)
    return blocks(decode_html(data)) if data.strip() else ""


def _stated(package: Any) -> dict[str, Known]:
    def first(name: str) -> str | None:
        found: str | None = package.findtext(f".//dc:{name}", None, _NAMESPACES)
        return found

    return known(
        "stated",
        title=first("title"),
        author=first("creator"),
        publisher=first("publisher"),
        published=iso_date(first("date")),
    )
