"""A conversation as Markdown (CommonMark), with nothing in it that is markup but ours."""

import re
import string
import unicodedata
from urllib.parse import quote

from rag.conversations import KeptConversation, KeptTurn
from rag.export.view import View, title_of, web_address
from rag.records import MARKER, Citation, Reply

# What can begin something, in CommonMark and its common extensions, wherever it stands.
_SPECIAL = re.compile(
    "[" + re.escape("".join(set(string.punctuation) - set(",;?!'\"/%.-():"))) + r"]|:(?=\S)"
)
# What begins a list or a heading at the start of a line; a link without any marks.
_FIRST = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")
_EDGE = re.compile(r"^\s+|\s+\Z")
_BARE_LINK = re.compile(r"(?i)(?<=www)\.")


def as_markdown(kept: KeptConversation, turns: tuple[KeptTurn, ...], view: View) -> str:
    """The conversation as a Markdown text."""
    made = view.labels.made.format(begun=kept.begun[:10], changed=kept.changed[:10])
    parts = [f"# {as_text(kept.title)}", as_text(made)]
    for turn in turns:
        reply = turn.answer.reply
        parts += [f"## {as_text(turn.answer.question)}", *_paragraphs(reply, view)]
        near = reply.abstention.closest if reply.abstention else ()
        parts += _list(view.labels.sources, reply.citations, view)
        parts += _list(view.labels.related, near, view)
    return "\n\n".join(parts) + "\n"


def as_text(text: str) -> str:
    """``text`` so that Markdown shows it as it is, on one line: what could be taken for markup, or
    cut off, or would turn the direction of what follows, stands as a reference."""
    return _EDGE.sub(lambda found: _references(found[0]), _inline(text))


def _inline(text: str) -> str:
    escaped = _FIRST.sub(_first, _BARE_LINK.sub(r"\\.", _SPECIAL.sub(r"\\\g<0>", text)))
    return "".join(_shown(char) for char in escaped)


def _first(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if not found[0].isdigit() else f"&#{ord(found[0][0])};{found[0][1:]}"


def _shown(char: str) -> str:
    """A character as it is, or as a reference where it is a control or a turning one."""
    special = unicodedata.category(char) in ("Cc", "Zl", "Zp") or "\u202a" <= char <= "\u202e"
    return f"&#{ord(char)};" if special or "\u2066" <= char <= "\u2069" else char


def _references(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


def _paragraphs(reply: Reply, view: View) -> list[str]:
    by_number = {citation.number: citation for citation in reply.citations}

    def paragraph(block: str) -> str:
        pieces, last = [], 0
        for found in MARKER.finditer(block):
            link = view.link(by_number[int(found[1])])
            pieces += [_inline(block[last : found.start()]), f"[\\[{found[1]}\\]](<{link}>)"]
            last = found.end()
        return "".join([*pieces, _inline(block[last:])])

    return [paragraph(block) for block in reply.text.split("\n\n") if block.strip()]


def _list(label: str, citations: tuple[Citation, ...], view: View) -> list[str]:
    """The citations under their label: a numbered list in their order, or a plain one."""
    if not citations:
        return []
    return [f"**{as_text(label)}**", *(_item(citation, view) for citation in citations)]


def _item(citation: Citation, view: View) -> str:
    article = citation.article
    mark = "-" if citation.number is None else f"{citation.number}."
    indent = " " * (len(mark) + 1)
    named = ", ".join([f"**{as_text(title_of(article))}**", *map(as_text, view.facts(article))])
    place = [f"[{as_text(view.labels.read)}](<{view.link(citation)}>)"]
    place += map(as_text, view.place(citation))
    if (url := web_address(article)) is not None:
        place.append(f"[{as_text(view.labels.original)}](<{quote(url, safe=_URL)}>)")
    blocks = (named, f"> {as_text(citation.quote)}", " · ".join(place))
    return f"{mark} " + f"\n\n{indent}".join(blocks)


# What a URL may hold as it is.
_URL = string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%"
