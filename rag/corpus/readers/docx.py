"""Word documents (Office Open XML, ECMA-376 part 1, section 17): paragraphs and tables in their
order, as they are printed with all changes taken."""

import io
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import Any

from rag.corpus.extracted import Extracted, Limits, known
from rag.corpus.readers.archive import member, open_archive
from rag.errors import NoText

MAIN_PART = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What was deleted or moved away, what stands there for older programs a second time, and formats.
_UNSEEN = {f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}pPr"}
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off")
# What the library that many programs write these files with puts where nobody is named.
_NOBODY = "python-docx"


def read(data: bytes, limits: Limits) -> Extracted:
    """The text, blank lines between its paragraphs and rows of tables, notes behind it. What
    its properties say is whoever saved it's, so inferred.

    Raises:
        BadArticle: damaged, hostile, or without text.
    """
    with open_archive(data, limits) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                member(archive, name, limits)
        notes = list(_notes(archive, limits))
    import docx

    document = docx.Document(io.BytesIO(data))
    text = "\n\n".join(chain(_paragraphs(document.element.body), notes))
    saved = document.core_properties
    author = "" if saved.author == _NOBODY else saved.author
    if not text:
        raise NoText("no text in this document")
    fields = known("inferred", title=saved.title, author=author)
    return Extracted(text, fields, whole_paragraphs=True)


def _notes(archive: zipfile.ZipFile, limits: Limits) -> Iterator[str]:
    from docx.oxml import parse_xml

    for name in _NOTES:
        if name in archive.namelist():
            for note in parse_xml(member(archive, name, limits)):
                yield from _paragraphs(note)


def _paragraphs(block: Any) -> Iterator[str]:
    """The paragraphs of what holds paragraphs: a document, a cell, a text box, a control."""
    for child in block:
        if child.tag in _UNSEEN:
            continue
        if child.tag == f"{_W}p":
            if text := _text(child).strip():
                yield text
            for box in _boxes(child):
                yield from _paragraphs(box)
        elif child.tag == f"{_W}tr":
            yield from _row(child)
        else:
            yield from _paragraphs(child)


def _row(row: Any) -> list[str]:
    """A row of cells of a paragraph each as one line; of others each by itself."""
    own = (c for c in row.iter(f"{_W}tc") if next(c.iterancestors(f"{_W}tr")) is row)
    cells = [found for found in map(list, map(_paragraphs, own)) if found]
    if all(len(cell) == 1 for cell in cells):
        return [" | ".join(chain(*cells))] if cells else []
    return list(chain(*cells))


def _boxes(paragraph: Any) -> list[Any]:
    """The text boxes that are anchored in a paragraph."""
    return [
        box
        for box in paragraph.iter(f"{_W}txbxContent")
        if next(box.iterancestors(f"{_W}p")) is paragraph
        and not any(up.tag in _UNSEEN for up in box.iterancestors())
    ]


def _text(node: Any) -> str:
    """What is printed of a paragraph, or a part of one; its text boxes are no part of it."""
    if node.tag in _UNSEEN or node.tag == f"{_W}txbxContent" or _is_hidden(node):
        return ""
    if node.tag == f"{_W}t":
        return node.text or ""
    own = _CHARACTERS.get(str(node.tag).removeprefix(_W), "")
    return own + "".join(map(_text, node))


def _is_hidden(node: Any) -> bool:
    vanish = node.find(f"{_W}rPr/{_W}vanish") if node.tag == f"{_W}r" else None
    return vanish is not None and vanish.get(f"{_W}val") not in _OFF
