"""One article to be read in its tab, and what may be done with it."""

from urllib.parse import quote

from rag.export.view import web_address
from rag.records import Article, Document
from ui.articles_list import facts_html
from ui.markup import direction, shown, title_of
from ui.repairs import repairs_html
from ui.texts import Language
from ui.texts_articles import ARTICLES_TEXTS, ArticlesTexts

# How much of an article is sent with the window, in characters; its own page has all of it.
_MOST = 200_000


def pane_html(document: Document, language: Language, *, may_write: bool) -> str:
    """The article with what is known of it, what was mended, and its text."""
    article, texts = document.article, ARTICLES_TEXTS[language]
    cut = f"<p>{shown(texts.cut_short)}</p>" if len(document.text) > _MOST else ""
    changes = _changes(article, texts) if may_write else ""
    return (
        f'<section class="pane" tabindex="-1" aria-labelledby="pane-title"'
        f' data-article="{shown(article.id)}" data-file="{shown(article.filename)}">'
        f'<header><h2 id="pane-title" dir="auto">{shown(title_of(article))}</h2>'
        f'<p class="about">{facts_html(article, language)}</p>'
        f'<p class="links">{_links(article, texts)}</p>{repairs_html(article, language)}{changes}'
        f'</header><div class="text" {direction(article.language)}>'
        f"{shown(document.text[:_MOST])}</div>{cut}</section>"
    )


def word_html(text: str) -> str:
    """A word in the place of an article."""
    return f'<section class="pane" tabindex="-1"><p role="status">{shown(text)}</p></section>'


def _links(article: Article, texts: ArticlesTexts) -> str:
    own = shown(f"/articles/{quote(article.id, safe='')}")
    links = [f'<a href="{own}" target="_blank" rel="noopener">{shown(texts.own_page)}</a>']
    if (url := web_address(article)) is not None:
        links.append(
            f'<a href="{shown(url)}" target="_blank" rel="noopener noreferrer">'
            f"{shown(texts.original)}</a>"
        )
    close = shown(texts.close_article)
    links.append(f'<button type="button" class="plain" data-do="close">{close}</button>')
    return " ".join(links)


def _changes(article: Article, texts: ArticlesTexts) -> str:
    removed = shown(texts.removed.format(title=title_of(article)))
    return (
        f'<div class="changes"><label class="plain">{shown(texts.replace)}'
        f'<input type="file" class="replacement"></label>'
        f'<details class="sure"><summary>{shown(texts.remove)}</summary>'
        f'<button type="button" data-do="remove" data-removed="{removed}">'
        f"{shown(texts.remove_sure)}</button></details></div>"
    )
