"""PDF files of a known Arabic text, made by three programs that write Arabic in three ways."""

import html
import io
import shutil
import subprocess
from pathlib import Path

import arabic_reshaper
import docx
from bidi.algorithm import get_display
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "Noto Naskh Arabic"
_FONT_FILE = "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf"
_SIZE, _WIDTH, _RIGHT, _TOP, _BOTTOM, _LEADING = 13, 480, 540, 790, 60, 22


class NotHere(Exception):
    """The program or font that this takes is not installed."""


def _needs(program: str) -> None:
    if not shutil.which(program):
        raise NotHere(f"{program} is not installed")


def by_chromium(text: str, folder: Path) -> bytes:
    """A browser's print: shapes painted from left to right."""
    _needs("chromium")
    page, made = folder / "page.html", folder / "page.pdf"
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    style = f"body {{ font: 14pt '{FONT}'; margin: 2cm }}"
    page.write_text(
        f"<!doctype html><html dir=rtl><meta charset=utf-8><style>{style}</style>{body}"
    )
    _run(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
        f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}", page.as_uri(),
    )  # fmt: skip
    return made.read_bytes()


def by_libreoffice(text: str, folder: Path) -> bytes:
    """A word processor's export."""
    _needs("soffice")
    document = docx.Document()
    for line in filter(str.strip, text.split("\n")):
        paragraph = document.add_paragraph()
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        properties = paragraph.add_run(line)._r.get_or_add_rPr()
        fonts = OxmlElement("w:rFonts")
        fonts.set(qn("w:cs"), FONT)
        properties.append(fonts)
        properties.append(OxmlElement("w:rtl"))
    document.save(str(folder / "page.docx"))
    _run(
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", str(folder), str(folder / "page.docx"),
    )  # fmt: skip
    return (folder / "page.pdf").read_bytes()


def by_reportlab(text: str, folder: Path | None = None, *, shaped: bool = True) -> bytes:
    """Presentation forms in the order of display, as many report generators write."""
    try:
        pdfmetrics.registerFont(TTFont(FONT, _FONT_FILE))
    except TTFError:
        raise NotHere(f"{FONT} is not installed") from None
    shape = arabic_reshaper.ArabicReshaper({"delete_harakat": False}).reshape if shaped else str
    saved = io.BytesIO()
    canvas = Canvas(saved)
    canvas.setFont(FONT, _SIZE)
    y = _TOP
    for line in _wrapped(text):
        if y < _BOTTOM:
            canvas.showPage()
            canvas.setFont(FONT, _SIZE)
            y = _TOP
        canvas.drawRightString(_RIGHT, y, get_display(shape(line)))
        y -= _LEADING
    canvas.save()
    return saved.getvalue()


def _wrapped(text: str) -> list[str]:
    lines: list[str] = []
    for paragraph in filter(str.strip, text.split("\n")):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and pdfmetrics.stringWidth(longer, FONT, _SIZE) > _WIDTH:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=300)


MAKERS = {"chromium": by_chromium, "libreoffice": by_libreoffice, "reportlab": by_reportlab}


def endless(levels: int = 12, wide: int = 8) -> bytes:
    """A file of a few KB whose one page takes for ever: each of its forms draws the next one
    ``wide`` times."""
    font = "/Font << /H << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    draw = "/F Do " * wide
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        " /Resources << /XObject << /F 5 0 R >> >> >>",
        f"<< /Length {len(draw)} >>\nstream\n{draw}\nendstream",
    ]
    form = "<< /Type /XObject /Subtype /Form /BBox [0 0 600 800]"
    for n in range(levels):
        deepest = n == levels - 1
        drawn = "BT /H 12 Tf 10 10 Td (word) Tj ET" if deepest else draw
        uses = font if deepest else f"/XObject << /F {6 + n} 0 R >>"
        objects.append(
            f"{form} /Resources << {uses} >> /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
        )
    return _pdf(objects)


def _pdf(objects: list[str]) -> bytes:
    made, starts = "%PDF-1.4\n", []
    for n, written in enumerate(objects, start=1):
        starts.append(f"{len(made):010d} 00000 n \n")
        made += f"{n} 0 obj\n{written}\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{''.join(starts)}"
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return (made + table + trailer).encode()
