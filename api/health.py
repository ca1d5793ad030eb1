"""Routes for those who run it: is it alive, and can it answer."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter

from api import examples
from api.access import OpenEngine
from api.openapi import open_problems, success
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
