"""Letters of a font that is not known: learned where the text proves them, else left visible."""

import re
from pathlib import Path

import pytest

from rag.corpus.documents import make_document
from rag.corpus.glyphs import learned
from rag.corpus.repair import repair

JOINING = "بتثجحخسشصضطظعغفقكلمنهيئ"
UNKNOWN = "\ue7a1"


def spoilt(text: str, letter: str, *, final: bool) -> str:
    """As a font does that has one joined shape of a letter in private use."""
    end = "(?![ء-ي])" if final else "(?=[ء-ي])"
    return re.sub(f"(?<=[{JOINING}]){letter}{end}", UNKNOWN, text)


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize("letter", "يمنرهلتعق")
@pytest.mark.parametrize("article", ["001", "002", "003", "004"])
def test_what_is_mended_is_right(seeds: Path, article: str, letter: str, final: bool) -> None:
    (path,) = seeds.glob(f"{article}_*.txt")
    truth = path.read_text("utf-8")
    given = spoilt(truth, letter, final=final)
    mended, repairs = repair(given)
    kinds = {repair.kind: repair.count for repair in repairs}
    if "learned_letters" in kinds:
        assert mended == truth
    else:
        assert mended == given
        assert kinds["unknown_glyphs"] == given.count(UNKNOWN)


@pytest.mark.parametrize(("letter", "final"), [("ي", True), ("ي", False), ("م", False)])
def test_a_long_text_proves_its_letters(seeds: Path, letter: str, final: bool) -> None:
    (path,) = seeds.glob("003_*.txt")
    glyph = learned(spoilt(path.read_text("utf-8"), letter, final=final))[UNKNOWN]
    assert (glyph.letter, glyph.shape) == (letter, "final" if final else "medial")


def test_reversed_lines_of_a_learned_letter_are_turned_round(seeds: Path) -> None:
    (path,) = seeds.glob("003_*.txt")
    truth = path.read_text("utf-8") + "\nوصل أخيرا الوفد الرسمي"
    given = spoilt(truth, "ي", final=True)
    *lines, last = given.split("\n")
    assert last.endswith(UNKNOWN)
    mended, _ = repair("\n".join([*lines, UNKNOWN + last[:-1]]))
    assert mended == truth


def test_what_is_not_proven_is_told(seeds: Path) -> None:
    document = make_document("a.txt", "كلمة واحدة فقط\ue7a1 لا تثبت حرفا.".encode())
    assert "\ue7a1" in document.text
    assert document.article.quality == "doubtful"
