"""Word documents, by python-docx: paragraphs and tables in their order."""

import io
from collections.abc import Iterator
from typing import Any

from rag.corpus.extracted import Extracted, Limits, known
from rag.corpus.readers.archive import member, open_archive
from rag.errors import BadArticle

MAIN_PART = "word/document.xml"


def read(data: bytes, limits: Limits) -> Extracted:
    """The text, a paragraph a line. What its properties say is whoever saved it's, so inferred.

    Raises:
        BadArticle: damaged, hostile, or without text.
    """
    with open_archive(data, limits) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                member(archive, name, limits)
    import docx

    document = docx.Document(io.BytesIO(data))
    text = "\n".join(_lines(document))
    saved = document.core_properties
    fields = known("inferred", title=saved.title, author=saved.author)
    if not text:
        raise BadArticle("no text in this document")
    return Extracted(text, fields)


def _lines(document: Any) -> Iterator[str]:
    from docx.table import Table

    for block in document.iter_inner_content():
        paragraphs = (
            [p for row in block.rows for cell in row.cells for p in cell.paragraphs]
            if isinstance(block, Table)
            else [block]
        )
        for paragraph in paragraphs:
            yield from (line for line in paragraph.text.splitlines() if line.strip())
