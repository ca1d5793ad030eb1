"""The parts of a passage that can be quoted, as text and as evidence."""

from collections.abc import Mapping

from rag.index.opened import Passage
from rag.records import Article, Evidence, Ranks

_CONTEXT = 160
NOT_RANKED = Ranks(None, None)


def part_texts(passage: Passage) -> list[str]:
    """The words of each part of a passage, in order."""
    start = passage.chunk.span.start
    return [passage.text[p.start - start : p.end - start] for p in passage.chunk.parts]


def part_evidence(
    article: Article,
    passage: Passage,
    n: int,
    *,
    probability: float,
    ranks: Ranks = NOT_RANKED,
    features: Mapping[str, float] | None = None,
) -> Evidence:
    """Part ``n`` (from 0) of a passage of ``article`` as evidence, with the text around it."""
    part = passage.chunk.parts[n]
    start, end = part.start - passage.chunk.span.start, part.end - passage.chunk.span.start
    return Evidence(
        article=article,
        span=part,
        quote=passage.text[start:end],
        before=(passage.before + passage.text[:start])[-_CONTEXT:],
        after=(passage.text[end:] + passage.after)[:_CONTEXT],
        probability=probability,
        ranks=ranks,
        features=features or {},
    )
