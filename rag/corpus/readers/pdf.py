"""PDF files: their pages are read in a process of its own, which can be stopped.

PDFium is C++ that strangers' files are fed to: some keep it busy for hours, some crash it. Neither
may happen to a process that serves.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from itertools import accumulate
from typing import Any

from rag.corpus.extracted import Extracted, Limits, known
from rag.corpus.readers.pdf_pages import Page
from rag.corpus.readers.running_heads import without_running_heads
from rag.errors import BadArticle, Encrypted, NoText, TooLarge
from rag.records import Repair

# What the process that reads may say is wrong with a file.
_KINDS = {kind.__name__: kind for kind in (BadArticle, Encrypted, NoText, TooLarge)}
_COMMAND = (sys.executable, "-m", "rag.corpus.readers.pdf_pages")


def is_pdf(data: bytes) -> bool:
    """Whether ``data`` is a PDF file: its mark stands within the first KiB."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, limits: Limits) -> Extracted:
    """The text of every page. What the file's properties say may be anybody's, so inferred.

    Raises:
        BadArticle: encrypted, damaged, of no pages or too many, without text, or with a page that
            takes too long.
    """
    said, pages = _READER.read(data, limits)
    if not any(page.text.strip() for page in pages):
        raise NoText("no text on its pages (scanned images?)")
    texts, heads = without_running_heads([page.text for page in pages])
    starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
    fields = known("inferred", title=said["title"], author=said["author"])
    return Extracted("\n".join(texts), fields, tuple(starts), _repairs(pages, heads))


def _repairs(pages: list[Page], heads: list[int]) -> tuple[Repair, ...]:
    """What was done to the pages, each with the numbers of those it was done to."""
    marked: dict[str, list[int]] = {
        "reordered_pages": [int(page.reordered) for page in pages],
        "doubtful_pages": [int(page.doubtful) for page in pages],
        "presentation_forms": [page.shapes for page in pages],
        "running_heads": heads,
    }
    repairs = (
        Repair(kind, sum(counts), tuple(n for n, count in enumerate(counts, 1) if count))
        for kind, counts in marked.items()
    )
    return tuple(repair for repair in repairs if repair.count)


class _Reader:
    """The process that reads: started when there is a file to read, and anew after it ended. One
    file at a time; threads may share it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def read(self, data: bytes, limits: Limits) -> tuple[dict[str, Any], list[Page]]:
        """What a file says of itself, and its pages.

        Raises:
            BadArticle: it cannot be read, or not in time.
        """
        with self._turn:
            if self._process is not None and self._process.poll() is not None:
                self.close()
            if self._process is None:
                self._process = _start()
            try:
                return _read(self._process, data, limits)
            except BaseException:  # what it says next may still be of this file
                self.close()
                raise

    def close(self) -> None:
        """Stop the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


_READER = _Reader()


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 (ours, with nothing of a stranger's in it)
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # an interrupt from the keyboard is for us
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def _read(
    process: "subprocess.Popen[bytes]", data: bytes, limits: Limits
) -> tuple[dict[str, Any], list[Page]]:
    seconds = limits.page_seconds
    head = json.dumps([len(data), limits.pages]).encode() + b"\n"
    said = _told(process, "it cannot be opened", seconds, send=head + data)
    pages = range(1, said["pages"] + 1)
    return said, [Page(*_told(process, f"page {n} cannot be read", seconds)) for n in pages]


def _told(
    process: "subprocess.Popen[bytes]", failing: str, seconds: float, *, send: bytes = b""
) -> Any:
    """What the process tells next, having been sent so much; it is stopped when that takes longer.

    Raises:
        BadArticle: what is wrong with the file.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    stop = threading.Timer(seconds, process.kill)
    stop.start()
    try:
        process.stdin.write(send)
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = b""
    finally:
        stop.cancel()
    if not line.endswith(b"\n"):
        killed = process.wait() == -signal.SIGKILL
        why = f"{failing} within {seconds:g} seconds" if killed else f"{failing}: PDFium crashed"
        raise BadArticle(f"a damaged or hostile PDF file: {why}")
    told = json.loads(line)
    if isinstance(told, dict) and "error" in told:
        raise _KINDS[told["kind"]](told["error"])
    return told
