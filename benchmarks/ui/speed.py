"""How soon one can ask after opening the page, and how soon the first words of an answer are there.

    python -m benchmarks.ui.speed [--write]

Server and browser share the machine. Each visit is a new browser profile, which has kept nothing,
and then the same one again. Times are the page's own: from the beginning of the navigation until
the box for the question can be typed in, and from the key that sends a question until the first
words of its answer are on the page.
"""

import argparse
import os
import platform
from datetime import date
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks.ui.served import browsing, served

VISITS = 10
QUESTION = "ما هو كبتاغون الأسد؟"
_WATCH = """
window.times = {};
new MutationObserver(() => {
  const box = document.querySelector(".ask textarea");
  if (box && !box.disabled) window.times.ready ??= performance.now();
  if (document.querySelector(".reply p:not(.searching)")) window.times.words ??= performance.now();
}).observe(document, {subtree: true, childList: true, characterData: true});
addEventListener("keydown", (key) => {
  if (key.key === "Enter") window.times.asked = performance.now();
}, true);
"""


def visits(browser: Browser, address: str) -> dict[str, list[float]]:
    """Milliseconds of each visit, by what was waited for."""
    measured: dict[str, list[float]] = {"first": [], "again": [], "words": []}
    for _ in range(VISITS):
        context = browser.new_context(locale="ar")
        context.add_init_script(_WATCH)
        page = context.new_page()
        measured["first"].append(_ready(page, address))
        measured["again"].append(_ready(page, address))
        page.locator(".ask textarea").fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_function("window.times.words")
        measured["words"].append(page.evaluate("window.times.words - window.times.asked"))
        context.close()
    return measured


def _ready(page: Page, address: str) -> float:
    page.goto(address)
    page.wait_for_function("window.times.ready")
    page.locator(".examples").wait_for()
    return float(page.evaluate("window.times.ready"))


def main() -> None:
    """Measure; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    load = os.getloadavg()[0]
    with served() as address, browsing() as browser:
        measured = visits(browser, address)
    lines = [
        "# The window's speed, in milliseconds",
        "",
        f"Made by `python -m benchmarks.ui.speed --write` on {date.today()}"
        f" ({platform.machine()}, two shared cores, Python {platform.python_version()};"
        f" {load:.1f} processes wanted to run before): {VISITS} visits, server and browser on the"
        " same machine.",
        "",
        "| from … until … | median | worst |",
        "| --- | --- | --- |",
    ]
    labels = {
        "first": "opening the page for the first time … one can type",
        "again": "opening it again … one can type",
        "words": "asking … the first words of the answer",
    }
    for name, label in labels.items():
        median, worst = np.percentile(measured[name], [50, 100])
        lines.append(f"| {label} | {median:.0f} | {worst:.0f} |")
    print("\n".join(lines))
    if write:
        (Path(__file__).parent / "REPORT.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
