"""The window over the five articles, served by a process of its own, and a browser."""

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import httpx
from playwright.sync_api import Browser, sync_playwright

SEEDS = Path(__file__).parents[2] / "seeds"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip


@contextmanager
def served(articles: Path = SEEDS) -> Iterator[str]:
    """The address of a server that is ready to answer about ``articles``."""
    isnad = str(Path(sys.executable).with_name("isnad"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        subprocess.run([isnad, "index", "--home", home, str(articles)], check=True)
        command = [isnad, "serve", "--home", home, "--port", str(port)]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            while not _ready(address):
                sleep(0.1)
            yield address
        finally:
            server.terminate()
            server.wait()


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def browsing() -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("no chromium on this machine; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
