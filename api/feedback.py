"""The route for those who were answered: ``POST /feedback``."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request

from api import examples
from api.openapi import problems, success
from api.schemas import FeedbackBody, KeptFeedbackBody
from rag.feedback import keep_feedback

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
    "/feedback",
    response_model=KeptFeedbackBody,
    summary="Say what an answer was worth",
    response_description="What was kept.",
    responses=success(kept=examples.FEEDBACK),
)
def feedback(body: FeedbackBody, request: Request) -> dict[str, Any]:
    """It is on the disk when this returns. A later verdict on the same answer replaces it."""
    home = request.app.state.settings.home
    return asdict(keep_feedback(home, body.answer_id, body.verdict, body.comment))
