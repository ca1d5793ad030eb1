"""Pieces of HTML that every part of the window is made of.

All text is somebody else's: `shown` makes it text, whatever it holds.
"""

import string

from api.reading import RIGHT_TO_LEFT
from rag.records import Article
from ui.icons import icon
from ui.texts import TEXTS, Language, Texts

# Beside what HTML takes for markup, that is what templates take for it: all of ASCII's
# punctuation, and its controls. Gradio translates a text that looks like one of its own keys.
_SPECIAL = {ord(char): f"&#{ord(char)};" for char in string.punctuation + "\t\n\r"}
_UNSHOWABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], "\ufffd")
_ESCAPES = _UNSHOWABLE | _SPECIAL


def shown(text: str) -> str:
    """``text`` as HTML that a browser shows as exactly that text, in content or an attribute."""
    return text.encode("utf-8", "replace").decode().translate(_ESCAPES)


def spoken(language: str) -> Language:
    """The interface's language for text of ours beside text in ``language``."""
    return next((known for known in TEXTS if known == language), "en")


def side(language: str) -> str:
    """The writing direction of ``language``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def direction(language: str) -> str:
    """Attributes that say so."""
    return f'lang="{shown(language)}" dir="{side(language)}"'


def button(name: str, label: str, **data: object) -> str:
    """A button that is an icon, with ``label`` for those who do not see it; ``data`` say what it
    does."""
    facts = "".join(f' data-{key}="{shown(str(value))}"' for key, value in data.items())
    label = shown(label)
    return (
        f'<button type="button" class="icon-button" aria-label="{label}" title="{label}"{facts}>'
        f"{icon(name)}</button>"
    )


def title_of(article: Article) -> str:
    """What an article is called: by its title, else by its file."""
    return article.title or article.filename


def about_html(article: Article, texts: Texts) -> str:
    """Who, where and when, and what is wrong with the text; a guess of ours says so."""
    facts = [_fact(article, name, texts) for name in ("author", "publisher", "published")]
    if article.quality != "clean":
        facts.append(f'<span class="quality">{shown(getattr(texts, article.quality))}</span>')
    return '<span class="dot"> · </span>'.join(fact for fact in facts if fact)


def guessed_html(article: Article, name: str, texts: Texts) -> str:
    """Word of it where a fact about ``article`` is a guess of ours."""
    if article.provenance.get(name) != "inferred":
        return ""
    return f' <small dir="auto">({shown(texts.inferred)})</small>'


def _fact(article: Article, name: str, texts: Texts) -> str:
    value = getattr(article, name)
    if not value:
        return ""
    # In Arabic text 2024-01-08 would be shown as 08-01-2024.
    way = ' dir="ltr"' if name == "published" else ""
    return f"<span><bdi{way}>{shown(value)}</bdi>{guessed_html(article, name, texts)}</span>"
