"""A conversation as a web page of one file: no script, nothing fetched, ready to be printed."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path

from rag.conversations import KeptConversation, KeptTurn
from rag.export.view import View, title_of, web_address
from rag.records import MARKER, Citation, Reply

_STYLE = Path(__file__).with_name("page.css").read_text("utf-8")
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_SECURITY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{security}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<header>
<h1 dir="auto">{title}</h1>
<p>{made}</p>
</header>
{turns}
</main>
</body>
</html>
"""
# What a reader of HTML would take for something else than it is, though it is no markup.
_CONTROLS = {ord("\r"): "&#13;", 0: "\ufffd"}


def as_page(kept: KeptConversation, turns: tuple[KeptTurn, ...], view: View) -> str:
    """The conversation as an HTML text."""
    made = view.labels.made.format(begun=kept.begun[:10], changed=kept.changed[:10])
    return _PAGE.format(
        language=view.language,
        direction="rtl" if view.language == "ar" else "ltr",
        security=escape(_SECURITY),
        title=as_text(kept.title),
        style=_STYLE,
        made=as_text(made),
        turns="\n".join(_turn(turn, view) for turn in turns),
    )


def as_text(text: str) -> str:
    """``text`` as HTML that is shown as exactly that text, in content or an attribute."""
    return escape(text.encode("utf-8", "replace").decode()).translate(_CONTROLS)


def _turn(turn: KeptTurn, view: View) -> str:
    reply = turn.answer.reply
    name = as_text(f"answer-{turn.answer.id}")
    near = reply.abstention.closest if reply.abstention else ()
    return (
        f'<section id="{name}" class="{reply.status}">\n'
        f'<h2 dir="auto">{as_text(turn.answer.question)}</h2>\n'
        f'<div lang="{as_text(reply.language)}" dir="{reply.direction}">{_paragraphs(reply, name)}'
        f"</div>\n{_list(name, view.labels.sources, reply.citations, view)}"
        f"{_list(name, view.labels.related, near, view)}</section>"
    )


def _paragraphs(reply: Reply, name: str) -> str:
    blocks = (block for block in reply.text.split("\n\n") if block.strip())
    return "".join(f'<p dir="auto">{_linked(block, name)}</p>' for block in blocks)


def _linked(block: str, name: str) -> str:
    pieces, last = [], 0
    for found in MARKER.finditer(block):
        pieces += [as_text(block[last : found.start()]), _marker(found[1], name)]
        last = found.end()
    return "".join([*pieces, as_text(block[last:])])


def _marker(number: str, name: str) -> str:
    return f'<a class="marker" href="#{name}-{number}">[{number}]</a>'


def _list(name: str, label: str, citations: tuple[Citation, ...], view: View) -> str:
    if not citations:
        return ""
    items = "\n".join(_item(name, citation, view) for citation in citations)
    tag = "ul" if citations[0].number is None else "ol"
    return f"<h3>{as_text(label)}</h3>\n<{tag}>\n{items}\n</{tag}>\n"


def _item(name: str, citation: Citation, view: View) -> str:
    article, span = citation.article, citation.span
    link = as_text(view.link(citation))
    numbered = f' id="{name}-{citation.number}"' if citation.number is not None else ""
    facts = "".join(f" · <bdi>{as_text(fact)}</bdi>" for fact in view.facts(article))
    place = [f'<a href="{link}">{as_text(view.labels.read)}</a>']
    place += map(as_text, view.place(citation))
    if (url := web_address(article)) is not None:
        original = as_text(view.labels.original)
        place.append(f'<a href="{as_text(url)}" rel="noopener noreferrer">{original}</a>')
    return (
        f"<li{numbered}><p><b><bdi>{as_text(title_of(article))}</bdi></b>{facts}</p>\n"
        f'<blockquote dir="auto" lang="{as_text(article.language)}" cite="{link}"'
        f' data-article="{as_text(article.id)}" data-start="{span.start}" data-end="{span.end}">'
        f"{as_text(citation.quote)}</blockquote>\n"
        f'<p class="place">{" · ".join(place)}</p></li>'
    )
