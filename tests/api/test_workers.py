"""Several processes over one data folder, by the command that starts them."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest

COMMAND = [sys.executable, "-c", "from rag.cli import main; main()"]
ANSWERED = "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"


@pytest.fixture
def server(home: Path, tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Two processes over a folder of their own, and where they are."""
    copy = shutil.copytree(home, tmp_path / "home")
    environment = os.environ | {"ISNAD_HOME": str(copy), "PYTHONPATH": os.getcwd()}
    with subprocess.Popen(
        [*COMMAND, "serve", "--workers", "2", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        cwd=tmp_path,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        try:
            yield process, address.group().rstrip("/")
        finally:
            process.send_signal(signal.SIGTERM)


def _serving(process: int) -> set[int]:
    """The processes below ``process`` that were started to serve."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return {child for child, command in commands.items() if b"spawn_main" in command}


def _wait_for(address: str) -> None:
    for _ in range(20):  # each on a connection of its own, so that both are seen
        while True:
            try:
                if httpx.get(f"{address}/readyz", timeout=60).status_code == 200:
                    break
            except httpx.TransportError:
                pass
            sleep(0.05)


def _post(url: str, **sent: Any) -> httpx.Response:
    """The answer of a process that is ready: on a busy machine one may begin to listen when the
    other has answered `_wait_for` alone."""
    while (answer := httpx.post(url, timeout=60, **sent)).status_code == 503:
        sleep(0.05)
    return answer


def test_two_processes_answer_and_see_what_one_of_them_wrote(
    server: tuple["subprocess.Popen[str]", str],
) -> None:
    process, address = server
    _wait_for(address)
    assert len(_serving(process.pid)) == 2
    answers = [_post(f"{address}/ask", json={"question": ANSWERED}).json() for _ in range(20)]
    assert {answer["status"] for answer in answers} == {"answered"}
    assert len({answer["answer"] for answer in answers}) == 1

    text = "The lighthouse keeper of Tabarka retired after thirty years on the northern rock."
    sent = _post(f"{address}/articles", files={"file": ("keeper.txt", text)})
    assert sent.status_code == 200
    (article,) = sent.json()["articles"]
    for _ in range(20):
        asked = _post(f"{address}/search", json={"query": "lighthouse keeper of Tabarka"})
        assert asked.json()["hits"][0]["article"]["id"] == article["id"]
    assert httpx.delete(f"{address}/articles/{article['id']}", timeout=60).status_code == 200
    for _ in range(20):
        assert httpx.get(f"{address}/articles/{article['id']}").status_code == 404

    asked = r'isnad_requests_total\{method="POST",route="/ask",status="200"\} 20.0'
    for _ in range(20):
        assert re.search(asked, httpx.get(f"{address}/metrics").text)
    assert httpx.get(address).status_code == 404

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_one_that_dies_is_replaced(server: tuple["subprocess.Popen[str]", str]) -> None:
    process, address = server
    _wait_for(address)
    before = _serving(process.pid)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    while len(after := _serving(process.pid) - {killed}) < 2:
        sleep(0.05)
    _wait_for(address)
    assert len(after - before) == 1
