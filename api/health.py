"""Routes for those who run it: is it alive, can it answer, and what has it done."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client.exposition import choose_encoder

from api import examples
from api.access import Access, OpenEngine
from api.openapi import open_problems, problems, success
from api.schemas import AliveBody, ReadyBody

router = APIRouter(tags=["Health"])


@router.get("/healthz", response_model=AliveBody, summary="Is it alive?", responses=open_problems())
async def healthz() -> AliveBody:
    """The process is up. Says nothing about the index."""
    return AliveBody()


@router.get(
    "/readyz",
    response_model=ReadyBody,
    summary="Can it answer?",
    response_description="The index is loaded.",
    responses=open_problems(HTTPStatus.SERVICE_UNAVAILABLE) | success(ready=examples.READY),
)
def readyz(engine: OpenEngine) -> dict[str, Any]:
    """Looks at the index; opens it where that has not succeeded yet."""
    return {"index": asdict(engine.info)}


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    summary="What has it done?",
    response_description="Prometheus text, or OpenMetrics where that is asked for.",
    responses=problems() | {200: {"content": {"text/plain": {"example": examples.METRICS}}}},
)
def metrics(access: Access, request: Request) -> Response:
    """Requests by route and status, answers by status, seconds by stage, what is in the index.

    Counted since this process started.
    """
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(access.metrics.registry), media_type=media_type)
