"""What is checked and what comes of it."""

from dataclasses import dataclass
from typing import Literal

from rag.records import Article, Span

Failing = Literal["number", "date", "entity", "negation", "quotation", "source", "meaning"]
"""Why a sentence is not supported. ``meaning``: its words say something else, or more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that a model was given under ``number``: ``text`` is
    ``canonical[start:start + len(text)]`` of its article."""

    number: int
    article: Article
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Support:
    """What carries a sentence: the passage ``number``, and where in the canonical text of its
    article."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class Verdict:
    """``supports`` is empty where nothing carries the sentence, and then ``reason`` says what is
    wrong with the likeliest support. ``probability`` (0..1) is that of being carried by it."""

    supports: tuple[Support, ...]
    reason: Failing | None
    probability: float
