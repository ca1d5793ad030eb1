"""Sentences split off a text while it is still being written, with the numbers each one cites.

A sentence is whole when the next one has begun, its line has ended or the text has; its markers may
stand inside it or behind its stop.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.corpus.sentences import sentences
from rag.corpus.text import words
from rag.records import Span

# Markers as models write them: [1], [1, 2], 【1】, [^1]; «\d» is any script's digit.
_MARKER = re.compile(r"[\[【]\s*\^?(\d+(?:\s*[,،;]\s*\d+)*)\s*(?:†[^\]】]*)?[\]】]")
_SPACED_MARKER = re.compile(rf"\s*{_MARKER.pattern}")
_LEADING_MARKERS = re.compile(rf"(?:\s*{_MARKER.pattern}[.؟?!,،;]*)+")
_TIGHT = re.compile(r"(?<=[^\s\[【\]】])(?=[\[【]\s*\^?\d)")
# What opens a line of a list, a heading or a quotation in Markdown.
_OPENER = re.compile(r"^\s*(?:[-*•‣>#]+|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_THOUGHT = re.compile(r"^\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_THINKING = re.compile(r"\s*<think")
# So much of the next sentence must be there before the end of one is certain.
_BEYOND = 16
_LONGEST = 1000
_LINE_END = re.compile(r"[\n\r\u2028\u2029]")
_STOP = re.compile(r"[.!?؟…。！？۔]")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence without its markers, on one line, and the numbers that it cites, in order.

    ``opens`` says whether it begins a line of its own.
    """

    text: str
    cited: tuple[int, ...]
    opens: bool


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """The sentences of the text that comes in ``pieces``, each as soon as it is whole.

    An error of ``pieces`` is passed on, and the sentence that it cuts off is lost; a sentence
    longer than any is lost too. What a model thinks aloud before it answers is skipped.
    """
    held, fresh = "", True
    for piece in pieces:
        held += piece
        if fresh:
            held = _OPENER.sub("", _THOUGHT.sub("", held))
            if _THINKING.match(held):
                continue
        *lines, held = _LINE_END.split(held)
        for line in lines:
            yield from _of_line(line, fresh=fresh)
            fresh = True
        whole, rest = _whole(held) if _STOP.search(held) else ("", held)
        if whole:
            yield from _of_line(whole, fresh=fresh)
            held, fresh = rest, False
        if len(held) > _LONGEST:
            held, fresh = "", False
    if not _THINKING.match(held):
        yield from _of_line(held, fresh=fresh)


def _whole(held: str) -> tuple[str, str]:
    """The sentences of an unfinished line that are certainly whole, and what follows them."""
    spaced = _TIGHT.sub(" ", held)
    spans = sentences(spaced, Span(0, len(spaced)))
    for last in reversed(spans[1:]):
        own = _LEADING_MARKERS.match(spaced, last.start)
        start = own.end() if own else last.start
        if len(spaced) - start >= _BEYOND and "[" not in spaced[start : start + 2].lstrip():
            return spaced[:start], spaced[start:]
    return "", held


def _of_line(line: str, *, fresh: bool) -> Iterator[Draft]:
    text = _TIGHT.sub(" ", _OPENER.sub("", line) if fresh else line)
    drafted: list[tuple[str, str]] = []
    for span in sentences(text, Span(0, len(text))):
        sentence = span.of(text)
        own = _LEADING_MARKERS.match(sentence)
        if own and drafted:
            before, markers = drafted[-1]
            drafted[-1] = before, markers + own.group()
            sentence = sentence[own.end() :]
        if sentence.strip():
            drafted.append((sentence, ""))
    for n, (sentence, behind) in enumerate(drafted):
        draft = _draft(sentence, behind, opens=fresh and n == 0)
        if words(draft.text):
            yield draft


def _draft(sentence: str, behind: str, *, opens: bool) -> Draft:
    numbers = [
        int(n) for found in _MARKER.findall(sentence + behind) for n in _NUMBER.findall(found)
    ]
    bare = _EMPHASIS.sub("", _SPACED_MARKER.sub("", sentence))
    return Draft(" ".join(bare.split()), tuple(dict.fromkeys(numbers)), opens)
