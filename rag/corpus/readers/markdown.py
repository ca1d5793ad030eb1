"""Front matter: what stands between two ``---`` lines above a text, as YAML."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from rag.corpus.dates import iso_date
from rag.corpus.extracted import Extracted, known

_FRONT = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*\r?\n", re.DOTALL
)
_NAMES = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "publisher": ("publisher", "source", "site"),
    "published": ("published", "date", "published_at", "date_published", "datepublished"),
    "url": ("url", "link", "source_url"),
}


def read(text: str) -> Extracted:
    """The text below its front matter, with what that states; a text without any as it is."""
    if not (match := _FRONT.match(text)):
        return Extracted(text)
    try:
        # The base loader makes nothing but strings, lists and mappings.
        fields = yaml.load(match["yaml"], yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        return Extracted(text)
    if not isinstance(fields, dict):
        return Extracted(text)
    return Extracted(text[match.end() :], known("stated", **stated_fields(fields)))


def stated_fields(fields: Mapping[Any, Any]) -> dict[str, str | None]:
    """Our fields out of a mapping of somebody else's names; what does not fit is left out."""
    lower = {str(name).lower(): value for name, value in fields.items()}
    found = {
        ours: next(filter(None, (_text(lower.get(name)) for name in names)), None)
        for ours, names in _NAMES.items()
    }
    found["published"] = iso_date(found["published"])
    return found


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "، ".join(part for part in map(_text, value[:10]) if part) or None
    return str(value)[:500] if isinstance(value, str | int | float) else None
