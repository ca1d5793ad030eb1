"""Routes of ``/articles``: list, read one, its bare text, add or replace, remove."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import (
    APIRouter,
    Depends,
    File,
    HTTPException,
    Path,
    Query,
    Request,
    Response,
    UploadFile,
)
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse

from api import examples
from api.accept import prefers
from api.access import Access, OpenEngine
from api.openapi import problems, success
from api.reading import CONTENT_SECURITY, reading_page
from api.schemas import AddedBody, ArticleBody, ArticlesBody, DocumentBody
from rag.answer.body import article_body
from rag.index.report import Outcome
from rag.records import Document, Span

router = APIRouter(
    prefix="/articles", tags=["Articles"], responses=problems(HTTPStatus.SERVICE_UNAVAILABLE)
)
_PAGE = {"text/html": {"schema": {"type": "string"}}}
_ONE = problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


def _multipart(request: Request) -> None:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send the file as multipart/form-data, named file"
        )


@router.get(
    "",
    response_model=ArticlesBody,
    summary="List the articles",
    response_description="Every article in the index, by file name.",
    responses=success(articles={"articles": [examples.ARTICLE]}),
)
def articles(engine: OpenEngine) -> dict[str, Any]:
    """What can be asked about."""
    return {"articles": [article_body(article) for article in engine.articles()]}


@router.post(
    "",
    response_model=AddedBody,
    summary="Add or replace an article",
    response_description="The articles of the file, which can be asked about from now on.",
    responses=problems(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    )
    | success(added=examples.ADDED),
    dependencies=[Depends(_multipart)],
)
def add(
    access: Access,
    file: Annotated[UploadFile, File(description="text, web page, PDF, Word, EPUB, JSON Lines")],
) -> dict[str, Any]:
    """A file of the same name is replaced. It is told by what it holds, not by its name. The first
    file makes the index where there is none yet."""
    added = access.add(file.filename or "", file.file.read())
    return {
        "articles": [article_body(article) for article in added.articles],
        "outcomes": [_outcome_body(outcome) for outcome in added.outcomes],
    }


def _outcome_body(outcome: Outcome) -> dict[str, Any]:
    repairs = [asdict(repair) for repair in outcome.repairs]
    return {"action": outcome.action, "detail": outcome.detail, "repairs": repairs}


@router.delete(
    "/{article_id}",
    response_model=ArticleBody,
    summary="Remove an article",
    response_description="The article, which cannot be asked about any more.",
    responses=_ONE | success(article=examples.ARTICLE),
)
def remove(
    engine: OpenEngine,
    article_id: Annotated[str, Path(description="an article's id", max_length=200)],
) -> dict[str, Any]:
    """It stays away until it is uploaded again, or its file is indexed by its own name."""
    return article_body(engine.remove(article_id))


def _document(
    engine: OpenEngine,
    article_id: Annotated[str, Path(description="an article's id", max_length=200)],
) -> Document:
    return engine.document(article_id)


OneDocument = Annotated[Document, Depends(_document)]


def _span(
    document: OneDocument,
    start: Annotated[int | None, Query(ge=0, description="a span to mark, in code points")] = None,
    end: Annotated[int | None, Query(ge=0, description="its end, exclusive")] = None,
) -> Span | None:
    """The span asked for, which has to lie in the text and to hold something."""
    if start is None and end is None:
        return None
    if start is None or end is None or not start < end <= len(document.text):
        allowed = f"start and end go together, 0 <= start < end <= {len(document.text)}"
        fault = {"type": "span", "loc": ("query", "start"), "msg": allowed}
        raise RequestValidationError([fault])
    return Span(start, end)


@router.get(
    "/{article_id}",
    response_model=DocumentBody,
    summary="Read an article",
    response_description="The article; a page with the span marked where `text/html` is preferred.",
    responses=_ONE
    | success(article=examples.DOCUMENT, also={"text/html": {"schema": {"type": "string"}}}),
)
def article(
    document: OneDocument, span: Annotated[Span | None, Depends(_span)], request: Request
) -> dict[str, Any] | Response:
    """Metadata, canonical text and what was repaired in it. A `view_url` leads here."""
    vary = {"Vary": "Accept"}
    if prefers(request.headers.get("accept", ""), "text/html"):
        secure = {"Content-Security-Policy": CONTENT_SECURITY}
        return HTMLResponse(reading_page(document, span), headers=vary | secure)
    return _document_body(document)


def _document_body(document: Document) -> dict[str, Any]:
    repairs = [asdict(repair) for repair in document.article.repairs]
    return article_body(document.article) | {"text": document.text, "repairs": repairs}


@router.get(
    "/{article_id}/text",
    response_class=PlainTextResponse,
    summary="Read an article's bare text",
    response_description="The canonical text in UTF-8.",
    responses=_ONE,
)
def text(document: OneDocument) -> PlainTextResponse:
    """The text that every quote is a slice of."""
    return PlainTextResponse(document.text)
