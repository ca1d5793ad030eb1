"""Documents of every kind, made of a known text."""

import io
import zipfile

import docx
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

PARAGRAPHS = (
    "أعلنت وزارة الصحة يوم الأحد عن خطة جديدة لتطعيم 1,250 طفلاً في القرى البعيدة عن المدن.",
    "وقال الوزير إن الحملة ستبدأ في مايو 2021 وتستمر ثلاثة أشهر بمشاركة 83 فريقاً طبياً.",
    "The campaign is funded by the regional health agency and two private donors.",
)


def make_docx(paragraphs: tuple[str, ...], *, title: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def make_zip(members: dict[str, str | bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return saved.getvalue()


def make_epub(chapters: tuple[str, ...], *, extra: dict[str, str | bytes] | None = None) -> bytes:
    """A book whose chapters stand in the archive in another order than in its spine."""
    items = "".join(f'<item id="c{n}" href="ch%20{n}.xhtml"/>' for n in range(len(chapters)))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>كتاب الحملة</dc:title>'
        "<dc:creator>ليلى حسن</dc:creator><dc:date>2021-05-02T00:00:00Z</dc:date></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for n, chapter in reversed(list(enumerate(chapters))):
        members[f"OEBPS/ch {n}.xhtml"] = (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
            f"<head><title>x</title></head><body><p>{chapter}</p></body></html>"
        )
    return make_zip(members | (extra or {}))


def make_pdf(pages: list[str], *, password: str = "") -> bytes:
    """A PDF file with a line on each page, or a picture where that is empty."""
    saved = io.BytesIO()
    canvas = Canvas(saved, encrypt=StandardEncryption(password) if password else None)
    for page in pages:
        canvas.drawString(72, 700, page) if page else canvas.rect(72, 72, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return saved.getvalue()
