"""Everything that the description allows and much that it does not, sent to a real server."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api.app import create_app
from rag.settings import Settings

Serving = Callable[[Callable[[], FastAPI]], AbstractContextManager[httpx.Client]]

EXAMPLES = 40
# What a schema cannot say: no language model is set up, the last of several is a question, a
# question has more in it than control characters, the end of a span comes after its start, a file
# holds an article.
BEYOND = (
    "composer-unavailable",
    "the last message must",
    "bad_question",
    "bad-question",
    "0 <= start",
    "bad-article",
    "no-text",
    "unknown-kind",
)
DESCRIBED = schemathesis.openapi.from_dict(create_app(Settings(home=Path("none"))).openapi())


@pytest.fixture(scope="module")
def own_client(
    home: Path, serving: Serving, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A server over a copy of the five articles, which what is uploaded here cannot spoil."""
    copy = tmp_path_factory.mktemp("fuzzed") / "home"
    shutil.copytree(home, copy)
    with serving(lambda: create_app(Settings(home=copy))) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        yield client


def test_what_is_sent_fits_what_the_server_describes(client: httpx.Client) -> None:
    assert client.get("/openapi.json").json() == DESCRIBED.raw_schema


@DESCRIBED.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_response_is_as_described(case: Any, own_client: httpx.Client) -> None:
    response = case.call(base_url=str(own_client.base_url).rstrip("/"))
    beyond = response.status_code in (400, 415, 422) and any(
        word in response.text for word in BEYOND
    )
    # A refusal, too, but not one that is expected; and in a form every value is text.
    unexpected = response.status_code == 413 or case.media_type == "multipart/form-data"
    excluded = [positive_data_acceptance] * beyond + [negative_data_rejection] * unexpected
    case.validate_response(response, excluded_checks=excluded)
