"""Which articles there are, as HTML, and those that a visitor looks for."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.corpus.text import words
from rag.records import Article
from ui.markup import about_html, guessed_html, shown, side, title_of
from ui.texts import NAMES, TEXTS, Language
from ui.texts_articles import ARTICLES_TEXTS, ArticlesTexts

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor looks for; an empty field leaves nothing out. ``most`` are shown."""

    search: str = ""
    language: str = ""
    quality: str = ""
    most: int = PAGE


def matching(articles: Iterable[Article], wanted: Wanted) -> list[Article]:
    """The articles that are wanted: each word of the search occurs in what is known of them."""
    searched = words(wanted.search)
    return [
        article
        for article in articles
        if wanted.language in ("", article.language)
        and wanted.quality in ("", article.quality)
        and (not searched or _holds(article, searched))
    ]


def _holds(article: Article, searched: Sequence[str]) -> bool:
    known = (article.title, article.author, article.publisher, article.filename)
    folded = _folded("\n".join(filter(None, known)))
    return all(word in folded for word in searched)


@lru_cache(maxsize=50_000)
def _folded(text: str) -> str:
    return " ".join(words(text))


def filter_html(articles: Sequence[Article], wanted: Wanted, language: Language) -> str:
    """The form in which is said what is looked for."""
    texts = ARTICLES_TEXTS[language]
    spoken = sorted({article.language for article in articles})
    languages = [("", texts.any_language), *((name, language_name(name)) for name in spoken)]
    qualities = [("", texts.any_quality), *_qualities(language)]
    return (
        f'<form role="search"><input type="search" name="search" dir="auto" autocomplete="off"'
        f' value="{shown(wanted.search)}" placeholder="{shown(texts.find)}"'
        f' aria-label="{shown(texts.find)}">'
        f"{_choice('language', texts.any_language, languages, wanted.language)}"
        f"{_choice('quality', texts.any_quality, qualities, wanted.quality)}</form>"
    )


def _qualities(language: Language) -> list[tuple[str, str]]:
    words = TEXTS[language]
    clean = ("clean", ARTICLES_TEXTS[language].clean)
    return [clean, ("repaired", words.repaired), ("doubtful", words.doubtful)]


def language_name(code: str) -> str:
    """What the language calls itself, where that is known."""
    return next((name for known, name in NAMES.items() if known == code), code)


def _choice(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> str:
    listed = "".join(
        f'<option value="{shown(value)}"{" selected" if value == chosen else ""}>{shown(text)}'
        "</option>"
        for value, text in options
    )
    return f'<select name="{name}" aria-label="{shown(label)}">{listed}</select>'


def list_html(articles: Sequence[Article], wanted: Wanted, language: Language) -> str:
    """How many there are, and the first of those that are wanted."""
    texts = ARTICLES_TEXTS[language]
    found = matching(articles, wanted)
    items = "".join(_item(article, language) for article in found[: wanted.most])
    count = _count(len(found), len(articles), wanted, texts)
    return f"{count}<ul>{items}</ul>{_more(found, wanted, texts)}"


def _count(found: int, count: int, wanted: Wanted, texts: ArticlesTexts) -> str:
    if not count:
        told = texts.no_articles_yet
    elif not found:
        told = texts.none_found
    elif found == count:
        told = texts.counted.format(count=count)
    else:
        told = texts.found.format(found=found, count=count)
    asked = json.dumps([wanted.search, wanted.language, wanted.quality], ensure_ascii=False)
    return f'<p class="count" role="status" data-wanted="{shown(asked)}">{shown(told)}</p>'


def _more(found: Sequence[Article], wanted: Wanted, texts: ArticlesTexts) -> str:
    if len(found) <= wanted.most:
        return ""
    return (
        f'<button type="button" class="plain" data-event="more">{shown(texts.show_more)}</button>'
    )


def _item(article: Article, language: Language) -> str:
    title = f"<bdi>{shown(title_of(article))}</bdi>"
    title += guessed_html(article, "title", TEXTS[language])
    return (
        f'<li><button type="button" data-event="read" data-article="{shown(article.id)}"'
        f' dir="{side(article.language)}"><span class="title">{title}</span>'
        f'<span class="about">{facts_html(article, language)}</span></button></li>'
    )


def facts_html(article: Article, language: Language) -> str:
    """Who, where, when, what is to be known of the text, in which language and file."""
    facts = (
        about_html(article, TEXTS[language]),
        f"<bdi>{shown(language_name(article.language))}</bdi>",
        f'<bdi class="file">{shown(article.filename)}</bdi>',
    )
    return '<span class="dot">\u00a0· </span>'.join(fact for fact in facts if fact)
