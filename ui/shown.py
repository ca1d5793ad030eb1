"""Somebody else's text as HTML: it is text, whatever it holds."""

import string

# Beside what HTML takes for markup, that is what Markdown and templates take for it, and the line
# breaks on which Markdown would end a block of HTML: all of ASCII's punctuation, and its controls.
_SPECIAL = {ord(char): f"&#{ord(char)};" for char in string.punctuation + "\t\n\r"}
_UNSHOWABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], "\ufffd")
_ESCAPES = _UNSHOWABLE | _SPECIAL


def shown(text: str) -> str:
    """``text`` as HTML that a browser shows as exactly that text, in content or an attribute."""
    return text.encode("utf-8", "replace").decode().translate(_ESCAPES)
