"""What people thought of answers, kept in the data folder in a file of its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from rag.database import opened
from rag.errors import FeedbackUnavailable

Verdict = Literal["up", "down"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
FILE = "feedback.db"

_SCHEMA = """CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT PRIMARY KEY, verdict TEXT NOT NULL, comment TEXT, given TEXT NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One verdict; ``given`` is when, in ISO 8601 and UTC."""

    answer_id: str
    verdict: Verdict
    comment: str | None
    given: str


def keep_feedback(home: Path, answer_id: str, verdict: Verdict, comment: str | None) -> Feedback:
    """Keep a verdict; it is on the disk when this returns. A later one on the answer replaces it.

    Raises:
        FeedbackUnavailable: it cannot be written.
    """
    given = datetime.now(UTC).isoformat(timespec="seconds")
    feedback = Feedback(answer_id, verdict, comment, given)
    with _opened(home) as connection, connection:
        connection.execute(
            "INSERT OR REPLACE INTO feedback (answer_id, verdict, comment, given)"
            " VALUES (?, ?, ?, ?)",
            (answer_id, verdict, comment, given),
        )
    return feedback


def read_feedback(home: Path) -> tuple[Feedback, ...]:
    """Every verdict, oldest first.

    Raises:
        FeedbackUnavailable: it cannot be read.
    """
    if not (home / FILE).exists():
        return ()
    with _opened(home) as connection:
        rows = connection.execute(
            "SELECT answer_id, verdict, comment, given FROM feedback ORDER BY given, rowid"
        )
        return tuple(Feedback(*row) for row in rows)


@contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    try:
        with opened(home / FILE, _SCHEMA) as connection:
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise FeedbackUnavailable(f"feedback in {home / FILE} cannot be used: {error}") from None
