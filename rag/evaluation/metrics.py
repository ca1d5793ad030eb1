"""Pure measures of one reply against its gold quotes, and their sums over many."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.corpus.repair import GLYPHS


def folded(text: str) -> str:
    """``text`` for comparison: private-use letters mapped, no marks, no white space."""
    mapped = "".join(GLYPHS[c].letter if c in GLYPHS else c for c in text)
    kept = (c for c in mapped if not c.isspace() and unicodedata.category(c) not in ("Mn", "Cf"))
    return "".join(kept)


def hits(quote: str, support: str) -> bool:
    """Whether two quotes of one file share a run of at least half of the shorter one."""
    a, b = folded(quote), folded(support)
    if not a or not b:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.find_longest_match().size >= 0.5 * min(len(a), len(b))


@dataclass(frozen=True, slots=True)
class Judged:
    """One reply against its gold: for each citation whether it hits, for each support likewise."""

    language: str
    kind: str
    answerable: bool
    answered: bool
    citation_hits: tuple[bool, ...]
    support_hits: tuple[bool, ...]

    @property
    def refused_rightly(self) -> bool:
        """Nothing answered where nothing could be."""
        return not self.answered and not self.answerable

    @property
    def contradicts(self) -> bool:
        """A false premise met with the sentence that contradicts it, which is right too."""
        return not self.answerable and any(self.citation_hits)


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares (0..1) over a set of questions; ``None`` where nothing was there to count.

    ``hit_first`` and ``hit_any``: answerable questions whose first, or any, citation hits.
    ``support_recall``: gold quotes of answerable questions that are cited.
    ``citation_precision``: citations given for answerable questions that hit.
    ``refusal_precision``: refusals that were right; ``refusal_recall``: unanswerable questions
    refused, or met with the sentence that contradicts their premise.
    ``wrongly_refused``: answerable questions refused.
    """

    questions: int
    hit_first: float | None
    hit_any: float | None
    support_recall: float | None
    citation_precision: float | None
    refusal_precision: float | None
    refusal_recall: float | None
    wrongly_refused: float | None


def scores(judged: Sequence[Judged]) -> Scores:
    """The scores of a set of judged replies; every question counts."""
    can = [j for j in judged if j.answerable]
    cannot = [j for j in judged if not j.answerable]
    return Scores(
        questions=len(judged),
        hit_first=_share(any(j.citation_hits[:1]) for j in can),
        hit_any=_share(any(j.citation_hits) for j in can),
        support_recall=_share(hit for j in can for hit in j.support_hits),
        citation_precision=_share(hit for j in can for hit in j.citation_hits),
        refusal_precision=_share(not j.answerable for j in judged if not j.answered),
        refusal_recall=_share(j.refused_rightly or j.contradicts for j in cannot),
        wrongly_refused=_share(not j.answered for j in can),
    )


def _share(outcomes: Iterable[bool]) -> float | None:
    counted = list(outcomes)
    return round(sum(counted) / len(counted), 4) if counted else None
