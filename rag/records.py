"""The nouns of the project: frozen records that import nothing of ours.

Offsets everywhere are Unicode code points into an article's canonical text, half open: the words
of a span are ``text[start:end]``. Scores called *probability* lie in 0..1, higher is better.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Provenance = Literal["stated", "inferred"]
Status = Literal["answered", "abstained", "smalltalk"]
Composer = Literal["auto", "extractive", "llm"]
Role = Literal["user", "assistant"]
Reason = Literal[
    "nothing_found", "not_supported", "not_stated", "no_articles", "not_a_question", "instruction"
]

# What an asker should know of how an answer came about, where a language model was asked.
Caution = Literal[
    "model_unreachable",
    "model_too_slow",
    "model_over_quota",
    "model_context_too_long",
    "model_refused",
    "model_failed",
    "model_cut_off",
    "model_found_nothing",
    "nothing_supported",
    "sentences_dropped",
    "stopped",
]

# Repairs that could not be made: what they name is left visible in the text.
DOUBTFUL = frozenset({"doubtful_pages", "lost_characters", "unknown_glyphs"})

# The one pattern of a citation marker; ``\d`` is any script's digit, so that a source's own
# «[٣]» is recognised as something that would look like one of ours.
MARKER = re.compile(r"\[\s*(\d+(?:\s*[,،;–-]\s*\d+)*)\s*\]")


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of a canonical text, in code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words of the span in its text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of damage that was mended (or, where it could not be, left visible).

    ``kind`` is a stable name (``private_use_letters``, ``learned_letters``, ``reversed_lines``,
    ``hard_wraps``, ``unknown_glyphs``, ``lost_characters``; of a PDF's pages ``reordered_pages``,
    ``presentation_forms``, ``running_heads``, ``doubtful_pages``), ``count`` how often, ``lines``
    the 1-based lines, or pages, of the file.
    """

    kind: str
    count: int
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of one article. A field that no source gives is ``None``, never a guess.

    ``published`` is an ISO 8601 date, possibly cut to the month or the year; ``provenance`` says
    for each field that is set whether the text or its publisher *stated* it or we *inferred* it.
    ``page_starts`` are the offsets at which the pages of its file begin, if it has pages.
    """

    id: str
    filename: str
    language: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    page_starts: tuple[int, ...] = ()

    @property
    def quality(self) -> Literal["clean", "repaired", "doubtful"]:
        """Whether the text is as it was given, was mended, or may be wrong in places still."""
        if any(repair.kind in DOUBTFUL for repair in self.repairs):
            return "doubtful"
        return "repaired" if self.repairs else "clean"

    def page_of(self, offset: int) -> int | None:
        """The page, from 1, on which an offset of the text lies; ``None`` where there are none."""
        return bisect_right(self.page_starts, offset) if self.page_starts else None


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its canonical text: the text that every quote is a slice of."""

    article: Article
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: consecutive quotable spans (sentences, or clauses of long ones) of one article."""

    article_id: str
    span: Span
    parts: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrict a search; an empty field restricts nothing. Dates are inclusive ISO prefixes."""

    article_ids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as the engine takes it: ``text`` trimmed, 1 to 2,000 characters."""

    text: str
    history: tuple[Turn, ...] = ()
    conversation_id: str | None = None
    top_k: int = 8
    filters: Filters = Filters()
    composer: Composer = "auto"
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where each side of the search placed a passage, 1 is first; ``None``: not among its hits."""

    dense: int | None
    lexical: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. ``score`` is for ordering alone (higher is better)."""

    article: Article
    span: Span
    text: str
    score: float
    ranks: Ranks


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotable part of a passage that was found, with the probability that it answers.

    ``features`` are the named numbers the probability was made from, for explanation.
    """

    article: Article
    span: Span
    quote: str
    before: str
    after: str
    probability: float
    ranks: Ranks
    features: Mapping[str, float] = field(default_factory=dict)


Decision = Literal["used", "unlikely", "runner_up", "repeated", "enough"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A piece of evidence and what became of it: ``used``, or why not: ``unlikely`` to answer,
    a ``runner_up`` far behind the best, ``repeated`` in other words, or ``enough`` without it."""

    evidence: Evidence
    decision: Decision


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: ``quote == text[start:end]`` of the article, exactly.

    ``number`` is 1..n in a reply and ``None`` where the passage is only offered as related.
    ``before`` and ``after`` are the text around it; ``score`` is the probability that it answers.
    """

    number: int | None
    quote: str
    span: Span
    article: Article
    before: str
    after: str
    score: float

    @property
    def page(self) -> int | None:
        """The page on which the quote begins; ``None`` where the article has no pages."""
        return self.article.page_of(self.span.start)

    @property
    def view_url(self) -> str:
        """Where the article opens at the quote."""
        return f"/articles/{self.article.id}?start={self.span.start}&end={self.span.end}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a reply and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]

    @property
    def marked(self) -> str:
        """The text followed by its markers, as it stands in the reply."""
        return self.text + " " + "".join(f"[{number}]" for number in self.citations)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence of a language model that was not told, and the stable name of the reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What a language model was asked for and wrote: the version of the ``prompt``, the search
    query it made of the question if it did, how many sentences were ``told``, and the others."""

    prompt: str
    query: str | None = None
    told: int = 0
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why nothing was answered: a stable ``reason``, a ``message`` for the asker, what is near."""

    reason: Reason
    message: str
    closest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What was searched."""

    version: str
    articles: int
    chunks: int
    embedding_model: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent, by stage."""

    embed: float = 0.0
    search: float = 0.0
    compose: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a composer makes of what was found. A reply that is neither cited, abstaining nor
    small talk cannot be constructed: *always cites* is a property of this type.

    Raises:
        ValueError: a statement without citation, a number out of order or without its citation,
            a marker that resolves to nothing, an abstention with claims or without its reason.
    """

    status: Status
    language: str
    text: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    abstention: Abstention | None = None

    def __post_init__(self) -> None:
        if (self.status == "abstained") != (self.abstention is not None):
            raise ValueError(f"status {self.status!r} with abstention {self.abstention!r}")
        if self.status == "answered":
            self._check_cited()
        elif self.statements or self.citations or MARKER.search(self.text):
            raise ValueError(f"a reply that is {self.status} makes no statement and cites nothing")

    def _check_cited(self) -> None:
        if not self.statements or not all(s.citations for s in self.statements):
            raise ValueError("an answer needs statements, each with at least one citation")
        numbers = list(range(1, len(self.citations) + 1))
        used = [number for statement in self.statements for number in statement.citations]
        if [c.number for c in self.citations] != numbers or list(dict.fromkeys(used)) != numbers:
            raise ValueError(f"citations run 1..n in order of first use, not {used}")
        markers = [m.group(0) for m in MARKER.finditer(self.text)]
        if markers != [f"[{number}]" for number in used]:
            raise ValueError(f"markers {markers} in the reply do not match its citations {used}")

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        """The writing direction of its language."""
        return "rtl" if self.language == "ar" else "ltr"


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with what it belongs to: the body of ``POST /ask``. ``weighed`` is every candidate,
    likeliest first, and ``writing`` what a language model did, where the question asked to
    ``explain``."""

    id: str
    conversation_id: str
    question: str
    reply: Reply
    composer: str
    model: str | None
    index: IndexInfo
    timings: Timings
    weighed: tuple[Weighed, ...] | None = None
    warnings: tuple[Caution, ...] = ()
    writing: Writing | None = None
