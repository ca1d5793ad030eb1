"""Under an answer: what it was worth, and a link by which it can be read again."""

from rag.records import Answer
from ui.icons import icon
from ui.markup import direction, shown
from ui.texts import Language
from ui.texts_kept import KEPT_TEXTS, KeptTexts

_TOLD = ("noted", "not_noted", "link_made", "link_copied", "link_failed")


def worth_html(answer: Answer, language: Language) -> str:
    """Buttons for a verdict and for a link; `static/worth.js` acts."""
    texts = KEPT_TEXTS[language]
    told = " ".join(f'data-{name}="{shown(getattr(texts, name))}"' for name in _TOLD)
    return (
        f'<div class="worth" data-answer="{shown(answer.id)}" {told} role="group"'
        f' {direction(language)} aria-label="{shown(texts.worth)}">'
        f"{_button('up', texts.up)}{_button('down', texts.down)}{_button('link', texts.link)}"
        f'{_comment(texts)}<input class="address" dir="ltr" readonly hidden'
        f' aria-label="{shown(texts.link)}"><p class="said" role="status"></p></div>'
    )


def _button(name: str, label: str) -> str:
    pressed = "" if name == "link" else ' aria-pressed="false"'
    return (
        f'<button type="button" class="icon-button {name}" aria-label="{shown(label)}"'
        f' title="{shown(label)}"{pressed}>{icon(name)}</button>'
    )


def _comment(texts: KeptTexts) -> str:
    return (
        f"<form hidden><label><span>{shown(texts.comment)}</span>"
        '<textarea name="comment" rows="2" maxlength="2000" dir="auto"></textarea></label>'
        f'<button type="submit">{shown(texts.send_comment)}</button></form>'
    )
