"""The passages that a language model is given, and where in them a statement may rest.

Left out is every part that reads as an order to a machine: an article is read, never obeyed. A
statement may only rest on parts that the ranking takes to bear on the question, so that text which
was planted in an article for other ends supports nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer.grounding import Passage
from rag.answer.instructions import is_instruction
from rag.index.opened import Passage as Stored
from rag.records import Article, Citation, Evidence, Span

# Of the likeliest part's probability, what another one needs. Of the written questions' supports
# that are among the parts (`benchmarks/ranking/written`) this keeps 98 %, of the parts 47 %.
_BEARS_ON_IT = 0.02
_AROUND = 160


@dataclass(frozen=True, slots=True)
class Offered:
    """A numbered passage with the stored one it was taken from, and the ``places`` in its article
    that a statement may rest on."""

    passage: Passage
    stored: Stored
    places: tuple[Span, ...]

    def may_bear(self, span: Span) -> bool:
        """Whether a statement may rest on ``span`` of this passage."""
        start, end = self.passage.start, self.passage.start + len(self.passage.text)
        inside = start <= span.start < span.end <= end
        return inside and any(_meet(span, place) for place in self.places)

    def citation(self, span: Span, score: float) -> Citation:
        """The citation, not numbered yet, of ``span``, which lies in this passage."""
        stored = self.stored
        whole = stored.before + stored.text + stored.after
        shift = len(stored.before) - stored.chunk.span.start
        start, end = span.start + shift, span.end + shift
        return Citation(
            number=None,
            quote=whole[start:end],
            span=span,
            article=self.passage.article,
            before=whole[max(0, start - _AROUND) : start],
            after=whole[end : end + _AROUND],
            score=round(score, 4),
        )


@dataclass(frozen=True, slots=True)
class Material:
    """What a model may use for one question; ``orders`` says whether passages held orders to a
    machine, which are left out."""

    offered: tuple[Offered, ...]
    orders: bool

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages as they are checked against."""
        return tuple(one.passage for one in self.offered)


def material_of(found: Sequence[tuple[Stored, Article]], evidence: Sequence[Evidence]) -> Material:
    """The passages found for a question, whose parts ``evidence`` ranks, likeliest first."""
    least = _BEARS_ON_IT * max((part.probability for part in evidence), default=0.0)
    likely = [part for part in evidence if part.probability >= least]
    offered: list[Offered] = []
    orders = False
    for passage, article in found:
        places = tuple(part.span for part in likely if part.article.id == article.id)
        runs = list(_runs(passage))
        orders |= runs != [passage.chunk.span]
        for run in runs:
            if any(_meet(run, place) for place in places):
                numbered = Passage(len(offered) + 1, article, _text(passage, run), run.start)
                offered.append(Offered(numbered, passage, places))
    return Material(tuple(offered), orders)


def _runs(passage: Stored) -> Iterator[Span]:
    """The stretches of a passage without orders to a machine; all of it, nearly always."""
    start: int | None = None
    end = 0
    for span in _segments(passage):
        if is_instruction(_text(passage, span)):
            if start is not None:
                yield Span(start, end)
            start = None
        else:
            start, end = span.start if start is None else start, span.end
    if start is not None:
        yield Span(start, end)


def _segments(passage: Stored) -> Iterator[Span]:
    """The parts of a passage and what stands before and between them, in order."""
    at = passage.chunk.span.start
    for part in passage.chunk.parts:
        if at < part.start:
            yield Span(at, part.start)
        yield part
        at = part.end


def _text(passage: Stored, span: Span) -> str:
    start = passage.chunk.span.start
    return passage.text[span.start - start : span.end - start]


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
