"""Reading order of a page's characters from where they stand, for right-to-left scripts.

What a PDF holds is shapes at places. Their order in the file may be that of reading, of painting
from left to right, or a mixture, so within a line the places decide: characters run in the line's
direction, and runs of the other direction (numbers and Latin words in an Arabic line) in theirs,
which undoes what the bidirectional algorithm (Unicode Annex 9) did for display. The order of the
lines is the file's own, which keeps columns apart.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

# Parts of the letter size: baselines this near are one line, gaps this wide part words where the
# line has spaces of its own, and where it has none.
_SAME_LINE = 0.5
_GAP_BESIDE_SPACES = 0.18
_GAP_WITHOUT_SPACES = 0.13
_COLUMN_GAP = 4.0
# Latin words with what stands between them, or a number with its separators: behind Arabic letters
# a number is of bidi class AN (rule W2), so that a sign or hyphen beside it runs with the line.
_LEFT_TO_RIGHT = re.compile(
    r"[A-Za-z\u00c0-\u024f\u0370-\u04ff](?:[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]*"
    r"[A-Za-z\u00c0-\u024f\u0370-\u04ff\d])?|\d+(?:[.,:/٫٬]\d+)*"
)
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff](?:[^A-Za-z\u00c0-\u024f]*[\u0590-\u08ff])?")
_STOP_AT_THE_LEFT = re.compile(r"^([.,:!?،؛؟]+)\s*(\w.*)$")
_RIGHT_TO_LEFT_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
# Marks of the last letter of a word.
_TANWIN = "\u064b\u064c\u064d"
# A letter or ligature is at most so wide.
_LETTER = 0.6
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("«", "»"))


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as painted: its ``x`` is where its pen starts, ``right`` where its box ends,
    ``y`` its baseline, ``size`` its letter size, all in points from the lower left. ``line``
    counts the lines of the file's own order."""

    char: str
    x: float
    right: float
    y: float
    size: float
    line: int


def ordered(glyphs: Iterable[Glyph]) -> str:
    """The lines of a page in reading order."""
    lines = _lines(list(glyphs))
    leftward = _leftward("".join(glyph.char for line in lines for glyph in line), False)
    read = [_read(line, leftward) for line in lines]
    # A pair of brackets may stand on two lines, so all of a page tell how they were painted.
    turned = iter(_balanced("\n".join(text for text, left in read if left)).split("\n"))
    return "\n".join(
        filter(None, (_balanced(next(turned)) if left else text for text, left in read))
    )


def _leftward(text: str, page_leftward: bool) -> bool:
    """Whether a text runs from right to left: on a page that does, one such letter is enough."""
    there = len(_RIGHT_TO_LEFT_LETTER.findall(text))
    latin = len(_LATIN_LETTER.findall(text))
    return page_leftward if not there + latin else there > (0 if page_leftward else latin)


def _lines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The glyphs by line: neighbours in the file's order that share a baseline."""
    runs = [list(run) for _, run in groupby(glyphs, key=lambda glyph: glyph.line)]
    lines: list[list[Glyph]] = []
    for run in runs:
        if lines and _one_line(lines[-1], run):
            lines[-1] += run
        else:
            lines.append(run)
    return lines


def _one_line(line: list[Glyph], run: list[Glyph]) -> bool:
    size = max(glyph.size for glyph in line + run)
    apart = abs(_baseline(line) - _baseline(run))
    gap = max(
        min(g.x for g in run) - max(g.right for g in line),
        min(g.x for g in line) - max(g.right for g in run),
    )
    return apart <= _SAME_LINE * size and gap <= _COLUMN_GAP * size


def _baseline(line: list[Glyph]) -> float:
    letters = [glyph.y for glyph in line if not _is_mark(glyph.char)]
    return median(letters or [glyph.y for glyph in line])


def _without_echoes(line: list[Glyph]) -> list[Glyph]:
    """The line without letters that a mark gives a second time: those of the ligature it is on."""
    at: dict[tuple[float, float], list[Glyph]] = {}
    for glyph in line:
        at.setdefault((glyph.x, glyph.y), []).append(glyph)
    marked = {
        place: (min(g.x for g in some), max(g.right for g in some), {g.char for g in some})
        for place, some in at.items()
        if len(some) > 1 and any(_is_mark(g.char) for g in some)
    }
    echoes = {
        place
        for place, (left, right, chars) in marked.items()
        for other, (start, end, all_of_them) in marked.items()
        if chars < all_of_them and place[1] != other[1] and start <= left and right <= end
    }
    return [glyph for glyph in line if (glyph.x, glyph.y) not in echoes]


