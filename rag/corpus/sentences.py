"""Where paragraphs, sentences and clauses begin and end, as exact spans of a text.

Rules, not a model: a stop ends a sentence unless it stands inside a number (``10.000``), after
an initial or a known abbreviation (``د.``, ``Dr.``), or in a run of stops used as a dash
(``الإرهاب.. تحديات``). A stop with no space after it ends one between Arabic letters and before
a capital. Trailing quotes and brackets belong to the sentence they close.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from rag.records import Span

# A sentence up to this many characters is quoted whole, a longer one by clause.
LONGEST_SENTENCE = 260
SHORTEST_CLAUSE = 50
# Words that run on without any mark (a transcript, say) are cut between words at this length.
_LONGEST_CLAUSE = 2 * LONGEST_SENTENCE
_LONGEST_WORD = 8 * LONGEST_SENTENCE
# A line this long that does not end in a stop goes on in the next one; a shorter one is a heading.
_SHORTEST_WRAPPED_LINE = 60

_STOP = re.compile(r"[.!?؟…。！？۔]+[\"'”»)\]’]*")
_CLAUSE_END = re.compile(r"[؛;،,:][\"'”»)\]’]*(?=\s)|(?<!\.)\.{2,}(?=\s)|\s[-–—](?=\s)")
_CLAUSE_MARKS = "؛;،,:-–— \t\n\r\u00a0"
_ARABIC = "\u0621-\u064a"
_UNSPACED = re.compile(
    rf"[{_ARABIC}]{{2}}[.!?؟][{_ARABIC}]{{2}}|[a-zà-ÿ]{{2}}[.!?][A-ZÀ-Ý][a-zà-ÿ]"
)
_ABBREVIATION = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_]|mr|mrs|ms|dr|prof|st|vs|etc|no|nos|art|fig|vol|ed|eds|gen|col|lt|sgt"
    r"|sen|rep|gov|jr|sr|inc|ltd|co|cf|mme|mlle|mm|av|bd|env|chap|p|pp|م|د|أ|ص|هـ|ق\.م)\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 4
_ENDS_SENTENCE = re.compile(rf"(?:{_STOP.pattern}|:)\s*$")
_SPACE = re.compile(r"\s")
_WHITE = re.compile(r"\s*")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of ``text``, trimmed: its lines, but a sentence broken over lines is one.

    A blank line always ends a paragraph.
    """
    spans: list[Span] = []
    for match in _LINE.finditer(text):
        span = trimmed(text, Span(*match.span()))
        if not len(span):
            continue
        if spans and _goes_on(text, spans[-1], span):
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def _goes_on(text: str, line: Span, following: Span) -> bool:
    between = text[line.end : following.start]
    if len(re.findall(r"\r\n|[\n\r\u2028\u2029]", between)) != 1:
        return False
    last = max(text.rfind("\n", line.start, line.end) + 1, line.start)
    long_enough = line.end - last >= _SHORTEST_WRAPPED_LINE
    return long_enough and not _ENDS_SENTENCE.search(text, max(last, line.end - 20), line.end)


def trimmed(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))


def sentences(text: str, within: Span) -> list[Span]:
    """The sentences of ``text`` inside ``within``, trimmed, in order, covering all its words."""
    bounds = [within.start, *_stops(text, within), within.end]
    pieces = [trimmed(text, Span(a, b)) for a, b in pairwise(bounds)]
    return [piece for piece in pieces if len(piece)]


def _stops(text: str, within: Span) -> Iterator[int]:
    for match in _STOP.finditer(text, within.start, within.end):
        if _is_sentence_end(text, match, within):
            yield match.end()


def _is_sentence_end(text: str, stop: re.Match[str], within: Span) -> bool:
    if stop.end() >= within.end:
        return True
    marks = stop.group().rstrip("\"'”»)]’")
    spaced = text[stop.end()].isspace()
    if marks[0] == "." and len(marks) == 1:
        return _full_stop_ends(text, stop.start(), spaced, within)
    if marks[0] in ".…":  # a run of stops: an ellipsis, or a dash
        return spaced and text[stop.end() : stop.end() + 10].lstrip()[:1].isupper()
    return spaced or bool(_UNSPACED.match(text, stop.start() - 2))


def _full_stop_ends(text: str, at: int, spaced: bool, within: Span) -> bool:
    if not spaced and text[at + 1] not in "\"'”»)]’":
        return bool(_UNSPACED.match(text, max(within.start, at - 2)))
    if at > _LONGEST_ABBREVIATION and text[at - _LONGEST_ABBREVIATION - 1 : at].isalpha():
        return True  # most words are longer than any abbreviation
    return not _ABBREVIATION.search(text, max(within.start, at - 8), at + 1)


def quotable(text: str, within: Span) -> list[Span]:
    """The parts that can be quoted alone: sentences, and the clauses of those that are long."""
    return [part for s in sentences(text, within) for part in clauses(text, s)]


def clauses(text: str, sentence: Span) -> list[Span]:
    """A sentence (trimmed) in parts of at least `SHORTEST_CLAUSE` characters, cut at clause marks.

    A sentence up to `LONGEST_SENTENCE` stays whole; of a longer one each part runs to the clause
    mark within that length that lies best, or to the first one after it where there is none.
    """
    if len(sentence) <= LONGEST_SENTENCE:
        return [sentence]
    parts: list[Span] = []
    start = sentence.start
    marks = [m.end() for m in _CLAUSE_END.finditer(text, sentence.start, sentence.end)]
    while sentence.end - start > LONGEST_SENTENCE:
        cut = _cut(marks, start, sentence.end)
        if (cut or sentence.end) - start > _LONGEST_CLAUSE:
            cut = _word_end(text, start, sentence.end)
        if cut is None:
            break
        # The comma that parts two clauses belongs to neither.
        parts.append(Span(start, start + len(text[start:cut].rstrip(_CLAUSE_MARKS))))
        start = _WHITE.match(text, cut, sentence.end).end()  # type: ignore[union-attr]
    parts.append(trimmed(text, Span(start, sentence.end)))
    return [part for part in parts if len(part)]


def _word_end(text: str, start: int, end: int) -> int | None:
    """Where the first word ends that reaches the longest sentence; ``None`` if none does. No word
    is longer than `_LONGEST_WORD`: what is, is cut there."""
    last = min(start + _LONGEST_WORD, end)
    space = _SPACE.search(text, min(start + LONGEST_SENTENCE, end), last)
    return space.start() if space else last if last < end else None


def _cut(marks: list[int], start: int, end: int) -> int | None:
    """The mark nearest to the middle of an allowed part, so that no crumb is left at either end;
    where none is near enough, the first one behind. ``marks`` are in order."""
    first = bisect_left(marks, start + SHORTEST_CLAUSE)
    last = bisect_right(marks, end - SHORTEST_CLAUSE)
    near = bisect_right(marks, start + LONGEST_SENTENCE, first, max(first, last))
    if near > first:
        ideal = start + LONGEST_SENTENCE * 0.6
        return min(marks[first:near], key=lambda mark: abs(mark - ideal))
    return marks[first] if first < last else None
