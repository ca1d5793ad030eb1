"""Routes that ask: ``POST /ask`` and ``POST /search``."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response

from api import examples
from api.accept import prefers
from api.access import Access, EngineAccess
from api.growing import growing, whole
from api.openapi import problems, success
from api.problems import describe
from api.schemas import AnswerBody, AskBody, HitsBody, SearchBody
from api.stream import DESCRIPTION, answer_stream
from api.watching import note_question
from rag.answer.body import answer_body, article_body
from rag.records import Hit, Question

router = APIRouter(
    tags=["Ask"],
    responses=problems(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)


@router.post(
    "/ask",
    response_model=AnswerBody,
    summary="Ask a question",
    response_description="The answer. Where `stream` is true or `text/event-stream` is preferred: "
    "events `meta`, `citation` (each before the text that uses it), `delta`, `final` (this whole "
    "body), `done`; an `error`, whose data is a problem, ends the stream early.",
    responses=success(
        answered=examples.ANSWER,
        abstained=examples.ABSTENTION,
        also={"text/event-stream": DESCRIPTION},
    ),
)
async def ask(body: AskBody, access: Access, request: Request) -> dict[str, Any] | Response:
    """Answers with exact quotes, each with its source, or says that the articles hold none."""
    note_question(request, body.question)
    question = body.record()
    if body.stream or prefers(request.headers.get("accept", ""), "text/event-stream"):
        return await answer_stream(
            _states(access, question), on_error=lambda error: describe(error, request)
        )
    return answer_body(await whole(access, question, request))


async def _states(access: EngineAccess, question: Question) -> AsyncGenerator[dict[str, Any]]:
    async with aclosing(growing(access, question)) as states:
        async for answer in states:
            yield answer_body(answer)


@router.post(
    "/search",
    response_model=HitsBody,
    summary="Search for passages",
    response_description="The passages, best first.",
    responses=success(found=examples.HITS),
)
async def search(body: SearchBody, access: Access, request: Request) -> dict[str, Any]:
    """Retrieval alone: the passages that suit the query best, with where each side ranked them."""
    note_question(request, body.query)
    filters = body.filters.record()
    hits = await access.admission.run(
        lambda: access.engine().search(body.query, top_k=body.top_k, filters=filters)
    )
    return {"hits": [hit_body(hit) for hit in hits]}


def hit_body(hit: Hit) -> dict[str, Any]:
    """A hit as plain JSON data."""
    return {
        "article": article_body(hit.article),
        "text": hit.text,
        "start": hit.span.start,
        "end": hit.span.end,
        "score": hit.score,
        "ranks": asdict(hit.ranks),
    }
