"""Under an answer: what it was worth, and a link by which it can be read again."""

from rag.records import Answer
from ui.shown import shown
from ui.texts_kept import KEPT_TEXTS, KeptTexts

_ICONS = {
    "up": "M7 10v11H3V10zm0 0 5-8a2 2 0 0 1 3 2l-1 5h5a2 2 0 0 1 2 2.3l-1.5 8A2 2 0 0 1 17.5 21H7",
    "down": "M7 14V3H3v11zm0 0 5 8a2 2 0 0 0 3-2l-1-5h5a2 2 0 0 0 2-2.3l-1.5-8A2 2 0 0 0 17.5 3H7",
    "link": "M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1.5 1.5M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7"
    "l1.5-1.5",
}
_TOLD = ("noted", "not_noted", "link_made", "link_copied", "link_failed")


def worth_html(answer: Answer) -> str:
    """Buttons for a verdict and for a link, in the answer's language; `static/worth.js` acts."""
    texts = next((t for name, t in KEPT_TEXTS.items() if name == answer.reply.language), None)
    texts = texts or KEPT_TEXTS["en"]
    told = " ".join(f'data-{name}="{shown(getattr(texts, name))}"' for name in _TOLD)
    return (
        f'<div class="worth" data-answer="{shown(answer.id)}" {told} role="group"'
        f' lang="{shown(answer.reply.language)}" dir="{answer.reply.direction}"'
        f' aria-label="{shown(texts.worth)}">'
        f"{_button('up', texts.up)}{_button('down', texts.down)}{_button('link', texts.link)}"
        f'{_comment(texts)}<input class="address" dir="ltr" readonly hidden'
        f' aria-label="{shown(texts.link)}"><p class="said" role="status"></p></div>'
    )


def _button(name: str, label: str) -> str:
    pressed = "" if name == "link" else ' aria-pressed="false"'
    return (
        f'<button type="button" class="{name}" aria-label="{shown(label)}" title="{shown(label)}"'
        f'{pressed}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'
        "</button>"
    )


def _comment(texts: KeptTexts) -> str:
    return (
        f"<form hidden><label><span>{shown(texts.comment)}</span>"
        '<textarea name="comment" rows="2" maxlength="2000" dir="auto"></textarea></label>'
        f'<button type="submit">{shown(texts.send_comment)}</button></form>'
    )
