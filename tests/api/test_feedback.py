"""A verdict that was taken is kept, whatever happens next."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from rag.feedback import FILE, read_feedback
from rag.settings import Settings

GIVEN = {"answer_id": "a1", "verdict": "down", "comment": "ليس هذا سؤالي\n'; DROP TABLE feedback"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def taking(place: Path, serving: Any) -> AbstractContextManager[httpx.Client]:
    """A server without index: feedback needs none."""
    server: AbstractContextManager[httpx.Client] = serving(lambda: create_app(Settings(home=place)))
    return server


def test_a_verdict_is_kept_and_a_later_one_replaces_it(
    taking: AbstractContextManager[httpx.Client], place: Path
) -> None:
    with taking as client:
        first = client.post("/feedback", json=GIVEN)
        assert first.status_code == 200
        assert GIVEN.items() <= first.json().items()
        client.post("/feedback", json={"answer_id": "a2", "verdict": "up"})
        client.post("/feedback", json={"answer_id": "a1", "verdict": "up"})
    kept = {one.answer_id: (one.verdict, one.comment) for one in read_feedback(place)}
    assert kept == {"a2": ("up", None), "a1": ("up", None)}


def test_many_at_once_are_all_kept(
    taking: AbstractContextManager[httpx.Client], place: Path
) -> None:
    with taking as client, ThreadPoolExecutor(8) as threads:
        bodies = [GIVEN | {"answer_id": f"a{n}"} for n in range(60)]
        sent = list(threads.map(lambda body: client.post("/feedback", json=body), bodies))
    assert {response.status_code for response in sent} == {200}
    assert {one.answer_id for one in read_feedback(place)} == {f"a{n}" for n in range(60)}
    assert {one.comment for one in read_feedback(place)} == {GIVEN["comment"]}


@pytest.mark.parametrize(
    "body",
    [
        {}, {"answer_id": "a"}, {"answer_id": "", "verdict": "up"}, {"answer_id": "a", "verdict": 1},
        {"answer_id": "a", "verdict": "sideways"}, {"answer_id": "a" * 201, "verdict": "up"},
        GIVEN | {"comment": "x" * 2001}, GIVEN | {"more": 1}, GIVEN | {"comment": ["x"]},
    ],
)  # fmt: skip
def test_what_is_no_verdict_is_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    refused = client.post("/feedback", json=body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


def test_where_it_cannot_be_kept_it_is_not_taken(
    taking: AbstractContextManager[httpx.Client], place: Path
) -> None:
    place.mkdir()
    (place / FILE).write_bytes(b"no database, " * 1000)
    with taking as client:
        refused = client.post("/feedback", json=GIVEN)
    assert refused.status_code == 503
    assert refused.json()["type"] == "urn:isnad:problem:feedback-unavailable"
    assert str(place) not in refused.text
