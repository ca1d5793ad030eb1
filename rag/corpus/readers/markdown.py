"""Markdown: front matter, which is what stands between two ``---`` lines above a text, as YAML;
and the text as it is read, without its marks."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from rag.corpus.dates import iso_date
from rag.corpus.extracted import Extracted, Known, known
from rag.corpus.readers.layout import blocks

_FRONT = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*\r?\n", re.DOTALL
)
_MARKS = re.compile(
    r"^#{1,6}[ \t]+\S|^```|(?<!\w)\*\*[^\s*][^*\n]*\*\*|\[[^\]\n]+\]\([^()\s]+\)", re.MULTILINE
)
# Without any of these there are no marks; most texts have none, and this is quickly seen.
_SIGNS = ("#", "```", "**", "](")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_LONGEST, _LONGEST_PARAGRAPH = 2_000_000, 20_000
_FIRST_HEADING = re.compile(r"\A\s*<h1>(.*?)</h1>", re.DOTALL)
_NAMES = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "publisher": ("publisher", "source", "site"),
    "published": ("published", "date", "published_at", "date_published", "datepublished"),
    "url": ("url", "link", "source_url"),
}


def read(text: str) -> Extracted:
    """The text below its front matter, with what that states; without marks, if it has any. Other
    text comes back as it is."""
    stated, body = _front_matter(text)
    if not _is_marked_up(body):
        return Extracted(body, stated)
    rendered = _renderer().render(body)
    heading = _FIRST_HEADING.match(rendered)
    title = known("stated", title=blocks(heading[1]) if heading else None)
    return Extracted(blocks(rendered), {**title, **stated}, whole_paragraphs=True)


def _front_matter(text: str) -> tuple[dict[str, Known], str]:
    """What is stated above a text, and the text."""
    if not (match := _FRONT.match(text)):
        return {}, text
    try:
        # The base loader makes nothing but strings, lists and mappings.
        fields = yaml.load(match["yaml"], yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        return {}, text
    if not isinstance(fields, dict):
        return {}, text
    return known("stated", **stated_fields(fields)), text[match.end() :]


def _is_marked_up(text: str) -> bool:
    """Whether there are marks in a text that nothing but Markdown has. One so long that marks may
    have been put there to keep its parser busy is taken as it is."""
    if not any(sign in text for sign in _SIGNS):
        return False
    if len(text) > _LONGEST or not _MARKS.search(text):
        return False
    return max(map(len, _PARAGRAPH_END.split(text))) <= _LONGEST_PARAGRAPH


@cache
def _renderer() -> Any:
    """CommonMark to HTML. Lines stay lines, as paragraphs of many a text are told by nothing else,
    and indented ones are text."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"breaks": True}).enable("table").disable("code")


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
