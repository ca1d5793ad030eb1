"""Gold files: one question a line, with the quotes that answer it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import BadGold
from rag.records import Turn


@dataclass(frozen=True, slots=True)
class Support:
    """A quote that answers, as it stands in the file of that name, damage included."""

    filename: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, whether the articles answer it, and every quote that its answer needs.

    A ``false-premise`` question is not answerable; its support contradicts the premise.
    """

    id: str
    language: str
    kind: str
    text: str
    answerable: bool
    support: tuple[Support, ...]
    history: tuple[Turn, ...] = ()


def read_gold(path: Path) -> list[GoldQuestion]:
    """The questions in a gold file (JSON lines).

    Raises:
        BadGold: it cannot be read; names the line and what is wrong.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise BadGold(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadGold(f"{path}: not UTF-8 text") from None
    questions = [_question(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise BadGold(f"{path}: no questions in it")
    return questions


def _question(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        row: Mapping[str, Any] = json.loads(line)
        return GoldQuestion(
            id=str(row["id"]),
            language=str(row["lang"]),
            kind=str(row["kind"]),
            text=str(row["question"]),
            answerable=bool(row["answerable"]),
            support=tuple(Support(str(s["file"]), str(s["quote"])) for s in row["support"]),
            history=tuple(Turn(t["role"], str(t["content"])) for t in row.get("history", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        reason = f"missing {error}" if isinstance(error, KeyError) else str(error)
        raise BadGold(f"{path}, line {number}: {reason}") from None
