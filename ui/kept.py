"""The sidebar of kept conversations."""

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from api.access import EngineAccess
from rag.conversations import (
    delete_conversation,
    delete_conversations,
    kept_conversations,
    rename_conversation,
)
from rag.errors import ConversationNotFound, ConversationsUnavailable
from rag.settings import Settings
from ui.chat_tab import FINDING, QUIET, ChatTab
from ui.conversation import Conversation
from ui.keeping import opened
from ui.kept_list import kept_html, search_html, word_html
from ui.language import language_of_request
from ui.texts_kept import KEPT_TEXTS
from ui.visitor import visitor_of_request

_FIND_JS = 'isnad.find(element, trigger, ["find"])'
# The events that the list causes, each with the data of what was pressed.
_LIST_JS = 'isnad.kept(element, trigger, watch, ["open", "rename", "delete", "delete_all"])'


def kept_sidebar(access: EngineAccess, chat: ChatTab, tabs: gr.Tabs, page: gr.Blocks) -> None:
    """The parts of the sidebar, within which it is called; what is opened is shown in ``chat``."""
    search = gr.State("")
    finding = gr.HTML(js_on_load=_FIND_JS, apply_default_css=False, elem_classes="kept-search")
    listing = gr.HTML(js_on_load=_LIST_JS, apply_default_css=False, elem_classes="kept-list")
    sidebar = _Sidebar(access.settings, chat)
    given = [search, chat.conversation]
    anew = [*chat.outputs, listing]
    page.load(sidebar.searching, None, finding, **QUIET)
    finding.find(sidebar.find, chat.conversation, [search, listing], **FINDING)
    for chain in (*chat.asked, *chat.begun):
        chain.then(sidebar.listed, given, listing, **QUIET)
    listing.open(sidebar.open, given, [*anew, tabs], **QUIET)
    listing.rename(sidebar.rename, given, listing, **QUIET)
    listing.delete(sidebar.delete, given, anew, **QUIET)
    listing.delete_all(sidebar.delete_all, given, anew, **QUIET)


class _Sidebar:
    """What happens when the sidebar is used. Whoever asks gets what is kept for him alone."""

    def __init__(self, settings: Settings, chat: ChatTab) -> None:
        self._settings = settings
        self._chat = chat

    def searching(self, request: gr.Request) -> str:
        """The form to search with, where anything is kept."""
        if not self._settings.keep_conversations:
            return ""
        return search_html(KEPT_TEXTS[language_of_request(request.headers)])

    def find(
        self, conversation: Conversation, looked_for: gr.EventData, request: gr.Request
    ) -> tuple[str, str]:
        """What is looked for, and the conversations in which it is."""
        search = str(looked_for.search)
        return search, self.listed(search, conversation, request)

    def listed(self, search: str, conversation: Conversation, request: gr.Request) -> str:
        """The visitor's conversations that hold the words of ``search``."""
        texts = KEPT_TEXTS[language_of_request(request.headers)]
        visitor = visitor_of_request(request.headers)
        if not self._settings.keep_conversations:
            return word_html(texts.never_kept)
        if visitor is None:
            return word_html(texts.no_cookie)
        try:
            found = kept_conversations(self._settings.home, visitor, search)
        except ConversationsUnavailable:
            return word_html(texts.not_readable, conversation.id)
        return kept_html(found, conversation.id, bool(search.strip()), texts)

    def open(
        self, search: str, conversation: Conversation, chosen: gr.EventData, request: gr.Request
    ) -> tuple[Any, ...]:
        """Show the conversation that was chosen, in the chat."""
        wanted = {"conversation": str(chosen.id)}
        try:
            found = opened(self._settings, request.headers, wanted) or conversation
        except (ConversationNotFound, ConversationsUnavailable):  # deleted in another window
            found = conversation
        return *self._anew(search, found, request), gr.Tabs(selected="chat")

    def rename(
        self, search: str, conversation: Conversation, given: gr.EventData, request: gr.Request
    ) -> str:
        """Call the conversation by the name that was given."""
        self._change(
            request.headers,
            lambda visitor: rename_conversation(
                self._settings.home, visitor, str(given.id), str(given.title)
            ),
        )
        return self.listed(search, conversation, request)

    def delete(
        self, search: str, conversation: Conversation, chosen: gr.EventData, request: gr.Request
    ) -> tuple[Any, ...]:
        """Delete the conversation that was chosen; if it is the open one, begin another."""
        self._change(
            request.headers,
            lambda visitor: delete_conversation(self._settings.home, visitor, str(chosen.id)),
        )
        if chosen.id == conversation.id:
            return self._anew(search, Conversation(), request)
        return *(gr.skip() for _ in self._chat.outputs), self.listed(search, conversation, request)

    def delete_all(
        self, search: str, conversation: Conversation, request: gr.Request
    ) -> tuple[Any, ...]:
        """Delete all of them, and begin another."""
        self._change(
            request.headers, lambda visitor: delete_conversations(self._settings.home, visitor)
        )
        return self._anew(search, Conversation(), request)

    def _anew(
        self, search: str, conversation: Conversation, request: gr.Request
    ) -> tuple[Any, ...]:
        shown = self._chat.showing(conversation, language_of_request(request.headers))
        return *shown, self.listed(search, conversation, request)

    def _change(self, headers: Mapping[str, str], change: Callable[[str], None]) -> None:
        """Make a change that its list then shows; what is not there any more needs none."""
        visitor = visitor_of_request(headers)
        try:
            if visitor is not None:
                change(visitor)
        except ConversationNotFound:
            return
        except ConversationsUnavailable:
            texts = KEPT_TEXTS[language_of_request(headers)]
            gr.Warning(texts.not_readable)
