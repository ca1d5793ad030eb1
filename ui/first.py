"""What is shown before anything was asked."""

from collections.abc import Sequence
from functools import lru_cache

from api.access import EngineAccess
from rag.engine import Engine
from rag.errors import IsnadError
from rag.records import Article
from ui.icons import icon
from ui.markup import about_html, guessed_html, shown, side, title_of
from ui.suggestions import Suggestion, example_questions
from ui.texts import NAMES, TEXTS, Language, Texts
from ui.turns import suggestions_html

# How many articles are named; the others are counted.
_NAMED = 6


def first_screen(access: EngineAccess, language: Language) -> str:
    """What this is, which articles it knows and what could be asked; where there are none, how
    there can be."""
    texts = TEXTS[language]
    try:
        engine = access.engine()
        articles = engine.articles()
        if not articles:
            return _screen(texts, _nothing_html(texts))
        examples = _examples(engine, engine.info.version, language)
    except IsnadError:
        return _screen(texts, f'<p class="notice">{shown(texts.not_ready)}</p>')
    return _screen(texts, _examples_html(texts, examples) + _articles_html(texts, articles))


@lru_cache(maxsize=16)
def _examples(engine: Engine, version: str, language: Language) -> tuple[Suggestion, ...]:
    """The examples, made once for each ``version`` of the index."""
    return example_questions(engine, TEXTS[language])


def _screen(texts: Texts, parts: str) -> str:
    return f'<div class="first"><p class="statement">{shown(texts.about)}</p>{parts}</div>'


def _nothing_html(texts: Texts) -> str:
    return (
        f'<div class="no-articles">{icon("read")}<h2>{shown(texts.empty_title)}</h2>'
        f"<p>{shown(texts.empty_how)}</p>"
        f'<button type="button" class="primary" data-do="articles">{shown(texts.empty_add)}'
        f"</button></div>"
    )


def _examples_html(texts: Texts, examples: Sequence[Suggestion]) -> str:
    if not examples:
        return ""
    return (
        f'<section class="examples"><h2>{shown(texts.try_asking)}</h2>'
        f"<div>{suggestions_html(examples)}</div></section>"
    )


def _articles_html(texts: Texts, articles: Sequence[Article]) -> str:
    named = "".join(_article_html(article, texts) for article in articles[:_NAMED])
    left = len(articles) - _NAMED
    more = shown(texts.more_articles.format(count=left))
    button = f'<button type="button" class="plain" data-do="articles">{more}</button>'
    return (
        f'<section class="known"><h2>{shown(texts.knows)}</h2><ul>{named}</ul>'
        f"{button if left > 0 else ''}</section>"
    )


def _article_html(article: Article, texts: Texts) -> str:
    language = next((NAMES[known] for known in NAMES if known == article.language), None)
    tag = f'<span class="language-tag">{shown(language or article.language)}</span>'
    return (
        f'<li><button type="button" data-event="read" data-article="{shown(article.id)}" '
        f'dir="{side(article.language)}"><span class="title"><bdi>{shown(title_of(article))}</bdi>'
        f"{guessed_html(article, 'title', texts)}</span>"
        f'<span class="about">{about_html(article, texts)}{tag}</span></button></li>'
    )
