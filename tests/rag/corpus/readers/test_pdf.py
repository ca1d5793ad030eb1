"""Arabic out of PDF files: every word, in reading order, and a page that reads badly is told."""

import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from made_pdfs import MAKERS, NotHere, by_reportlab, endless

from rag.corpus.documents import make_document
from rag.corpus.extracted import Limits
from rag.corpus.readers import pdf
from rag.corpus.text import words
from rag.errors import BadArticle

MIXED = """اجتماع اللجنة
عُقد الاجتماع الأول يوم 28 يونيو 2021 في مدينة روما (إيطاليا)، وشارك فيه 83 وزيراً ووفداً.
ويضم التحالف أكثر من 10.000 مقاتل، أي بزيادة 12.5% بين 2013-2019، وفق تقرير Global Policy Center.
وقال الأمين العام إن اللقاءات لا تزال مستمرة، وإن الأعضاء ملتزمون بالاتفاق رقم 1373.
"""


def made(maker: str, text: str, folder: Path) -> bytes:
    try:
        return MAKERS[maker](text, folder)
    except NotHere as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("maker", MAKERS)
def test_an_article_is_read_in_order(maker: str, seeds: Path, tmp_path: Path) -> None:
    (path,) = seeds.glob("003_*.txt")
    truth = words(path.read_text("utf-8"))
    document = make_document("a.pdf", made(maker, path.read_text("utf-8"), tmp_path))
    read = words(document.text)
    assert (Counter(truth) & Counter(read)).total() / len(truth) >= 0.9
    assert SequenceMatcher(None, truth, read, autojunk=False).ratio() >= 0.9
    assert document.article.quality != "doubtful"
    assert document.article.language == "ar"


@pytest.mark.parametrize("maker", MAKERS)
def test_numbers_and_latin_words_keep_their_direction(maker: str, tmp_path: Path) -> None:
    document = make_document("a.pdf", made(maker, MIXED, tmp_path))
    text = " ".join(document.text.split())
    for run in (
        "28 يونيو 2021",
        "83 وزيراً",
        "10.000 مقاتل",
        "Global Policy Center",
        "1373",
        "12.5% بين 2013-2019،",
    ):
        if maker == "reportlab" and re.search("[A-Z%-]", run):
            continue  # its font has no such letters and signs
        assert run in text
    assert not any("\ufb50" <= char <= "\ufefc" for char in document.text)


TANWIN = (
    "أولاً وقبل كل شيء كان ذلك مثلاً جيدًا وفعلاً قال الرجل إنه انتظر قليلاً ثم ذهب ليلاً ونهارًا.",
    "هذا الكتاب مهم جداً وهو أيضاً كتابٌ قديمٌ في علمٍ جديدٍ على الناس، وفيه 1,250 مثالاً في الطب.",
)


@pytest.mark.parametrize("maker", MAKERS)
def test_tanwin_ends_a_word_and_parts_none(maker: str, tmp_path: Path) -> None:
    text = make_document("a.pdf", made(maker, "\n".join(TANWIN), tmp_path)).text
    assert words(text) == words(" ".join(TANWIN))


@pytest.mark.parametrize("maker", ["chromium", "libreoffice"])
def test_quotation_marks_on_two_lines(maker: str, tmp_path: Path) -> None:
    said = "إن نتائج هذه الحملة ستعلن في مؤتمر صحفي نهاية العام بحضور المنظمات الدولية الداعمة " * 2
    quoted = f"وختم الوزير بالقول أمام الصحفيين والحاضرين: «{said.strip()}» ثم غادر (مع مرافقيه)."
    text = make_document("a.pdf", made(maker, quoted, tmp_path)).text
    assert " ".join(text.split()) == quoted


def test_pages_begin_where_their_words_do(seeds: Path) -> None:
    (path,) = seeds.glob("003_*.txt")
    try:
        document = make_document("a.pdf", by_reportlab(path.read_text("utf-8")))
    except NotHere as error:
        pytest.skip(str(error))
    starts = document.article.page_starts
    assert starts[0] == 0
    assert len(starts) > 1
    assert list(starts) == sorted(set(starts))
    assert [document.article.page_of(start) for start in starts] == list(range(1, len(starts) + 1))
    pages = pdf.read(by_reportlab(path.read_text("utf-8")), Limits())
    for start, begins in zip(starts, pages.page_starts, strict=True):
        assert document.text[start:].split()[:3] == pages.text[begins:].split()[:3]


def test_a_page_of_wrong_letters_is_told(seeds: Path) -> None:
    """As a font does whose character map is wrong: every letter is another one."""
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    (path,) = seeds.glob("004_*.txt")
    good = path.read_text("utf-8")
    wrong = good.translate(str.maketrans(letters, letters[7:] + letters[:7]))
    try:
        document = make_document("a.pdf", by_reportlab(wrong))
    except NotHere as error:
        pytest.skip(str(error))
    assert document.article.quality == "doubtful"
    assert {r.kind: r.lines for r in document.article.repairs}["doubtful_pages"] == (1, 2)


def test_a_page_that_takes_for_ever_is_given_up_and_the_next_file_read() -> None:
    with pytest.raises(BadArticle, match=r"page 1 cannot be read within 0\.5 seconds"):
        pdf.read(endless(), Limits(page_seconds=0.5))
    assert "word" in pdf.read(endless(levels=1, wide=1), Limits()).text


def test_a_reader_that_dies_costs_the_file_that_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """As PDFium's crash would; it takes the process along."""
    good = endless(levels=1, wide=1)
    pdf.read(good, Limits())
    process = pdf._READER._process
    assert process is not None
    process.terminate()
    process.wait()
    monkeypatch.setattr(process, "poll", lambda: None)  # it dies when it is asked
    with pytest.raises(BadArticle, match="PDFium crashed"):
        pdf.read(good, Limits())
    monkeypatch.undo()
    assert "word" in pdf.read(good, Limits()).text
