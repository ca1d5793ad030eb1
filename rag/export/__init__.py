"""A kept conversation as a file to take away: Markdown, a web page or JSON, with every source.

Titles, quotes and questions are somebody else's text: in each form they are text and nothing else,
and what a reader of the form makes of a quote is the quote, character for character.
"""

from collections.abc import Callable
from typing import Literal

from rag.conversations import KeptConversation, KeptTurn
from rag.export.body import as_json
from rag.export.markdown import as_markdown
from rag.export.page import as_page
from rag.export.view import View

Form = Literal["md", "html", "json"]
MEDIA_TYPES: dict[Form, str] = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}
FORMS: dict[Form, Callable[[KeptConversation, tuple[KeptTurn, ...], View], str]] = {
    "md": as_markdown,
    "html": as_page,
    "json": as_json,
}