def _read(line: list[Glyph], page_leftward: bool) -> tuple[str, bool]:
    """A line in reading order, its brackets as painted, and whether it runs to the left."""
    line = _without_echoes(line)
    letters = [glyph for glyph in line if not _is_mark(glyph.char)]
    if not letters:
        return "", False
    text = "".join(glyph.char for glyph in letters)
    leftward = _leftward(text, page_leftward)
    placed = sorted(letters, key=lambda g: (-g.x if leftward else g.x, _rank(g.char)))
    spaced = _spaced(placed, _marks(line, letters), _endings(line))
    if leftward:
        return _LEFT_TO_RIGHT.sub(lambda m: _turned(m.group()), spaced).strip(), True
    read = _RIGHT_TO_LEFT.sub(lambda m: _turned(m.group()), spaced).strip()
    # The stop of a right-to-left paragraph that ends in Latin words stands at their left.
    return _STOP_AT_THE_LEFT.sub(r"\2\1", read) if page_leftward else read, False


def _rank(char: str) -> int:
    """The order of glyphs of one place: a space parts what is there from what is before it, and
    a ligature is of lam and alef; the parts of any other one stand in order."""
    return 0 if char.isspace() else 2 if char in "اأإآ" else 1


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def _marks(line: list[Glyph], letters: list[Glyph]) -> dict[int, str]:
    """The marks of each letter (by its identity): those that stand over or under it."""
    found: dict[int, str] = {}
    bases = [letter for letter in letters if not letter.char.isspace()]
    for mark in line:
        if _is_mark(mark.char) and bases:
            middle = (mark.x + mark.right) / 2
            base = min(bases, key=lambda g: max(g.x - middle, middle - g.right, 0.0))
            found[id(base)] = found.get(id(base), "") + mark.char
    return found


def _endings(line: list[Glyph]) -> set[tuple[float, float]]:
    """The places of letters with tanwin («لاً»), where the file gives them with the mark, at its
    place and no wider than it is: nothing is known of where they end, but that they end a word."""
    letters = {(glyph.x, glyph.y) for glyph in line if not _is_mark(glyph.char)}
    return {(g.x, g.y) for g in line if g.char in _TANWIN} & letters


def _spaced(placed: list[Glyph], marks: dict[int, str], endings: set[tuple[float, float]]) -> str:
    """The characters with a space wherever a gap, or the end of a word, parts two words."""
    has_spaces = any(glyph.char.isspace() for glyph in placed)
    widest = _GAP_BESIDE_SPACES if has_spaces else _GAP_WITHOUT_SPACES
    pieces = [placed[0].char + marks.get(id(placed[0]), "")]
    for before, glyph in pairwise(placed):
        place, last = (glyph.x, glyph.y), (before.x, before.y)
        apart = max(before.x - glyph.right, glyph.x - before.right) / glyph.size
        if (before.char + glyph.char).isspace():
            ends = False
        elif last in endings and last != place and not _is_seat(before.char, glyph.char):
            ends = glyph.char.isalpha()
        else:
            ends = apart > (_LETTER if place in endings else widest)
        pieces.append(" " * ends + glyph.char + marks.get(id(glyph), ""))
    return " ".join("".join(pieces).split())


def _is_seat(marked: str, following: str) -> bool:
    """Whether a letter may be the alif that is written behind one with tanwin («جيدًا»)."""
    return marked not in "اى" and following in "اى"


def _turned(run: str) -> str:
    """A run back to front, marks behind their letters."""
    clusters = re.findall(r".[\u064b-\u065f\u0670\u0300-\u036f]*", run, re.DOTALL)
    return "".join(reversed(clusters))


def _balanced(text: str) -> str:
    """Brackets of a kind that close before they open were painted mirrored: they are turned."""
    for opening, closing in _PAIRS:
        turned = text.translate(str.maketrans(opening + closing, closing + opening))
        if _misplaced(turned, opening, closing) < _misplaced(text, opening, closing):
            text = turned
    return text


def _misplaced(text: str, opening: str, closing: str) -> int:
    depth = wrong = 0
    for char in text:
        if char == opening:
            depth += 1
        elif char == closing:
            wrong += depth == 0
            depth = max(depth - 1, 0)
    return wrong + depth
