"""What the window needs beside Gradio: a conversation as a file, and leave to read an answer."""

from functools import cache
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.access import OpenEngine
from rag.conversations import kept_turns, share_answer
from rag.errors import ArticleNotFound, ConversationNotFound
from rag.export import FORMS, MEDIA_TYPES, Form
from rag.export.view import View
from ui.language import language_of_request
from ui.visitor import visitor_of_request

router = APIRouter(include_in_schema=False)


def _visitor(request: Request) -> str:
    visitor = visitor_of_request(request.headers)
    if visitor is None:
        raise ConversationNotFound("there is no such conversation or answer")
    return visitor


Visitor = Annotated[str, Depends(_visitor)]


@router.get("/conversations/{conversation_id}.{form}")
def export(
    conversation_id: str, form: Form, visitor: Visitor, engine: OpenEngine, request: Request
) -> Response:
    """One of the visitor's conversations as a file to save."""

    @cache
    def text_of(article_id: str) -> str | None:
        try:
            return engine.document(article_id).text
        except ArticleNotFound:
            return None

    address = str(request.base_url).rstrip("/")
    view = View(address, language_of_request(request.headers), text_of)
    kept, turns = kept_turns(request.app.state.settings.home, visitor, conversation_id)
    headers = {
        "Content-Disposition": f'attachment; filename="isnad-{kept.changed[:10]}.{form}"',
        "Cache-Control": "no-store",
    }
    return Response(FORMS[form](kept, turns, view), media_type=MEDIA_TYPES[form], headers=headers)


@router.post("/answers/{answer_id}/link", status_code=HTTPStatus.NO_CONTENT)
def link(answer_id: str, visitor: Visitor, request: Request) -> None:
    """Let whoever has the answer's id, which cannot be guessed, read that answer."""
    share_answer(request.app.state.settings.home, visitor, answer_id)
