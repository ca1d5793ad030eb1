"""Mend what a text extractor did to a text, and nothing else: an author's spelling stays.

Four kinds of damage, each recognised by what only an extractor can have done:

* *Private-use letters.* Some Arabic fonts hold joined letter shapes at private-use code points;
  the text extracted from such a PDF has those instead of letters. They are mapped back where the
  neighbouring letters allow that joined shape, and left visible everywhere else. Those of a font
  that is not known are learned where the text itself proves them (`rag.corpus.glyphs`).
* *Reversed lines.* Private-use code points count as left-to-right (Unicode bidi class L), so a
  line that ended in one was taken for a left-to-right line and its runs were written last to
  first. It then *begins* with a joined shape, which no line can.
* *Lost characters.* Those that their file holds no more are told, by the mark in their place.
* *Hard wraps.* Lines broken at the width of a page, in mid-sentence, are joined.
"""

import re
from collections.abc import Iterable, Mapping

from rag.corpus.glyphs import ARABIC_LETTER, PRIVATE, Glyph, learned
from rag.corpus.glyphs import GLYPHS as GLYPHS
from rag.records import Repair

# What stands in the place of a character that is damaged in the file.
LOST = "\ufffd"
# Half characters and control characters, which JSON can write, and no text can hold.
UNSOUND = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ud800-\udfff]")
_ANY_PRIVATE = re.compile(PRIVATE)
# Spaces, punctuation and digits between such a letter and an Arabic one are taken along (rules
# W7, N1 and N2 of the bidi algorithm); Arabic marks stay with their letter.
_LEFT_TO_RIGHT_RUN = re.compile(rf"((?:\d|[^\w\u064b-\u065f\u0670])*{PRIVATE}+)")
_NUMBER_OR_CHARACTER = re.compile(r"\d+(?:[.,:/]\d+)*|.", re.DOTALL)
_ARABIC_LETTER = re.compile(ARABIC_LETTER)
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]+$")
# Letters that never join to what follows them (Unicode joining type R or U).
_NEVER_JOINS_ON = frozenset("ءآأؤإاةدذرزوىٱۀۃ")

_TERMINAL = re.compile(r"[.!?؟…:؛]['\"”“»)\]]*\s*$")
_BULLET = re.compile(r"\s*(?:[•▪◦*–—-]|ـ\s|\d{1,3}[.)-]\s)")


def repair(text: str, *, whole_paragraphs: bool = False) -> tuple[str, tuple[Repair, ...]]:
    """The canonical text of an extracted ``text``, and what was mended to get it.

    Text without such damage comes back as it is, with no repairs. In ``whole_paragraphs`` no line
    was cut by a page.
    """
    text = UNSOUND.sub(LOST, text)
    lines = text.split("\n")
    repairs: list[Repair] = []
    if _ANY_PRIVATE.search(text):
        lines, repairs = _restore_letters(lines)
    if lost := text.count(LOST):
        at = (n for n, line in enumerate(lines) if LOST in line)
        repairs.append(Repair("lost_characters", lost, _numbers(at)))
    if not whole_paragraphs and (wrap_width := _wrap_width(lines)):
        lines, joined = _join_wraps(lines, wrap_width)
        repairs.append(Repair("hard_wraps", joined))
    return "\n".join(lines), tuple(repairs)


def _restore_letters(lines: list[str]) -> tuple[list[str], list[Repair]]:
    """Put reversed lines in order, then map joined shapes to their letters."""
    found = learned("\n".join(lines))
    glyphs = GLYPHS | found
    reversed_at = [n for n, line in enumerate(lines) if _starts_joined(line, glyphs)]
    ordered = list(lines)
    for n in reversed_at:
        ordered[n] = _reorder(lines[n])
    mapped = [_map_glyphs(line, glyphs) for line in ordered]
    mended = [_count(a) - _count(b) for a, b in zip(ordered, mapped, strict=True)]
    repairs = [
        Repair("learned_letters", len(found)),
        Repair("private_use_letters", sum(mended), _numbers(n for n, c in enumerate(mended) if c)),
        Repair("reversed_lines", len(reversed_at), _numbers(reversed_at)),
        Repair(
            "unknown_glyphs",
            _count("".join(mapped)),
            _numbers(n for n, line in enumerate(mapped) if _count(line)),
        ),
    ]
    return mapped, [r for r in repairs if r.count]


