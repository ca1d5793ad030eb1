"""JSON Lines: one article a line, its words in ``text``, its metadata beside them."""

import json

from rag.corpus.extracted import Extracted, known
from rag.corpus.readers.markdown import stated_fields
from rag.corpus.readers.plain import require_words
from rag.errors import BadArticle


def is_jsonl(text: str) -> bool:
    """Whether a text is lines of JSON that hold articles, by its first line."""
    first = text.lstrip("\ufeff \t\r\n").split("\n", 1)[0]
    if not first.startswith("{"):
        return False
    try:
        return "text" in json.loads(first)
    except (ValueError, RecursionError):
        return False


def read(line: str) -> Extracted:
    """The article of one line.

    Raises:
        BadArticle: not JSON, or no text in it.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadArticle(f"not JSON: {error}") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        raise BadArticle("no string called text in it")
    require_words(fields["text"])
    return Extracted(fields["text"], known("stated", **stated_fields(fields)))
