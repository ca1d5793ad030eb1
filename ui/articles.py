"""The tab of the articles: to browse, find and read them, and to add and remove some."""

import json
from dataclasses import asdict, replace
from functools import lru_cache

import gradio as gr

from api.access import EngineAccess
from api.authorisation import may_change_articles
from rag.engine import Engine
from rag.errors import ArticleNotFound, IsnadError
from rag.records import Article
from ui.article_pane import pane_html, word_html
from ui.articles_list import PAGE, Wanted, filter_html, list_html
from ui.chat_tab import FINDING, QUIET, ChatTab
from ui.first import first_screen
from ui.language import language_of_request
from ui.markup import shown
from ui.texts import Language
from ui.texts_articles import ARTICLES_TEXTS


def articles_tab(access: EngineAccess, chat: ChatTab, tab: gr.Tab) -> None:
    """The parts of ``tab``, within which it is called. ``chat`` tells which articles there are
    before anything was asked, and is told when there are others."""
    wanted = gr.State(Wanted())
    add = _part("add-articles", 'isnad.articles.add(element, trigger, ["altered"])')
    with gr.Row(elem_classes="articles"):
        with gr.Column(elem_classes="articles-list", scale=2):
            finding = _part("articles-filter", 'isnad.find(element, trigger, ["find"])')
            listing = _part("", 'isnad.articles.list(element, trigger, watch, ["read", "more"])')
        with gr.Column(elem_classes="articles-pane", scale=3):
            pane = _part("", 'isnad.articles.pane(element, trigger, props, watch, ["altered"])')
    tabs = _ArticlesTab(access)
    tab.select(tabs.begin, wanted, [add, finding, listing], **QUIET)
    finding.find(tabs.find, None, [listing, wanted], **FINDING)
    listing.more(tabs.more, wanted, [listing, wanted], **QUIET)
    listing.read(tabs.read, None, pane, **QUIET)
    for part in (add, pane):
        altered = part.altered(tabs.altered, None, [finding, listing], **FINDING)
        altered.then(chat.first, chat.conversation, chat.turns, **QUIET)


def _part(name: str, js: str) -> gr.HTML:
    return gr.HTML(elem_classes=name, js_on_load=js, apply_default_css=False)


class _ArticlesTab:
    """What happens when the tab is used."""

    def __init__(self, access: EngineAccess) -> None:
        self._access = access

    def begin(self, wanted: Wanted, request: gr.Request) -> tuple[str, str, str]:
        """How to add articles, how to find some, and those there are."""
        language = language_of_request(request.headers)
        megabytes = self._access.settings.largest_file_mb
        return add_html(language, megabytes, may_write=_may_write(request)), *self._listed(
            wanted, language
        )

    def find(self, looked_for: gr.EventData, request: gr.Request) -> tuple[str, Wanted]:
        """The articles that are looked for."""
        wanted = Wanted(str(looked_for.search), str(looked_for.language), str(looked_for.quality))
        return self._listed(wanted, language_of_request(request.headers))[1], wanted

    def more(self, wanted: Wanted, request: gr.Request) -> tuple[str, Wanted]:
        """As many more of them."""
        more = replace(wanted, most=wanted.most + PAGE)
        return self._listed(more, language_of_request(request.headers))[1], more

    def read(self, chosen: gr.EventData, request: gr.Request) -> str:
        """The article that was chosen."""
        language = language_of_request(request.headers)
        try:
            document = self._access.engine().document(str(chosen.article))
        except ArticleNotFound:
            return word_html(ARTICLES_TEXTS[language].article_gone)
        except IsnadError:
            return word_html(ARTICLES_TEXTS[language].not_ready_yet)
        return pane_html(document, language, may_write=_may_write(request))

    def altered(self, told: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """The articles as they are now, if none were listed before. Others are found anew by the
        window: a list made here could come after one that was made for what has been typed since,
        and would stand in its place."""
        language = language_of_request(request.headers)
        first_screen(self._access, language)  # made now, so that `ChatTab.first` takes no time
        return (gr.skip(), gr.skip()) if told.listed else self._listed(Wanted(), language)

    def _listed(self, wanted: Wanted, language: Language) -> tuple[str, str]:
        """The form for finding, and what is found."""
        articles: tuple[Article, ...] = ()
        try:
            engine = self._access.engine()
            articles = _articles(engine, engine.info.version)
        except IsnadError:
            word = shown(ARTICLES_TEXTS[language].not_ready_yet)
            return "", f'<p class="count" role="status">{word}</p>'
        return filter_html(articles, wanted, language), list_html(articles, wanted, language)


@lru_cache(maxsize=2)
def _articles(engine: Engine, version: str) -> tuple[Article, ...]:
    """The articles, read once for each ``version`` of the index, not with each search."""
    return engine.articles()


def add_html(language: Language, megabytes: int, *, may_write: bool) -> str:
    """Where files are dropped; for who may not write, that it is so."""
    texts = ARTICLES_TEXTS[language]
    if not may_write:
        return f'<p class="read-only">{shown(texts.read_only)}</p>'
    words = shown(json.dumps(asdict(texts), ensure_ascii=False))
    how = shown(texts.add_how.format(megabytes=megabytes))
    return (
        f'<div class="drop" data-texts="{words}"><h2>{shown(texts.add_title)}</h2>'
        f'<p id="add-how">{how}</p><label class="primary">{shown(texts.choose)}'
        f'<input type="file" multiple aria-describedby="add-how"></label></div>'
        f'<ul class="uploads" aria-live="polite"></ul>'
    )


def _may_write(request: gr.Request) -> bool:
    return may_change_articles(request.request.state.key)