def _starts_joined(line: str, glyphs: Mapping[str, Glyph]) -> bool:
    glyph = glyphs.get(line.lstrip()[:1])
    return glyph is not None and glyph.shape != "any"


def _numbers(indices: Iterable[int]) -> tuple[int, ...]:
    return tuple(n + 1 for n in indices)


def _count(text: str) -> int:
    return len(_ANY_PRIVATE.findall(text))


def _reorder(line: str) -> str:
    """Undo a run-by-run reversal: runs last to first, left-to-right ones turned round again."""
    runs = _LEFT_TO_RIGHT_RUN.split(line)
    turned = [_turned(run) if n % 2 else run for n, run in enumerate(runs)]
    return "".join(reversed(turned))


def _turned(run: str) -> str:
    return "".join(reversed(_NUMBER_OR_CHARACTER.findall(run)))


def _map_glyphs(line: str, glyphs: Mapping[str, Glyph]) -> str:
    """Replace each joined shape whose neighbours allow it; leave the others as they are."""
    out: list[str] = []
    for n, char in enumerate(line):
        glyph = glyphs.get(char)
        following = line[n + 1 : n + 2]
        fits = glyph is not None and _fits(glyph, "".join(out[-4:]), following, glyphs)
        out.append(glyph.letter if glyph and fits else char)
    return "".join(out)


def _fits(glyph: Glyph, before: str, following: str, glyphs: Mapping[str, Glyph]) -> bool:
    letter = _MARKS.sub("", before)[-1:]
    goes_on = bool(_ARABIC_LETTER.fullmatch(following)) or following in glyphs
    if glyph.shape == "any":
        return goes_on or bool(_ARABIC_LETTER.fullmatch(letter))
    if not _ARABIC_LETTER.fullmatch(letter):
        return False
    if glyph.shape == "mark":
        return True
    if glyph.shape == "medial" and not goes_on:
        return False
    return letter not in _NEVER_JOINS_ON


def _wrap_width(lines: list[str]) -> int:
    """The page width, in characters, of a text broken into lines by a page; 0 for any other.

    In a wrapped text most lines stop without a stop, all at about one width. Lines that are
    paragraphs end in punctuation, headings are short, verse is narrow.
    """
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    if len(lengths) < 6:
        return 0
    width = lengths[len(lengths) * 9 // 10]
    unfinished = [line for line in lines if line.strip() and not _TERMINAL.search(line)]
    full = sum(len(line.strip()) >= 0.75 * width for line in unfinished)
    wrapped = 50 <= width <= 200 and full >= max(4, 0.8 * len(unfinished), 0.4 * len(lengths))
    return width if wrapped else 0


def _join_wraps(lines: list[str], width: int) -> tuple[list[str], int]:
    """One line a paragraph, blank lines between; also how many line breaks were taken out.

    A blank line after a full line without a stop is page layout, not the end of a paragraph.
    """
    paragraphs: list[list[str]] = []
    goes_on, joined = False, 0
    for n, line in enumerate(lines):
        words = line.strip()
        if not words:
            continue
        if goes_on and not _BULLET.match(words):
            glue = "" if paragraphs[-1][-1].endswith("-") else " "
            paragraphs[-1] += [glue, words]
            joined += 1
        else:
            paragraphs.append([words])
        blank_next = not "".join(lines[n + 1 : n + 2]).strip()
        if _TERMINAL.search(words[-20:]):
            goes_on = not blank_next and len(words) >= 0.8 * width
        else:
            goes_on = len(words) >= 0.7 * width
    return _spaced(["".join(pieces) for pieces in paragraphs]), joined


def _spaced(paragraphs: list[str]) -> list[str]:
    return [line for paragraph in paragraphs for line in (paragraph, "")][:-1]
