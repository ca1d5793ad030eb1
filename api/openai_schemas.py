"""Bodies of the routes that speak as OpenAI's API does.

Requests follow its rules, not ours: what is not known here is ignored, since clients send many
parameters that only a language model could follow.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import AbstentionBody, CitationBody
from rag.records import Question, Status, Turn

Text = Annotated[str, StringConstraints(max_length=100_000)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class TextPart(_Lenient):
    """A piece of a message. Only text can be read here."""

    type: Literal["text"]
    text: Text


class ChatMessage(_Lenient):
    """One turn. What `system`, `developer`, `tool` and `function` say cannot be followed."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


def _ends_with_question(messages: list[ChatMessage]) -> list[ChatMessage]:
    if messages[-1].role != "user" or not messages[-1].text.strip():
        raise ValueError("the last message must be the question: role user, with text")
    return messages


class StreamOptions(_Lenient):
    """How to stream."""

    include_usage: bool | None = None


class ResponseFormat(_Lenient):
    """Answers are text."""

    type: Literal["text"] = "text"


class ChatBody(_Lenient):
    """A conversation whose last message is the question."""

    model: Annotated[str, StringConstraints(max_length=200)] = Field(
        "isnad", description="any name is taken; `isnad` answers", examples=["isnad"]
    )
    messages: Annotated[list[ChatMessage], AfterValidator(_ends_with_question)] = Field(
        min_length=1,
        description="oldest first; the last is the question, 1 to 2,000 characters",
        examples=[[{"role": "user", "content": "When was the canal opened?"}]],
    )
    stream: bool | None = Field(None, description="answer as server-sent events")
    stream_options: StreamOptions | None = Field(None, description="with `stream` only")
    n: Literal[1] | None = Field(None, description="there is one answer")
    response_format: ResponseFormat | None = Field(None, description="text only")

    def record(self) -> Question:
        """As the engine takes it."""
        history = tuple(
            Turn("user" if message.role == "user" else "assistant", message.text)
            for message in self.messages[:-1]
            if message.role in ("user", "assistant") and message.text
        )
        return Question(self.messages[-1].text, history=history)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToldMessage(_Told):
    """The answer with its markers, and its sources as footnotes below."""

    role: Literal["assistant"]
    content: str
    refusal: str | None


class Choice(_Told):
    """The one answer."""

    index: Literal[0]
    message: ToldMessage
    logprobs: None
    finish_reason: Literal["stop"]


class UsageBody(_Told):
    """In words, since nothing here has tokens."""

    prompt_tokens: int = Field(ge=0, description="words asked")
    completion_tokens: int = Field(ge=0, description="words told")
    total_tokens: int = Field(ge=0)


class CompletionBody(_Told):
    """A completion, with what Isnad knows beyond its text."""

    id: str = Field(description="`chatcmpl-` and the answer's id")
    object: Literal["chat.completion"]
    created: int = Field(description="Unix time in seconds")
    model: str
    choices: list[Choice]
    usage: UsageBody
    status: Status
    citations: list[CitationBody] = Field(description="as in `POST /ask`")
    abstention: AbstentionBody | None = Field(description="as in `POST /ask`")


class ModelBody(_Told):
    """The one model."""

    id: str
    object: Literal["model"]
    created: int = Field(description="Unix time in seconds")
    owned_by: str


class ModelsBody(_Told):
    """The models there are."""

    object: Literal["list"]
    data: list[ModelBody]


class ErrorBody(_Told):
    """What went wrong, as OpenAI's clients read it."""

    error: dict[str, Any] = Field(
        description="`message`, `type`, `code` and, for bad input, the `param` at fault"
    )
