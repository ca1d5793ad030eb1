"""The page on which a person reads an article, one span of it marked. No script, no fetching.

All text on it is somebody else's: it is escaped, and each piece has its own direction.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from rag.records import Article, Document, Span

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})

_STYLE = Path(__file__).with_name("reading.css").read_text("utf-8")
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
CONTENT_SECURITY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<header>
<h1 dir="auto">{title}</h1>
<p class="about">{about}</p>
</header>
<article class="text">{text}</article>
</main>
</body>
</html>
"""
_LABELS = {
    "ar": {
        "inferred": "مستنتَج",
        "repaired": "نصّ مُصلَح",
        "doubtful": "نصّ قد يكون فيه خطأ",
        "source": "المصدر الأصلي",
    },
    "en": {
        "inferred": "inferred",
        "repaired": "repaired text",
        "doubtful": "text may be wrong in places",
        "source": "original",
    },
    "fr": {
        "inferred": "déduit",
        "repaired": "texte réparé",
        "doubtful": "texte peut-être fautif par endroits",
        "source": "original",
    },
}


def reading_page(document: Document, span: Span | None) -> str:
    """The page as HTML; the marked span has the id ``quote``."""
    article = document.article
    return _PAGE.format(
        language=escape(article.language),
        direction="rtl" if article.language in RIGHT_TO_LEFT else "ltr",
        title=escape(article.title or article.filename),
        about=_about(article),
        text=_marked(document.text, span),
        style=_STYLE,
    )


def _marked(text: str, span: Span | None) -> str:
    if span is None:
        return escape(text)
    before, quote, after = text[: span.start], span.of(text), text[span.end :]
    return f'{escape(before)}<mark id="quote">{escape(quote)}</mark>{escape(after)}'


def _about(article: Article) -> str:
    """Who, where and when, in the article's own language; what we inferred says so."""
    labels = _LABELS.get(article.language, _LABELS["en"])
    facts = [_fact(article, name, labels) for name in ("author", "publisher", "published")]
    if article.quality != "clean":
        facts.append(f"<span>{labels[article.quality]}</span>")
    if article.url and urlsplit(article.url).scheme in ("http", "https"):
        link = escape(article.url)
        facts.append(f'<a href="{link}" rel="noopener noreferrer">{labels["source"]}</a>')
    return " · ".join(fact for fact in facts if fact)


def _fact(article: Article, name: str, labels: dict[str, str]) -> str:
    value = getattr(article, name)
    if value is None:
        return ""
    inferred = article.provenance.get(name) == "inferred"
    note = f" <small>({labels['inferred']})</small>" if inferred else ""
    return f"<span><bdi>{escape(value)}</bdi>{note}</span>"
