"""The examples as somebody would run them, against a real server that asks for a key."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from api.app import create_app
from rag.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples"
KEY = "a-key-of-some-length"
QUESTION = 'كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟ "\\"'
COMMANDS = {"sh": ["sh"], "py": [sys.executable], "mjs": ["node"]}
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def server(home: Path, serving: Any) -> Iterator[httpx.Client]:
    with serving(lambda: create_app(Settings(home=home, api_keys=SecretStr(KEY)))) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        yield client


@pytest.fixture
def run(server: httpx.Client) -> Run:
    def run(kind: str, key: str = KEY) -> "subprocess.CompletedProcess[str]":
        if shutil.which(COMMANDS[kind][0]) is None:
            pytest.skip(f"no {COMMANDS[kind][0]} on this machine")
        environment = {"ISNAD_URL": str(server.base_url).rstrip("/"), "ISNAD_KEY": key}
        return subprocess.run(
            [*COMMANDS[kind], str(EXAMPLES / f"ask.{kind}"), QUESTION],
            env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def answer(server: httpx.Client) -> Any:
    return server.post("/ask", json={"question": QUESTION}, headers={"X-API-Key": KEY}).json()


def test_there_is_a_test_for_each_example() -> None:
    assert {path.suffix[1:] for path in EXAMPLES.glob("ask.*")} == set(COMMANDS)


@pytest.mark.parametrize("kind", ["py", "mjs"])
def test_the_answer_is_printed_with_its_sources(run: Run, answer: Any, kind: str) -> None:
    ran = run(kind)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert answer["citations"]
    assert ran.stdout.startswith(answer["answer"])
    for source in answer["citations"]:
        assert f"[{source['number']}] {source['article']['title']}: http://" in ran.stdout
        assert source["view_url"] in ran.stdout


def test_curl_prints_the_stream(run: Run, answer: Any) -> None:
    ran = run("sh")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert answer["citations"]
    final = ran.stdout.split("event: final\ndata: ")[1].split("\n")[0]
    assert json.loads(final)["citations"] == answer["citations"]
    assert json.loads(final)["question"] == QUESTION


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_refusal_is_told(run: Run, kind: str) -> None:
    ran = run(kind, key="wrong")
    assert ran.returncode != 0
    assert "not valid" in ran.stdout + ran.stderr
