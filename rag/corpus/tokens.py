"""The words of a text with where they stand and how they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.corpus.text import words

# Marks are part of a word («مُدُن»); separators of digits are part of a number («10.000», «3,5»).
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640"
_TOKEN = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?![\d.,]*\d)"
    r"|\d+(?:[.,،٫٬]\d+)*(?:[^\W_]*(?<=[a-zA-Zéè]))?"
    rf"|(?:[\u0620-\u064a\u0671-\u06d3][{_MARKS}]*)+"
    rf"|(?:[^\W\d_\u0620-\u064a\u0671-\u06d3][{_MARKS}]*)+(?:(?<=[a-zA-Z])\d+)?"
)
_OPENS = re.compile(r"(?:^|[.!?؟:\n«“\"]|\.\s)\s*[\W_]*$")


@dataclass(frozen=True, slots=True)
class Token:
    """``word`` is folded, ``written`` as it stands in the text at ``start``; ``named`` where a
    capital letter, not called for by the beginning of a sentence, marks it as a name."""

    word: str
    written: str
    start: int
    named: bool

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.written)


def tokens(text: str) -> list[Token]:
    """The words and numbers of ``text``, in order."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        written = match.group()
        word = "".join(words(written)) if not written[0].isdigit() else written
        if word:
            yield Token(word, written, match.start(), _is_named(text, match))


def _is_named(text: str, match: re.Match[str]) -> bool:
    written = match.group()
    if not written[0].isupper():
        return False
    inside = any(char.isupper() for char in written[1:])
    return inside or not _OPENS.search(text, max(0, match.start() - 6), match.start())
