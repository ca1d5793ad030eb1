"""The bodies of requests and responses, as the OpenAPI text describes them.

Offsets are Unicode code points into an article's canonical text, half open.
"""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from rag.feedback import Verdict
from rag.index.report import Action
from rag.records import (
    Caution,
    Composer,
    Decision,
    Filters,
    Provenance,
    Question,
    Reason,
    Status,
    Turn,
)


def _whole(value: object) -> object:
    """``8.0`` as 8: to JSON Schema they are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# A string type without any constraint would let lone surrogates through.
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Asked = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"\S")
]
TopK = Annotated[
    int,
    Field(ge=1, le=50, description="passages considered, 1 to 50"),
    BeforeValidator(_whole),
]
# As a bound, the 31st of a shorter month is its end.
IsoPrefix = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Direction = Literal["rtl", "ltr"]
Score = Annotated[float, Field(description="probability 0..1 that the quote answers", ge=0, le=1)]


class _Request(BaseModel):
    """Unknown fields are refused, so that a misspelt one is noticed; nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Response(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FiltersBody(_Request):
    """Which articles to search; an empty field restricts nothing."""

    article_ids: list[Label] = Field(default=[], description="only these articles")
    languages: list[Language] = Field(
        default=[], description="only articles in these languages (ISO 639-1)", examples=[["ar"]]
    )
    published_from: IsoPrefix | None = Field(
        default=None,
        description="ISO date, may be cut to month or year; inclusive",
        examples=["2023"],
    )
    published_to: IsoPrefix | None = Field(
        default=None, description="as `published_from`", examples=["2024-01"]
    )

    def record(self) -> Filters:
        """As the engine takes it."""
        return Filters(
            tuple(self.article_ids), tuple(self.languages), self.published_from, self.published_to
        )


class TurnBody(_Request):
    """One earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, StringConstraints(max_length=100_000)]


class AskBody(_Request):
    """A question. Only `question` is required."""

    question: Asked = Field(
        description="in any language; 1 to 2,000 characters after trimming",
        examples=["ماذا تقول المقالات عن التعاون بين الدول؟"],
    )
    history: list[TurnBody] = Field(default=[], description="earlier turns, oldest first")
    conversation_id: Label | None = Field(default=None, description="made for you where missing")
    top_k: TopK = 8
    filters: FiltersBody = FiltersBody()
    composer: Composer = Field(
        default="auto",
        description="who words the answer: `extractive` uses quotes alone, `llm` insists on a"
        " language model being set up, `auto` uses one where it is",
    )
    stream: bool = Field(default=False, description="answer as server-sent events")
    explain: bool = Field(
        default=False, description="tell of every candidate why it was quoted or not"
    )

    def record(self) -> Question:
        """As the engine takes it."""
        return Question(
            text=self.question,
            history=tuple(Turn(turn.role, turn.content) for turn in self.history),
            conversation_id=self.conversation_id,
            top_k=self.top_k,
            filters=self.filters.record(),
            composer=self.composer,
            explain=self.explain,
        )


class SearchBody(_Request):
    """A search for passages."""

    query: Asked = Field(description="1 to 2,000 characters", examples=["تعاون دولي"])
    top_k: TopK = 8
    filters: FiltersBody = FiltersBody()


class FeedbackBody(_Request):
    """What an answer was worth."""

    answer_id: Label = Field(description="`id` of the answer")
    verdict: Verdict = Field(description="whether it helped")
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        default=None, description="why, up to 2,000 characters"
    )


class ArticleBody(_Response):
    """What is known of an article; what no source gives is null, never a guess."""

    id: str = Field(description="stable across re-indexing of the same content")
    title: str | None
    author: str | None
    publisher: str | None
    published: str | None = Field(
        description="ISO date, may be cut to month or year", examples=["2023"]
    )
    language: str = Field(description="ISO 639-1, `und` where unknown", examples=["ar"])
    filename: str
    url: str | None = Field(description="where it was published")
    quality: Literal["clean", "repaired", "doubtful"]
    provenance: dict[str, Provenance] = Field(
        description="for each known field, whether it was stated with the text or inferred",
        examples=[{"title": "stated", "published": "inferred"}],
    )


class RepairBody(_Response):
    """One kind of damage that was mended when the file was read."""

    kind: str = Field(examples=["hard_wraps"])
    count: int = Field(description="how often", ge=0)
    lines: list[int] = Field(description="lines of the file as given, from 1")


class DocumentBody(ArticleBody):
    """An article with its text."""

    text: str = Field(description="the canonical text that every offset counts in")
    repairs: list[RepairBody] = Field(description="what was mended in it")


class ArticlesBody(_Response):
    """Every article in the index, by file name."""

    articles: list[ArticleBody]


class OutcomeBody(_Response):
    """What was done with a file that was sent, or with one article in it that could not be read."""

    action: Action = Field(
        description="`new`, `changed` (another one of its name is replaced), `unchanged`,"
        " `duplicate` (of the article that is returned), `failed`"
    )
    detail: str = Field(description="why it failed, or what is to be known of it; may be empty")
    repairs: list[RepairBody] = Field(description="what was mended in its articles")


class AddedBody(ArticlesBody):
    """The articles of a file that was sent, and what was done with it."""

    outcomes: list[OutcomeBody]


class ContextBody(_Response):
    """The text around a quote, for showing it in place."""

    before: str
    after: str


class PassageBody(_Response):
    """A quote and where it stands: `quote == text[start:end]` of the article, exactly."""

    quote: str
    start: int = Field(description="in code points", ge=0)
    end: int = Field(description="in code points, exclusive", ge=0)
    page: int | None = Field(description="where the article has pages, from 1", ge=1)
    article: ArticleBody
    context: ContextBody
    score: Score
    view_url: str = Field(description="the article with the quote marked, for people")


class _Numbered(_Response):
    number: int = Field(description="1..n, in order of first use; `[n]` in the answer", ge=1)


class CitationBody(PassageBody, _Numbered):
    """A numbered source of the answer."""


class StatementBody(_Response):
    """One statement of the answer, without markers, and the citations that carry it."""

    text: str = Field(
        description="the quote itself, or with `composer` `llm` a sentence in the asker's language"
        " that the quotes of its citations, which are exact, support"
    )
    citations: list[int] = Field(min_length=1)


class AbstentionBody(_Response):
    """Why there is no answer, and what is near."""

    reason: Reason
    message: str = Field(description="for the asker, in the language of the question")
    closest: list[PassageBody] = Field(description="related passages; they are no answer")


class IndexBody(_Response):
    """What was searched."""

    version: str
    articles: int = Field(ge=0)
    chunks: int = Field(description="passages", ge=0)
    embedding_model: str


class TimingsBody(_Response):
    """Milliseconds spent, by stage."""

    embed: float = Field(ge=0)
    search: float = Field(ge=0)
    compose: float = Field(ge=0)
    total: float = Field(ge=0)


class RanksBody(_Response):
    """Where each side of the search placed the passage, 1 is first; null: not among its hits."""

    dense: int | None
    lexical: int | None


class CandidateBody(PassageBody):
    """A part of a passage that was weighed: where the search placed its passage, the features its
    probability (`score`) was made from, and what became of it."""

    ranks: RanksBody
    features: dict[str, float]
    decision: Decision = Field(
        description="`used`, or why not: `unlikely` to answer, a `runner_up` far behind the best,"
        " `repeated` in other words, `enough` without it"
    )


class DroppedBody(_Response):
    """A sentence of the language model's that the answer does not tell."""

    text: str
    reason: str = Field(description="stable name of why", examples=["number", "negation"])


class WritingBody(_Response):
    """What the language model was asked for and wrote."""

    prompt: str = Field(description="version of the prompts")
    query: str | None = Field(description="what it made of the question to search for, if it did")
    told: int = Field(description="sentences that the answer tells", ge=0)
    dropped: int = Field(description="sentences that it does not", ge=0)
    sentences_dropped: list[DroppedBody] | None = Field(description="those, with `explain`")


class AnswerBody(_Response):
    """The answer, which is cited, or says that there is none, or is small talk."""

    id: str
    conversation_id: str
    status: Status
    question: str = Field(description="as it was read")
    language: str = Field(description="of the answer", examples=["ar"])
    direction: Direction = Field(description="of the answer")
    answer: str = Field(description="the whole reply, with its markers `[n]`")
    statements: list[StatementBody]
    citations: list[CitationBody]
    abstention: AbstentionBody | None
    composer: Literal["extractive", "llm"] = Field(
        description="who worded it; quotes stand in for a language model that cannot"
    )
    model: str | None = Field(description="the language model that worded it, if one did")
    index: IndexBody
    timings_ms: TimingsBody
    warnings: list[Caution] = Field(
        description="what to know of how the language model did; empty where all went well"
    )
    writing: WritingBody | None = Field(description="null where no language model was asked")
    explanation: list[CandidateBody] | None = Field(
        description="with `explain`, every candidate, likeliest first"
    )


class HitBody(_Response):
    """A passage that was found."""

    article: ArticleBody
    text: str = Field(description="`text[start:end]` of the article, exactly")
    start: int = Field(description="in code points", ge=0)
    end: int = Field(description="in code points, exclusive", ge=0)
    score: float = Field(
        description="orders the hits of one search, higher is better; no probability"
    )
    ranks: RanksBody


class HitsBody(_Response):
    """What was found, best first."""

    hits: list[HitBody]


class KeptFeedbackBody(_Response):
    """What was kept."""

    answer_id: str
    verdict: Verdict
    comment: str | None
    given: str = Field(description="when, in ISO 8601 and UTC")


class AliveBody(_Response):
    """The process is up."""

    status: Literal["alive"] = "alive"


class ReadyBody(_Response):
    """Questions can be answered."""

    status: Literal["ready"] = "ready"
    index: IndexBody
