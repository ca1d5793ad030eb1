"""The least a FastAPI application does: what `/ask` is compared with."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel


class Asked(BaseModel):
    """As much as a question has."""

    question: str


app = FastAPI()


@app.post("/constant")
async def constant(body: Asked) -> dict[str, Any]:
    """Reads a small body and says the same each time."""
    return {"status": "answered"}
