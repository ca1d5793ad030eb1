"""Many at once, too many at once, too slow, too often; and a stop in the middle of it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from time import sleep

import httpx
import openai
import pytest
from fastapi import FastAPI

from api import patience, stream
from api.access import Access
from api.admission import AT_ONCE, Admission
from api.app import create_app
from rag.keys import add_key
from rag.settings import Settings

Serving = Callable[..., AbstractContextManager[httpx.Client]]
ASK = {"question": "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"}


def _problem(response: httpx.Response, status: int, kind: str) -> None:
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:isnad:problem:{kind}"
    assert int(response.headers["retry-after"]) >= 1


@contextmanager
def _holding(app: FastAPI, serving: Serving) -> Iterator[tuple[httpx.Client, Event, list[int]]]:
    """A server with a route that works until the event is set, and how often it has begun."""
    release, begun = Event(), list[int]()

    async def hold(access: Access) -> None:
        def work() -> None:
            begun.append(1)
            release.wait()

        await access.admission.run(work)

    app.add_api_route("/hold", hold)
    with serving(lambda: app) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.02)
        try:
            yield client, release, begun
        finally:
            release.set()


def test_some_wait_and_more_are_refused(home: Path, serving: Serving) -> None:
    app = create_app(Settings(home=home, max_waiting=1))
    admission: Admission = app.state.access.admission
    with (
        ThreadPoolExecutor(AT_ONCE + 1) as threads,
        _holding(app, serving) as (client, release, _),
    ):
        held = [threads.submit(client.get, "/hold") for _ in range(AT_ONCE + 1)]
        while admission._admitted < AT_ONCE + 1:
            sleep(0.01)
        refused = client.post("/ask", json=ASK)
        _problem(refused, 503, "overloaded")
        chat = {"messages": [{"role": "user", "content": ASK["question"]}]}
        assert (
            client.post("/v1/chat/completions", json=chat).json()["error"]["code"] == "overloaded"
        )
        assert client.get("/healthz").status_code == 200
        release.set()
        assert {future.result().status_code for future in held} == {200}
        assert client.post("/ask", json=ASK).status_code == 200


def test_what_was_asked_before_waits_for_nothing(home: Path, serving: Serving) -> None:
    """Every thread of the engine is held, and nobody else may wait."""
    app = create_app(Settings(home=home, max_waiting=0))
    with (
        ThreadPoolExecutor(AT_ONCE) as threads,
        _holding(app, serving) as (client, release, begun),
    ):
        first = client.post("/ask", json=ASK).json()
        held = [threads.submit(client.get, "/hold") for _ in range(AT_ONCE)]
        while len(begun) < AT_ONCE:
            sleep(0.01)
        again = client.post("/ask", json=ASK).json()
        streamed = client.post("/ask", json=ASK | {"stream": True}).text
        _problem(client.post("/ask", json={"question": "ما هي روما؟"}), 503, "overloaded")
        release.set()
        assert {future.result().status_code for future in held} == {200}
    assert again["citations"] == first["citations"]
    assert again["id"] != first["id"]
    assert (
        json.loads(streamed.split("event: final\ndata: ")[1].split("\n")[0])["answer"]
        == first["answer"]
    )


def test_what_takes_too_long_is_given_up_and_never_begun_late(home: Path, serving: Serving) -> None:
    app = create_app(Settings(home=home, request_seconds=0.2))
    with (
        ThreadPoolExecutor(AT_ONCE) as threads,
        _holding(app, serving) as (client, release, begun),
    ):
        for future in [threads.submit(client.get, "/hold") for _ in range(AT_ONCE)]:
            _problem(future.result(), 503, "took-too-long")
        _problem(client.post("/ask", json=ASK), 503, "took-too-long")
        release.set()
        assert client.get("/hold").status_code == 200
        assert len(begun) == AT_ONCE + 1


def test_a_stream_that_waits_is_kept_alive_and_then_answered(
    home: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    app = create_app(Settings(home=home))
    with (
        ThreadPoolExecutor(AT_ONCE) as threads,
        _holding(app, serving) as (client, release, begun),
    ):
        held = [threads.submit(client.get, "/hold") for _ in range(AT_ONCE)]
        while len(begun) < AT_ONCE:
            sleep(0.01)
        with client.stream("POST", "/ask", json=ASK | {"stream": True}) as answer:
            lines = answer.iter_lines()
            assert [next(lines) for _ in range(4)] == [": ping", "", ": ping", ""]
            release.set()
            rest = [line for line in lines if not line.startswith(":")]
        assert {future.result().status_code for future in held} == {200}
    assert rest[-3:] == ["event: done", "data: {}", ""]
    final = json.loads(rest[-5].removeprefix("data: "))
    assert final["status"] == "answered"


def test_so_is_one_of_openais(
    home: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what goes wrong after the first heartbeat is told as that client knows it."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    asked = {"messages": [{"role": "user", "content": ASK["question"]}], "stream": True}
    app = create_app(Settings(home=home, request_seconds=2))
    with (
        ThreadPoolExecutor(AT_ONCE) as threads,
        _holding(app, serving) as (client, release, begun),
    ):
        for _ in range(AT_ONCE):
            threads.submit(client.get, "/hold")
        while len(begun) < AT_ONCE:
            sleep(0.01)
        with openai.OpenAI(
            base_url=str(client.base_url.join("v1")), api_key="none", max_retries=0
        ) as chat:
            late = chat.chat.completions.create(model="isnad", **asked)
            with pytest.raises(openai.APIError, match="no answer within 2 seconds"):
                next(iter(late))
        with client.stream("POST", "/v1/chat/completions", json=asked) as answer:
            lines = answer.iter_lines()
            assert [next(lines) for _ in range(4)] == [": ping", "", ": ping", ""]
            release.set()
            rest = [line for line in lines if line and not line.startswith(":")]
    assert rest[-1] == "data: [DONE]"
    assert json.loads(rest[-2].removeprefix("data: "))["status"] == "answered"


def test_nothing_is_worked_out_for_a_client_that_has_gone(
    home: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    app = create_app(Settings(home=home))
    admission: Admission = app.state.access.admission
    with (
        ThreadPoolExecutor(AT_ONCE) as threads,
        _holding(app, serving) as (client, _, begun),
    ):
        for _ in range(AT_ONCE):
            threads.submit(client.get, "/hold")
        while len(begun) < AT_ONCE:
            sleep(0.01)
        with client.stream("POST", "/ask", json=ASK | {"stream": True}) as answer:
            lines = answer.iter_lines()
            assert next(lines) == ": ping"
            assert admission._admitted == AT_ONCE + 1
        while admission._admitted > AT_ONCE:
            sleep(0.01)


def test_a_failure_after_the_first_heartbeat_is_an_event(
    home: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    app = create_app(Settings(home=home, request_seconds=0.3))
    with (
        ThreadPoolExecutor(AT_ONCE) as threads,
        _holding(app, serving) as (client, _, begun),
    ):
        for _ in range(AT_ONCE):
            threads.submit(client.get, "/hold")
        while len(begun) < AT_ONCE:
            sleep(0.01)
        told = client.post("/ask", json=ASK | {"stream": True}).text
    assert told.count("event: ") == 1
    problem = json.loads(told.split("event: error\ndata: ")[1])
    assert (problem["status"], problem["type"]) == (503, "urn:isnad:problem:took-too-long")


def test_each_client_has_its_own_limit(serving: Serving, tmp_path: Path) -> None:
    one, two = add_key(tmp_path, "one", "read"), add_key(tmp_path, "two", "read")
    settings = Settings(home=tmp_path, rate_limit="3/day")
    with serving(lambda: create_app(settings)) as client:
        statuses = [
            client.post("/ask", json=ASK, headers={"X-API-Key": one}).status_code for _ in range(4)
        ]
        assert statuses == [503, 503, 503, 429]
        refused = client.get("/articles", headers={"X-API-Key": one})
        _problem(refused, 429, "rate-limited")
        assert 0 < int(refused.headers["retry-after"]) <= 2 * 24 * 3600
        assert client.post("/ask", json=ASK, headers={"X-API-Key": two}).status_code == 503
        wrong = [client.get("/docs", headers={"X-API-Key": "x"}).status_code for _ in range(4)]
        assert wrong == [401, 401, 401, 429]
        chat = client.post("/v1/chat/completions", json={}, headers={"X-API-Key": one})
        assert chat.json()["error"]["type"] == "rate_limit_error"
        assert client.get("/docs", headers={"X-API-Key": one}).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_a_body_that_trickles_in_is_given_up(home: Path, serving: Serving) -> None:
    settings = Settings(home=home, request_seconds=0.3)
    with serving(lambda: create_app(settings)) as client:
        head = b"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        with socket.create_connection((client.base_url.host, client.base_url.port)) as slow:
            slow.sendall(head)
            answer = slow.recv(65536)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer


@contextmanager
def _process(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    command = [sys.executable, "-c", "from rag.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"ISNAD_HOME": str(home)},
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            address = re.search(r"http://([\d.]+):(\d+)", server.stdout.readline())
            assert address
            host, port = address.group(1), int(address.group(2))
            while not _ready(f"http://{host}:{port}/readyz"):
                sleep(0.05)
            yield server, host, port
        finally:
            server.kill()


def _ready(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_a_stop_finishes_what_was_begun(home: Path) -> None:
    """Eight clients ask without pause; every answer that began before the stop is whole."""

    def ask_until_it_is_gone(address: str) -> list[str]:
        read = []
        with httpx.Client(base_url=address, timeout=30) as client:
            while True:
                try:
                    sent = client.post("/ask", json=ASK | {"stream": True})
                except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError) as error:
                    read.append("cut" if "incomplete" in str(error) else "gone")
                    return read
                read.append(sent.text[-25:])

    with _process(home) as (server, host, port), ThreadPoolExecutor(8) as threads:
        clients = [threads.submit(ask_until_it_is_gone, f"http://{host}:{port}") for _ in range(8)]
        sleep(1)
        server.send_signal(signal.SIGTERM)
        for client in clients:
            *whole, last = client.result()
            assert whole
            assert all(text.endswith("event: done\ndata: {}\n\n") for text in whole)
            assert last == "gone"
        assert server.wait(20) in (0, -signal.SIGTERM)


def test_a_stop_does_not_wait_for_a_window_that_is_open(home: Path) -> None:
    """Answers would be given an hour to be finished."""
    with (
        _process(home, "--request-seconds", "3600") as (server, host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=300) as window,
        window.stream("GET", "/gradio_api/heartbeat/some-window") as beating,
    ):
        assert beating.status_code == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(300) in (0, -signal.SIGTERM)


def test_a_silent_connection_is_closed(
    home: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.3)
    with serving(lambda: create_app(Settings(home=home)), http=patience.Patience) as client:
        address = (client.base_url.host, client.base_url.port)
        for sent in (b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow"):
            with socket.create_connection(address, timeout=30) as silent:
                silent.sendall(sent)
                assert silent.recv(10) == b""
        with closing(HTTPConnection(*address, timeout=30)) as proper:
            for _ in range(3):
                proper.request("GET", "/healthz")
                assert proper.getresponse().read() == b'{"status":"alive"}'
