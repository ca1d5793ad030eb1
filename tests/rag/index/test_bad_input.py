"""Bad files are told by name with their cause, the rest is indexed, and nothing breaks.

Everything goes through the whole index run, as a folder of a stranger would.
"""

import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from made_files import make_docx, make_epub, make_pdf, make_zip

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.corpus.extracted import Limits
from rag.corpus.read import read_bytes
from rag.engine import Engine
from rag.errors import BadArticle
from rag.index.build import Report, sync
from rag.records import Question
from rag.settings import Settings

GOOD = "The ministers met in Rome in June to discuss the coalition."
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha ha ha ha ha ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><x>&i;</x>"
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "articles"
    place.mkdir()
    (place / "good.txt").write_text(GOOD)
    return place


def no_pages() -> bytes:
    saved = io.BytesIO()
    pypdfium2.PdfDocument.new().save(saved)
    return saved.getvalue()


def with_part(document: bytes, name: str, content: str | bytes) -> bytes:
    """The archive with one part replaced."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parts: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    return make_zip(parts | {name: content})


ZEROS = bytes(210_000_000)
BAD = {
    "encrypted.pdf": (lambda: make_pdf([GOOD], password="secret"), "encrypted"),
    "cut off.pdf": (lambda: make_pdf([GOOD] * 9)[:-3000], "cut off"),
    "no pages.pdf": (no_pages, "without pages"),
    "images.pdf": (lambda: make_pdf(["", ""]), "no text on its pages"),
    "many.pdf": (lambda: make_pdf([GOOD] * 500), "has 500 pages; at most 400"),
    "bomb.docx": (lambda: with_part(make_docx((GOOD,)), "word/x.xml", ZEROS), "unpacks to"),
    "bomb.epub": (lambda: make_epub((GOOD,), extra={"big": ZEROS}), "unpacks to"),
    "climbing.docx": (lambda: with_part(make_docx((GOOD,)), "../../x", "x"), "leads out"),
    "climbing.epub": (lambda: make_epub((GOOD,), extra={"/etc/passwd": "x"}), "leads out"),
    "entities.docx": (
        lambda: with_part(make_docx((GOOD,)), "word/document.xml", BOMB), "declares XML entities",
    ),
    "entities16.docx": (
        lambda: with_part(make_docx((GOOD,)), "word/document.xml", BOMB.encode("utf-16")),
        "declares XML entities",
    ),
    "entities.epub": (
        lambda: make_epub((GOOD,), extra={"OEBPS/book.opf": BOMB}), "declares XML entities",
    ),
    "missing.epub": (lambda: make_epub((GOOD,), extra={"OEBPS/book.opf": "<x/>"}), "no text"),
    "broken.docx": (
        lambda: with_part(make_docx((GOOD,)), "word/document.xml", "<not xml"), "damaged",
    ),
    "deep.jsonl": (lambda: b'{"text": "half \\ud800 of it"}\n' + b'{"text": ' + b"[" * 100_000, "line 2: not JSON"),
    "script.html": (lambda: b"<!doctype html><script>steal()</script>", "no text in this page"),
    "nothing.txt": (bytes, "empty"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "old Word file"),
    "letter.rtf": (lambda: b"{\\rtf1 words}", "RTF"),
}  # fmt: skip


def failures(report: Report) -> dict[str, str]:
    return {Path(o.path).name: o.detail for o in report.outcomes if o.action == "failed"}


def done(report: Report) -> set[str]:
    return {Path(o.path).name for o in report.outcomes if o.action == "new"}


def test_every_bad_file_is_told_and_the_rest_is_indexed(
    folder: Path, tmp_path: Path, encoder: Encoder
) -> None:
    for name, (make, _) in BAD.items():
        (folder / name).write_bytes(make())
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(200_000_000)
    report = sync(tmp_path / "home", encoder, [folder], limits=Limits(pages=400))
    told = failures(report)
    assert told.keys() == {*BAD, "huge.txt"}
    for name, (_, cause) in BAD.items():
        assert re.search(cause, told[name]), (name, told[name])
    assert told["huge.txt"] == "larger than 50,000,000 bytes: 200,000,000"
    assert done(report) == {"good.txt", "deep.jsonl"}
    assert not any("\n" in cause for cause in told.values())


def test_five_hundred_pages_are_read(folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    pages = [f"On page {n} the price of oil rose by {n} percent." for n in range(1, 501)]
    (folder / "many.pdf").write_bytes(make_pdf(pages))
    report = sync(tmp_path / "home", encoder, [folder])
    assert done(report) == {"good.txt", "many.pdf"}


def test_a_line_of_a_million_characters(folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    (folder / "long.txt").write_text("word " * 200_000)
    (folder / "wide.txt").write_text("ا" * 1_000_000)
    (folder / "deep.html").write_text("<!doctype html>" + "<div>" * 200_000 + GOOD)
    report = sync(tmp_path / "home", encoder, [folder])
    assert {"good.txt", "long.txt", "wide.txt"} <= done(report)
    assert set(failures(report)) <= {"deep.html"}


NAMES = [
    "new\nline.txt",
    "bidi\u202egnp.txt",
    "ن" * 125 + "a.txt",
    "tab\tand'quote\".txt",
    "-rf.txt",
]


def test_odd_names_are_indexed(folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    assert max(len(name.encode()) for name in NAMES) == 255
    for n, name in enumerate(NAMES):
        (folder / name).write_text(f"{GOOD} This is number {n}.")
    with open(os.fsencode(folder) + b"/not\xff\xfeutf8.txt", "w") as file:
        file.write(GOOD)
    report = sync(tmp_path / "home", encoder, [folder])
    assert done(report) == {"good.txt", *NAMES}
    (cause,) = failures(report).values()
    assert cause == "its name is not valid text; rename it"


def test_links_that_lead_out_are_told(folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("The password of the archive is swordfish.")
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "nowhere.txt").symlink_to(tmp_path / "nothing")
    (folder / "round.txt").symlink_to(folder / "round.txt")
    (folder / "inside.txt").symlink_to(folder / "good.txt")
    report = sync(tmp_path / "home", encoder, [folder])
    out, nowhere = "a link that leads out of the folder", "a link that leads nowhere"
    assert failures(report) == {
        "file.txt": out, "folder": out, "nowhere.txt": nowhere, "round.txt": nowhere,
    }  # fmt: skip
    assert report.articles == 1


def test_a_file_that_changes_while_it_is_read() -> None:
    """The kernel writes this one as it is read: it has another size than it says."""
    with pytest.raises(BadArticle, match="written to while it was read"):
        read_bytes(Path("/proc/self/status"))


def test_what_is_no_ordinary_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(BadArticle, match="not an ordinary file"):
        read_bytes(tmp_path / "pipe.txt")


@pytest.fixture
def locked_folder() -> Iterator[Path]:
    """A folder with what its reader may not read; root, who may read all, becomes nobody."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        folder = Path(place)
        folder.chmod(0o755)
        (folder / "good.txt").write_text(GOOD)
        (folder / "secret.txt").write_text(GOOD)
        (folder / "secret.txt").chmod(0)
        (folder / "closed").mkdir()
        (folder / "closed").chmod(0)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            (folder / "closed").chmod(0o755)


def test_no_permission(locked_folder: Path, encoder: Encoder) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        report = sync(Path(home), encoder, [locked_folder, locked_folder / "closed" / "a.txt"])
        denied = "cannot be read: Permission denied"
        assert failures(report) == {"secret.txt": denied, "closed": denied, "a.txt": denied}
        assert done(report) == {"good.txt"}


def test_a_quote_of_a_pdf_names_its_page(folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    subjects = "harbour bridge tower market school library theatre garden station museum".split()
    pages = [
        f"The {s} of the town was opened by the mayor in {1900 + n}."
        for n, s in enumerate(subjects)
    ]
    (folder / "towns.pdf").write_bytes(make_pdf(pages))
    sync(tmp_path / "home", encoder, [folder])
    engine = Engine(Settings(home=tmp_path / "home"), encoder)
    cited = [
        citation
        for subject in subjects
        for citation in engine.ask(Question(f"When was the {subject} opened?")).reply.citations
    ]
    assert cited
    begins = [(citation.quote.splitlines()[0], citation.page) for citation in cited]
    assert all(page == pages.index(line) + 1 for line, page in begins)
