"""The text of a tree of HTML, or of what is like it, as a browser lays it out."""

import re
from typing import Any

HIDDEN = '@hidden or contains(translate(@style, " ", ""), "display:none")'
_UNSEEN = {"script", "style", "noscript", "template", "head", "title", "svg", "iframe", "object"}
_CELLS = frozenset(("cell", "td", "th"))
# Those of trafilatura's own tree are among them.
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd div dl dt figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr item li list main nav ol p pre quote row section table tr"
    " ul".split()
)
_LINE_BREAKS = frozenset(("br", "lb"))
_BLANK_LINES = re.compile("\n{3,}")


def blocks(source: str) -> str:
    """All the text of a page or piece of one that is not hidden."""
    from lxml import html

    try:
        root = html.document_fromstring(
            source.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, html.etree.ParserError):
        return ""
    for hidden in root.xpath(f"//*[{HIDDEN}]"):
        hidden.drop_tree()
    return laid_out(root)


def laid_out(root: Any) -> str:
    """The text of a tree: blank lines between its blocks, of which a row of a table is one."""
    from lxml import etree

    pieces: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        _take(event, node, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _take(event: str, node: Any, pieces: list[str]) -> None:
    """Add what ``node`` shows where it begins, or where it ends."""
    tag = node.tag if isinstance(node.tag, str) else ""
    unseen = not tag or any(up.tag in _UNSEEN for up in (node, *node.iterancestors()))
    if event == "start":
        pieces.append(_opening(tag, node))
        if not unseen and node.text:
            pieces.append(node.text.replace("\n", " "))
        return
    pieces.append("\n\n" if tag in _BLOCKS else "")
    hidden_around = any(up.tag in _UNSEEN for up in node.iterancestors())
    if node.tail and not hidden_around:
        pieces.append(node.tail.replace("\n", " "))


def _opening(tag: str, node: Any) -> str:
    """What parts an element from what is before it."""
    if tag in _LINE_BREAKS:
        return "\n"
    if tag not in _CELLS:
        return "\n\n" if tag in _BLOCKS else ""
    before = node.getprevious()
    beside = before is not None and not any(child.tag in _BLOCKS for child in (*before, *node))
    return " | " if beside else "\n\n"
