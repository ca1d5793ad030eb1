"""A real server of a real model, which writes nothing but noise: transformers' own."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from time import sleep

import httpx
import promises
import pytest
from fastapi import FastAPI
from tiny_models import save_tiny_writer

from api.app import create_app
from rag.engine import Engine
from rag.settings import Settings

Serving = Callable[[Callable[[], FastAPI]], AbstractContextManager[httpx.Client]]
_SERVE = "from transformers.cli.transformers import main; main()"


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the server, and the model it serves."""
    model = save_tiny_writer(tmp_path_factory.mktemp("writer"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _SERVE, "serve", str(model), "--device", "cpu"]
    served = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while served.poll() is None and not _answers(f"http://127.0.0.1:{port}/health"):
            sleep(0.1)
        assert served.poll() is None
        yield f"http://127.0.0.1:{port}/v1", model
    finally:
        served.kill()
        served.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_noise_ends_in_a_cited_answer_or_an_abstention(
    noise: tuple[str, Path], home: Path, serving: Serving, engine: Engine
) -> None:
    url, model = noise
    settings = Settings(home=home, llm_base_url=url, llm_model=str(model), llm_seconds=8)
    with serving(lambda: create_app(settings)) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        for question in (
            "كم وزيرا ووفدا حضروا لقاء روما؟",
            "Who received Messahel and Shoukry at the presidential palace?",
        ):
            body = client.post("/ask", json={"question": question, "explain": True}).json()
            promises.hold(body, lambda article_id: engine.document(article_id).text)
            assert (body["status"], body["composer"]) == ("answered", "extractive")
            assert body["warnings"]
            assert body["writing"]["told"] == 0
