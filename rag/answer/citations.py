"""Evidence to numbered citations, and quotes to statements whose markers are the only ones."""

from rag.records import MARKER, Citation, Evidence, Statement


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


def statement(evidence: Evidence, number: int) -> Statement:
    """The quote as a statement, on one line. The citation's quote stays exact."""
    return Statement(unmarked(evidence.quote), (number,))


def unmarked(text: str) -> str:
    """The text on one line, with a source's own «[3]» as «(3)», so that nothing in a reply but our
    markers looks like one."""
    return MARKER.sub(r"(\1)", " ".join(text.split()))
