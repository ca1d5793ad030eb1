"""Every setting, in one frozen value that is made once, at the edge.

A setting comes from a command-line flag, else from its ``ISNAD_*`` variable, else from here.
"""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings import EMBEDDED
from rag.errors import IsnadError


class Settings(BaseSettings):
    """Frozen; the core is handed what it needs and never reads the environment itself."""

    model_config = SettingsConfigDict(env_prefix="ISNAD_", frozen=True, extra="ignore")

    home: Path = Field(Path(".isnad"), description="data folder: index and database")
    embedding_model: str = Field(
        EMBEDDED, description="embedding model: the embedded one, a hub name or a local folder"
    )
    device: str | None = Field(None, description="device of a transformer model: cpu, cuda, …")
    milvus_uri: str | None = Field(
        None, description="search the index in Milvus: http://host:19530, or a path ending in .db"
    )
    milvus_token: SecretStr | None = Field(None, description="token of the Milvus server")
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=0, le=65535, description="port to serve on; 0 takes a free one")
    workers: int = Field(
        1, ge=1, le=64, description="processes that serve; more than one serve the API alone"
    )
    insecure: bool = Field(
        False, description="serve to other machines although there are no API keys"
    )
    api_keys: SecretStr | None = Field(
        None, description="API keys beside those made with `isnad keys add`, separated by commas"
    )
    trusted_hosts: str | None = Field(
        None, description="host names to answer to, separated by commas; all but on loopback"
    )
    cors_origins: str | None = Field(
        None, description="web origins whose pages may call the API, separated by commas"
    )
    rate_limit: str | None = Field(
        None,
        pattern=r"^(off|[1-9][0-9]{0,8}/(second|minute|hour|day))$",
        description="requests of one key, or one address without key, as 60/minute, or off;"
        " 600/minute, but off on loopback",
    )
    max_waiting: int = Field(
        64, ge=0, description="questions that may wait for their turn; more are refused"
    )
    request_seconds: float = Field(
        30.0, gt=0, description="seconds that sending or answering a request may take"
    )
    kept_answers: int = Field(
        1000, ge=0, description="answers kept for who asks the same again, until the index changes"
    )
    log_questions: bool = Field(False, description="log what is asked, too")
    keep_conversations: int = Field(
        100, ge=0, description="conversations kept for one visitor, the newest; 0 keeps none"
    )
    keep_days: int = Field(
        365,
        ge=1,
        le=36_500,
        description="days that a conversation is kept after its last question",
    )
    reranked: int = Field(
        10,
        ge=0,
        le=200,
        description="passages that a search looks into to order them, at least; 0 leaves them in"
        " the order they were found in, in less than half the time",
    )
    max_statements: int = Field(3, ge=1, le=4, description="quotes in one answer, at most")
    llm_base_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/]",
        description="address of a server that speaks OpenAI's protocol, as http://127.0.0.1:11434/v1;"
        " OpenAI's own by default",
    )
    llm_model: str | None = Field(
        None, min_length=1, description="language model that words the answers; none by default"
    )
    llm_api_key: SecretStr | None = Field(None, description="key of the language model's server")
    llm_seconds: float = Field(
        20.0, gt=0, description="seconds that the language model may take for one answer"
    )
    llm_sentences: int = Field(
        6, ge=1, le=20, description="sentences that the language model may tell in one answer"
    )
    largest_file_mb: int = Field(50, ge=1, description="largest article file, in megabytes")
    largest_unpacked_mb: int = Field(
        200, ge=1, description="largest document once unpacked (docx, epub), in megabytes"
    )
    most_pages: int = Field(2000, ge=1, description="pages of one PDF, at most")
    page_seconds: float = Field(
        20.0, gt=0, description="seconds that reading one page of a PDF may take"
    )
    answer_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability that the articles answer, from which on they are quoted; by"
        " default the fitted one",
    )


def load_settings(**flags: object) -> Settings:
    """Settings from the given flags (``None`` means not given), the environment and the defaults.

    Raises:
        IsnadError: a value that is not allowed; the message names the setting.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        message = f"setting ISNAD_{name.upper()}: {first['msg']} (got {first['input']!r})"
        raise IsnadError(message) from None
