"""Every setting, in one frozen value that is made once, at the edge.

A setting comes from a command-line flag, else from its ``ISNAD_*`` variable, else from here.
"""

from pathlib import Path

from pydantic import Field, ValidationError
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
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=0, le=65535, description="port to serve on; 0 takes a free one")
    max_statements: int = Field(3, ge=1, le=4, description="statements in one answer, at most")
    largest_file_mb: int = Field(50, ge=1, description="largest article file, in megabytes")
    largest_unpacked_mb: int = Field(
        200, ge=1, description="largest document once unpacked (docx, epub), in megabytes"
    )
    most_pages: int = Field(2000, ge=1, description="pages of one PDF, at most")
    answer_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability from which a passage answers; by default the fitted one",
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
