"""What a reader takes out of a file, before anything is repaired."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.records import Provenance, Repair


@dataclass(frozen=True, slots=True)
class Known:
    """One field's value and where it is from."""

    value: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: its bytes, its bytes once unpacked, its pages; and the seconds that
    reading a page of it may take.

    They keep one hostile file from taking the memory, or the time, of all.
    """

    file_bytes: int = 50_000_000
    unpacked_bytes: int = 200_000_000
    pages: int = 2_000
    page_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text and what its file says of it: title, author, publisher, published, url.

    ``page_starts`` are the offsets in ``text`` at which its pages begin, empty where it has none;
    ``repairs`` is what the reader had to mend, or could not;
    ``whole_paragraphs`` says that its file marks paragraphs, so that no line of it is cut.
    """

    text: str
    known: Mapping[str, Known] = field(default_factory=dict)
    page_starts: tuple[int, ...] = ()
    repairs: tuple[Repair, ...] = ()
    whole_paragraphs: bool = False


def known(provenance: Provenance, **fields: str | None) -> dict[str, Known]:
    """The fields that have a value, each on one line."""
    lines = {name: " ".join((value or "").split()) for name, value in fields.items()}
    return {name: Known(line, provenance) for name, line in lines.items() if line}
