"""The five articles, indexed once a session by the real engine with the embedded model."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import httpx
import hypothesis
import pytest
import uvicorn
from fastapi import FastAPI
from scripted_models import Scripted
from tiny_models import save_tiny_model

from rag.engine import Engine
from rag.evaluation.gold import GoldQuestion, read_gold
from rag.indexing import build_index
from rag.settings import Settings

# How long one example takes says nothing on a machine that others use too.
hypothesis.settings.register_profile("isnad", deadline=None)
hypothesis.settings.load_profile("isnad")

Serving = Callable[..., AbstractContextManager[httpx.Client]]

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="session")
def seeds() -> Path:
    return SEEDS


@pytest.fixture(scope="session")
def gold() -> list[GoldQuestion]:
    return read_gold(SEEDS / "questions.jsonl")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the five articles in it."""
    folder = tmp_path_factory.mktemp("isnad") / "home"
    report = build_index(Settings(home=folder), [SEEDS])
    assert not report.failed
    return folder


@pytest.fixture(scope="session")
def settings(home: Path) -> Settings:
    return Settings(home=home)


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    opened = Engine.open(settings)
    yield opened
    opened.close()


@contextmanager
def _serving(create_app: Callable[[], FastAPI], **options: Any) -> Iterator[httpx.Client]:
    config = uvicorn.Config(
        create_app, factory=True, **({"port": 0, "log_level": "critical"} | options)
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()
        with httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Serve an application on a free port: ``with serving(create_app) as client``."""
    return _serving


@pytest.fixture(scope="session")
def scripted() -> Iterator[Scripted]:
    """Models of every character; `models_url` is where they are served."""
    models = Scripted()
    with _serving(lambda: models.app) as client:
        models.url = f"{client.base_url}".rstrip("/") + "/v1"
        yield models


@pytest.fixture(scope="session")
def models_url(scripted: Scripted) -> str:
    return scripted.url


@pytest.fixture(scope="session")
def tiny_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of three models: without prompts, E5-like without stored prompts, with prompts."""
    place = tmp_path_factory.mktemp("models")
    return {
        "plain": save_tiny_model(place / "plain-model"),
        "e5": save_tiny_model(place / "tiny-e5-small"),
        "prompted": save_tiny_model(
            place / "prompted-model", prompts={"query": "what : ", "document": "the : "}
        ),
    }
