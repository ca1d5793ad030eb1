"""The list of kept conversations as HTML."""

from urllib.parse import quote

from rag.conversations import LONGEST_TITLE, KeptConversation
from ui.markup import shown
from ui.texts_kept import KeptTexts

_FORMS = (("md", "markdown"), ("html", "page"), ("json", "json"))


def search_html(texts: KeptTexts) -> str:
    """The form in which is said what is looked for."""
    label = shown(texts.search_kept)
    return (
        f'<form role="search"><input type="search" name="search" dir="auto" autocomplete="off"'
        f' placeholder="{label}" aria-label="{label}"></form>'
    )


def kept_html(
    conversations: tuple[KeptConversation, ...],
    open_id: str | None,
    searched: bool,
    texts: KeptTexts,
) -> str:
    """The conversations, that with ``open_id`` as the open one; a word where there are none."""
    if not conversations:
        return word_html(texts.nothing_matches if searched else texts.nothing_kept, open_id)
    items = "".join(_item(kept, kept.id == open_id, texts) for kept in conversations)
    return (
        f'<div class="kept" data-open="{shown(open_id or "")}"><ul>{items}</ul>'
        f"{_sure('delete_all', '', texts.delete_all, texts.delete_all_sure)}</div>"
    )


def word_html(text: str, open_id: str | None = None) -> str:
    """A word in the place of conversations."""
    opened = shown(open_id or "")
    return f'<div class="kept" data-open="{opened}"><p role="status">{shown(text)}</p></div>'


def _item(kept: KeptConversation, is_open: bool, texts: KeptTexts) -> str:
    name, day = shown(kept.id), shown(kept.changed[:10])
    current = ' aria-current="true"' if is_open else ""
    return (
        f'<li><button type="button" class="open" data-event="open" data-id="{name}"{current}>'
        f'<span class="title" dir="auto">{shown(kept.title)}</span>'
        f'<time datetime="{shown(kept.changed)}">{day}</time></button>'
        f"{_more(kept, texts)}</li>"
    )


def _more(kept: KeptConversation, texts: KeptTexts) -> str:
    name = shown(kept.id)
    label = shown(texts.more.format(title=kept.title))
    return (
        f'<details class="more"><summary aria-label="{label}"><span aria-hidden="true">⋯</span>'
        f'</summary><form data-id="{name}"><label><span>{shown(texts.name)}</span>'
        f'<input name="title" value="{shown(kept.title)}" maxlength="{LONGEST_TITLE}" dir="auto"'
        f' autocomplete="off"></label><button type="submit">{shown(texts.save)}</button></form>'
        f'<p class="export"><span>{shown(texts.export)}</span> {_exports(kept, texts)}</p>'
        f"{_sure('delete', name, texts.delete, texts.delete_sure)}</details>"
    )


def _exports(kept: KeptConversation, texts: KeptTexts) -> str:
    place = shown(f"/conversations/{quote(kept.id, safe='')}")
    links = (
        f'<a href="{place}.{form}" download>{shown(getattr(texts, label))}</a>'
        for form, label in _FORMS
    )
    return " ".join(links)


def _sure(event: str, name: str, label: str, sure: str) -> str:
    """What cannot be undone takes two presses."""
    return (
        f'<details class="sure"><summary>{shown(label)}</summary><button type="button"'
        f' data-event="{event}" data-id="{name}">{shown(sure)}</button></details>'
    )
