"""JSON Lines: one article a line, its words in ``text``, its metadata beside them."""

import json
import re
from itertools import islice
from typing import Any

from rag.corpus.extracted import Extracted, known
from rag.corpus.readers.markdown import stated_fields
from rag.corpus.readers.plain import require_words
from rag.errors import BadArticle

_LINE = re.compile(r"[^\n]*\S[^\n]*")

# One of so many lines must be an article: others may be damaged.
_LOOKED_AT = 20


def is_jsonl(text: str) -> bool:
    """Whether a text is lines of JSON that hold articles, by its first lines."""
    begun = text.lstrip("\ufeff \t\r\n")
    if not begun.startswith("{"):
        return False
    first = islice((m.group() for m in _LINE.finditer(begun)), _LOOKED_AT)
    return any(isinstance(fields := _parsed(line), dict) and "text" in fields for line in first)


def is_json(text: str) -> bool:
    """Whether a text is one piece of JSON, such as a list or a page of fields."""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") and _parsed(text) is not None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


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
