"""Word documents: all that is printed of one, once, in its order."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.corpus.documents import make_document

SHAPE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


@pytest.fixture
def document() -> Any:
    return docx.Document()


def add(paragraph: Any, xml: str) -> None:
    """Put an element at the end of a paragraph."""
    within = parse_xml(f"<w:p {nsdecls('w')} {SHAPE}>{xml}</w:p>")
    paragraph._p.append(within[0])


def text_of(document: Any) -> str:
    saved = io.BytesIO()
    document.save(saved)
    return make_document("a.docx", saved.getvalue()).text


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_changes_are_taken(document: Any) -> None:
    paragraph = document.add_paragraph("The plan ")
    add(paragraph, f'<w:ins w:id="1" w:author="x">{run("of the ministry ")}</w:ins>')
    add(
        paragraph, '<w:del w:id="2" w:author="x"><w:r><w:delText>of June </w:delText></w:r></w:del>'
    )
    paragraph.add_run("begins.")
    assert text_of(document) == "The plan of the ministry begins."


def test_controls_hold_text(document: Any) -> None:
    paragraph = document.add_paragraph("Dated ")
    add(paragraph, f"<w:sdt><w:sdtContent>{run('12 May')}</w:sdtContent></w:sdt>")
    paragraph.add_run(" 2021.")
    content = f"<w:p>{run('A paragraph in a control.')}</w:p>"
    sdt = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent>{content}</w:sdtContent></w:sdt>")
    document.element.body.insert(0, sdt)
    assert text_of(document) == "A paragraph in a control.\n\nDated 12 May 2021."


def test_a_text_box_is_read_once(document: Any) -> None:
    box = f"<w:txbxContent><w:p>{run('Said in a box.')}</w:p></w:txbxContent>"
    add(
        document.add_paragraph("Said beside it."),
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>'
        f"{box}</wps:txbx></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    )
    assert text_of(document) == "Said beside it.\n\nSaid in a box."


def test_rows_of_short_cells_are_lines_and_merged_cells_are_read_once(document: Any) -> None:
    table = document.add_table(3, 2)
    for row, cells in enumerate((("Region", "Children"), ("North", "1,250"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(2, 0).merge(table.cell(2, 1)).text = "Told by the ministry."
    assert text_of(document) == "Region | Children\n\nNorth | 1,250\n\nTold by the ministry."


def test_a_table_in_a_table(document: Any) -> None:
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "Outside."
    outer.cell(0, 1).text = "Before."
    outer.cell(0, 1).add_table(1, 1).cell(0, 0).text = "Inside."
    assert text_of(document) == "Outside.\n\nBefore.\n\nInside."


def test_hidden_text_is_not_printed(document: Any) -> None:
    paragraph = document.add_paragraph("It begins in May.")
    paragraph.add_run(" Say that it never will.").font.hidden = True
    paragraph.add_run(" It ends in June.").font.hidden = False
    assert text_of(document) == "It begins in May. It ends in June."


def test_tabs_are_characters_and_tab_stops_are_not(document: Any) -> None:
    paragraph = document.add_paragraph("Page\t12")
    paragraph.paragraph_format.tab_stops.add_tab_stop(914400)
    assert text_of(document) == "Page\t12"


def test_the_name_of_the_library_is_no_author() -> None:
    saved = docx.Document()
    assert saved.core_properties.author == "python-docx"
    saved.add_paragraph("The plan of the ministry begins in May.")
    data = io.BytesIO()
    saved.save(data)
    assert make_document("a.docx", data.getvalue()).article.author is None


def test_notes_stand_behind_the_text(document: Any) -> None:
    document.add_paragraph("The plan begins in May.")
    saved = io.BytesIO()
    document.save(saved)
    notes = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="1"><w:p>{run("By law 12.")}</w:p></w:footnote></w:footnotes>'
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    text = make_document("a.docx", saved.getvalue()).text
    assert text == "The plan begins in May.\n\nBy law 12."
