"""An answer as it grows, for threads: what the chat window follows."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import sleep

import pytest
from scripted_models import Scripted

from api.access import EngineAccess
from api.growing import growing_here
from rag.errors import TookTooLong
from rag.records import Question
from rag.settings import Settings

QUESTION = Question("كم وزيرا ووفدا حضروا لقاء روما؟")


@pytest.fixture
def stalled(home: Path, models_url: str) -> Iterator[EngineAccess]:
    settings = Settings(
        home=home, llm_base_url=models_url, llm_model="stalling", llm_seconds=500, request_seconds=9
    )
    access = EngineAccess(settings)
    access.engine()
    yield access
    access.close()


def test_each_state_is_the_beginning_of_the_next(home: Path, models_url: str) -> None:
    access = EngineAccess(Settings(home=home, llm_base_url=models_url, llm_model="honest"))
    try:
        states = [answer.reply for answer in growing_here(access, QUESTION)]
    finally:
        access.close()
    assert len(states) > 2
    for before, after in pairwise(states):
        assert after.text.startswith(before.text)
        assert after.citations[: len(before.citations)] == before.citations
        assert after.statements[: len(before.statements)] == before.statements


def test_whoever_stops_following_stops_the_model(stalled: EngineAccess, scripted: Scripted) -> None:
    scripted.gone.clear()
    states = growing_here(stalled, QUESTION)
    assert next(states).reply.status == "answered"
    states.close()
    while "stalling" not in scripted.gone:
        sleep(0.01)


def test_what_takes_too_long_is_stopped(stalled: EngineAccess, scripted: Scripted) -> None:
    scripted.gone.clear()
    with pytest.raises(TookTooLong):
        list(growing_here(stalled, QUESTION))
    while "stalling" not in scripted.gone:
        sleep(0.01)
