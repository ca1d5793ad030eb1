"""Passages for the index: whole sentences of one article, each at its exact place.

A chunk runs over consecutive parts (sentences, or clauses of long ones) up to `LONGEST`
characters. A heading opens the chunk that follows it, so that it is searched with what it heads,
but is no part of it: parts are what an answer may quote. A question that an article asks answers
nothing, so it is no part either.
"""

import re

from rag.corpus.boilerplate import boilerplate
from rag.corpus.sentences import paragraphs, quotable
from rag.records import Chunk, Span

LONGEST = 480
# A chunk shorter than this takes in the next paragraph.
_SHORTEST = 160
_LONGEST_HEADING = 140
_LONGEST_BYLINE = 60
_LONGEST_HEAD = 8
_QUESTION_END = re.compile(r"[?؟][\"'”»)\]\s]*$")
_SENTENCE_END = re.compile(r"[.!?؟…؛،][\"'”»)\]]*$")


def chunks(article_id: str, text: str) -> list[Chunk]:
    """The chunks of a canonical text, in order, none overlapping."""
    lines = paragraphs(text)
    furniture = boilerplate(text, lines)
    head = _head(text, lines)
    made: list[Chunk] = []
    open_at: int | None = None
    parts: list[Span] = []

    def close() -> None:
        nonlocal open_at
        if parts:
            start = parts[0].start if open_at is None else open_at
            made.append(Chunk(article_id, Span(start, parts[-1].end), tuple(parts)))
        open_at = None
        parts.clear()

    for n, line in enumerate(lines):
        heading = _is_heading(text, lines, n) or n < head
        if furniture[n] or heading or (parts and parts[-1].end - parts[0].start >= _SHORTEST):
            close()
        if furniture[n]:
            continue
        if heading:
            open_at = line.start if open_at is None else open_at
            continue
        for part in _statements(text, line):
            if parts and part.end - parts[0].start > LONGEST:
                close()
            parts.append(part)
    close()
    content = sum(len(line) for line, skip in zip(lines, furniture, strict=True) if not skip)
    if sum(len(part) for chunk in made for part in chunk.parts) * 2 >= content:
        return made
    return _whole(article_id, text, lines, furniture)


def _statements(text: str, line: Span) -> list[Span]:
    return [part for part in quotable(text, line) if not _QUESTION_END.search(part.of(text))]


def _head(text: str, lines: list[Span]) -> int:
    """How many lines stand above the body: titles, bylines and the like, which are short whatever
    they end in. A text that does not go on to a long line has no such head."""
    for n, line in enumerate(lines[:_LONGEST_HEAD]):
        if len(line) > _LONGEST_HEADING:
            return n
        if len(line) > _LONGEST_BYLINE and not _is_heading(text, lines, n):
            return 0
    return 0


def _is_heading(text: str, lines: list[Span], n: int) -> bool:
    """A short line without a stop, with something behind it that it can head."""
    line = lines[n].of(text)
    return len(line) <= _LONGEST_HEADING and not _SENTENCE_END.search(line) and n + 1 < len(lines)


def _whole(article_id: str, text: str, lines: list[Span], furniture: list[bool]) -> list[Chunk]:
    """For a text that is mostly short lines (a list, a poem): its lines are its parts."""
    parts = tuple(
        p for n, line in enumerate(lines) if not furniture[n] for p in _statements(text, line)
    )
    return [
        Chunk(article_id, Span(group[0].start, group[-1].end), group)
        for group in (parts[n : n + 8] for n in range(0, len(parts), 8))
    ]
