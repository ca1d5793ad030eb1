"""What an indexing run did, file by file."""

from dataclasses import dataclass
from typing import Literal

from rag.records import Article, Repair

Action = Literal["new", "changed", "moved", "unchanged", "gone", "duplicate", "failed", "removed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with one file; ``detail`` is the cause of a failure or the duplicate's twin.
    A file that is «removed» holds articles that were removed from the index and stay away.

    ``truncated`` counts passages longer than the embedding model reads.
    """

    path: str
    action: Action
    detail: str = ""
    repairs: tuple[Repair, ...] = ()
    chunks: int = 0
    truncated: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes, and what the index holds after them."""

    outcomes: tuple[Outcome, ...]
    articles: int
    chunks: int

    @property
    def failed(self) -> bool:
        """Whether any file could not be indexed."""
        return any(outcome.action == "failed" for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Added:
    """The articles of a file that was sent, and what was done with it; of a file of many articles
    each that could not be read has an outcome of its own, «failed»."""

    articles: tuple[Article, ...]
    outcomes: tuple[Outcome, ...]
