"""Command-line options that are settings: help, variable and default come from `rag.settings`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from rag.settings import Settings


def setting(name: str, *flags: str) -> Any:
    """An option whose help is the setting's description, variable and default."""
    field = Settings.model_fields[name]
    shown = "" if field.default in (None, False) else f" (default: {field.default})"
    return typer.Option(
        *(flags or (f"--{name.replace('_', '-')}",)),
        help=f"{field.description}{shown}; ISNAD_{name.upper()}",
        show_default=False,
    )


Home = Annotated[Path | None, setting("home")]
Model = Annotated[str | None, setting("embedding_model")]
Device = Annotated[str | None, setting("device")]
Milvus = Annotated[str | None, setting("milvus_uri")]
Reranked = Annotated[int | None, setting("reranked")]
Statements = Annotated[int | None, setting("max_statements")]
Threshold = Annotated[float | None, setting("answer_threshold")]
LlmBaseUrl = Annotated[str | None, setting("llm_base_url")]
LlmModel = Annotated[str | None, setting("llm_model")]
LlmSeconds = Annotated[float | None, setting("llm_seconds")]
LlmSentences = Annotated[int | None, setting("llm_sentences")]
LargestFile = Annotated[int | None, setting("largest_file_mb")]
LargestUnpacked = Annotated[int | None, setting("largest_unpacked_mb")]
MostPages = Annotated[int | None, setting("most_pages")]
PageSeconds = Annotated[float | None, setting("page_seconds")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON and nothing else on stdout")]
