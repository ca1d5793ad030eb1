"""Which sources may go into a model that is given away, and what each one's licence says."""

import re
from dataclasses import dataclass
from pathlib import Path

REFUSED = re.compile(
    r"\bNC\b|non-?commercial|\bND\b|no-?derivatives|research only|no licen[cs]e|not stated"
    r"|\bcheck\b|all rights reserved",
    re.IGNORECASE,
)
"""Wordings of a licence that forbid it, or that leave it open."""

UNKNOWN = "not stated"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the data's manifest says of one file."""

    name: str
    source: str
    licence: str

    @property
    def may_ship(self) -> bool:
        """Whether a model trained on this file may be given away freely."""
        return not REFUSED.search(self.licence)


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Rows of the first `MANIFEST.md` at or above `folder`, by source name; empty without one.

    Expected columns: file | records | languages | source | licence | ...
    """
    for place in (folder, folder.parent):
        path = place / "MANIFEST.md"
        if path.exists():
            entries = map(_entry, path.read_text(encoding="utf8").splitlines())
            return {entry.name: entry for entry in entries if entry is not None}
    return {}


def _entry(line: str) -> Entry | None:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if len(cells) < 5 or not cells[0].endswith(".jsonl.xz"):
        return None
    return Entry(cells[0].removesuffix(".jsonl.xz"), cells[3], cells[4])


def entry_for(manifest: dict[str, Entry], name: str) -> Entry:
    """The manifest's entry, or one that says that nothing is known."""
    return manifest.get(name, Entry(name, UNKNOWN, UNKNOWN))
