"""Evidence to a reply: quoted and cited, or an abstention that offers what is near."""

from collections.abc import Sequence

from rag.answer.citations import cite, statement
from rag.answer.extractive import select
from rag.answer.phrases import PHRASES, reply_language
from rag.records import Abstention, Evidence, Reason, Reply

_CLOSEST = 3


def compose(language: str, evidence: Sequence[Evidence], *, threshold: float, most: int) -> Reply:
    """The reply to a question in ``language`` from ``evidence``, most likely first.

    Args:
        language: of the question, ISO 639-1.
        threshold: the probability (0..1) from which a part counts as an answer.
        most: how many statements there may be, 1 to 4.
    """
    chosen = select(evidence, threshold=threshold, most=most)
    if not chosen:
        return abstain(language, "not_supported" if evidence else "nothing_found", evidence)
    spoken = reply_language(language)
    statements = tuple(statement(part, n) for n, part in enumerate(chosen, start=1))
    same = all(part.article.language == language for part in chosen)
    lead = PHRASES[spoken].lead if same else PHRASES[spoken].lead_translated
    return Reply(
        "answered",
        spoken,
        "\n\n".join([lead, *(s.marked for s in statements)]),
        statements,
        tuple(cite(part, n) for n, part in enumerate(chosen, start=1)),
    )


def abstain(language: str, reason: Reason, evidence: Sequence[Evidence] = ()) -> Reply:
    """A reply that answers nothing, says why, and offers the nearest passages as related."""
    spoken = reply_language(language)
    message = getattr(PHRASES[spoken], reason)
    closest = tuple(cite(part, None) for part in evidence[:_CLOSEST])
    return Reply(
        "abstained",
        spoken,
        message,
        abstention=Abstention(reason, message, closest),
    )
