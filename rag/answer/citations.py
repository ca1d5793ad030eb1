"""Evidence to numbered citations, and quotes to statements whose markers are the only ones."""

import unicodedata
from collections.abc import Sequence

from rag.records import MARKER, Citation, Evidence, Reply, Statement


def cite(evidence: Evidence, number: int | None) -> Citation:
    """The citation of one piece of evidence; ``number`` is ``None`` for what is only related."""
    return Citation(
        number=number,
        quote=evidence.quote,
        span=evidence.span,
        article=evidence.article,
        before=evidence.before,
        after=evidence.after,
        score=round(evidence.probability, 4),
    )


def cited(spoken: str, lead: str, lines: Sequence[str], evidence: Sequence[Evidence]) -> Reply:
    """A reply in the language ``spoken``: ``lead``, then a statement a line, each citing its piece
    of evidence."""
    statements = tuple(Statement(unmarked(line), (n,)) for n, line in enumerate(lines, start=1))
    citations = tuple(cite(part, n) for n, part in enumerate(evidence, start=1))
    text = "\n\n".join([lead, *(statement.marked for statement in statements)])
    return Reply("answered", spoken, text, statements, citations)


def unmarked(text: str) -> str:
    """The text on one line, with a source's own «[3]» as «(3)», so that nothing in a reply but our
    markers looks like one."""
    return MARKER.sub(r"(\1)", " ".join(text.split()))


def visible(text: str) -> str:
    """The text without what nobody sees: controls, format characters (which hide text or turn its
    direction round), private-use and unassigned characters, halves of a surrogate pair."""
    kept = (c for c in text if c.isspace() or not unicodedata.category(c).startswith("C"))
    return "".join(" " if c.isspace() and c != "\n" else c for c in kept)
