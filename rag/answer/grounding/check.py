"""Whether passages carry a sentence, by vetoes where evidence is clear and else by a probability.

The probability is a logistic regression's over the features of `rag.answer.grounding.evidence`.
Its coefficients, one set for passages in the sentence's language and one for others, lie in
``grounding.json`` beside this file; ``benchmarks/grounding/fit.py`` fits them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from embeddings import Encoder
from rag.answer.grounding.claims import Claim, claim_of, text_of
from rag.answer.grounding.evidence import Setting, Window, features, objection, windows
from rag.answer.grounding.matching import of_text, strengths
from rag.answer.grounding.verdict import Failing, Passage, Support, Verdict
from rag.corpus.language import language_of, passage_language
from rag.corpus.quantities import quantities, values
from rag.corpus.text import words
from rag.logistic import Model
from rag.records import Article, Span

# Stretches of a passage that are looked at closely, and the most that carry one sentence.
_CLOSELY = 4
_MOST_SUPPORTS = 3
# A clause is checked by itself if it says at least this much.
_FEWEST_WORDS = 4
_CLAUSE = re.compile(
    r"\s*[،,;؛:–—]\s+|\s+(?:and|while|et|tandis que|بينما|فيما)\s+|\s+(?=و[^\s]{3,})"
)


@dataclass(frozen=True, slots=True)
class Grounding:
    """The fitted models, and the least probability that lets a sentence through."""

    same: Model
    cross: Model
    threshold_same: float
    threshold_cross: float

    def model(self, cross: bool) -> Model:
        """For a passage in another language than the sentence, or in the same."""
        return self.cross if cross else self.same

    def threshold(self, cross: bool) -> float:
        """Likewise."""
        return self.threshold_cross if cross else self.threshold_same


@lru_cache(maxsize=1)
def fitted() -> Grounding:
    """The coefficients that ship with the project."""
    raw = json.loads(files("rag.answer.grounding").joinpath("grounding.json").read_text("utf-8"))
    return Grounding(
        same=Model(**raw["same"]),
        cross=Model(**raw["cross"]),
        threshold_same=raw["threshold_same"],
        threshold_cross=raw["threshold_cross"],
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A stretch of a passage and how likely it carries the claim; ``objection`` forbids it."""

    passage: Passage
    setting: Setting
    window: Window
    probability: float
    objection: Failing | None
    accepted: bool

    @property
    def support(self) -> Support:
        """The stretch as a citation."""
        parts, start = self.setting.text.parts, self.passage.start
        first, last = parts[self.window.first], parts[self.window.last]
        return Support(self.passage.number, Span(start + first.start, start + last.end))


def check(
    sentence: str, cited: Sequence[Passage], offered: Sequence[Passage], encoder: Encoder
) -> Verdict:
    """Which passages carry ``sentence``, and by which of their words.

    Args:
        sentence: one sentence, without markers, in any language.
        cited: the passages it cites; what these do not carry is looked for among all others.
        offered: every passage that could have been cited.
        encoder: the embedded model, for whose cosines the coefficients were fitted.
    """
    claim = claim_of(sentence, encoder)
    if not claim.content and not claim.quantities:
        return Verdict((), "meaning", 0.0)
    others = [passage for passage in offered if passage not in cited]
    judged = _judge_all(claim, cited, encoder)
    if found := _carried(judged):
        return found
    judged += _judge_all(claim, others, encoder)
    if found := _carried(judged):
        return found
    if found := _by_clauses(claim, [*cited, *others], encoder):
        return found
    likeliest = max(judged, key=lambda j: (j.objection is None, j.probability), default=None)
    closest = max(judged, key=lambda j: j.probability, default=None)
    if likeliest is None or closest is None:
        return Verdict((), "meaning", 0.0)
    return Verdict((), closest.objection or "meaning", likeliest.probability)


def _judge_all(claim: Claim, passages: Sequence[Passage], encoder: Encoder) -> list[Judged]:
    return [judged for passage in passages for judged in judge(claim, passage, encoder)]


def judge(claim: Claim, passage: Passage, encoder: Encoder) -> Iterator[Judged]:
    """The likeliest stretches of one passage, each judged."""
    setting = lay_over(claim, passage, encoder)
    model, least = fitted().model(setting.cross), fitted().threshold(setting.cross)
    for window in windows(setting, _CLOSELY):
        probability = model.probability(features(setting, window))
        against = objection(setting, window)
        accepted = against is None and probability >= least
        yield Judged(passage, setting, window, probability, against, accepted)


def lay_over(claim: Claim, passage: Passage, encoder: Encoder) -> Setting:
    """A claim and a passage with everything that their comparison needs."""
    text = text_of(passage.text, encoder)  # type: ignore[arg-type]  # hashed by identity
    known = _known_of(passage.article)
    about = text_of(known, encoder)  # type: ignore[arg-type]
    spoken = passage_language(passage.text, passage.article.language, words(passage.text))
    return Setting(
        claim=claim,
        text=text,
        strengths=of_text(claim, text),
        known=strengths(claim, about.words, about.vectors).max(axis=1, initial=0.0),
        known_values=values(quantities(known)),
        cross=language_of(claim.text) != spoken,
    )


def _known_of(article: Article) -> str:
    told = (article.title, article.author, article.publisher, article.published)
    return "\n".join(filter(None, told))


def _carried(judged: Sequence[Judged]) -> Verdict | None:
    """The best accepted stretch of each passage, if there is one."""
    best: dict[int, Judged] = {}
    for one in judged:
        before = best.get(one.passage.number)
        if one.accepted and (before is None or one.probability > before.probability):
            best[one.passage.number] = one
    if not best:
        return None
    chosen = sorted(best.values(), key=lambda j: -j.probability)[:_MOST_SUPPORTS]
    return Verdict(tuple(j.support for j in chosen), None, chosen[0].probability)


def _by_clauses(claim: Claim, passages: Sequence[Passage], encoder: Encoder) -> Verdict | None:
    """A sentence of several clauses is carried where each of them is."""
    clauses = _clauses(claim.text, encoder)
    if len(clauses) < 2 or claim.quotations:
        return None
    supports: dict[Support, None] = {}
    least = 1.0
    for clause in clauses:
        found = _carried(_judge_all(clause, passages, encoder))
        if found is None:
            return None
        supports[found.supports[0]] = None
        least = min(least, found.probability)
    return Verdict(tuple(supports), None, least) if len(supports) <= _MOST_SUPPORTS else None


def _clauses(sentence: str, encoder: Encoder) -> list[Claim]:
    """The clauses of a sentence; one that says too little stays with the one before it."""
    bounds = [0, *(m.end() for m in _CLAUSE.finditer(sentence)), len(sentence)]
    clauses: list[Claim] = []
    start = 0
    for end in bounds[1:]:
        rest = claim_of(sentence[end:], encoder) if end < len(sentence) else None
        clause = claim_of(sentence[start:end], encoder)
        enough = len(clause.content) >= _FEWEST_WORDS
        if enough and (rest is None or len(rest.content) >= _FEWEST_WORDS):
            clauses.append(clause)
            start = end
    if start < len(sentence):
        return []
    return clauses
