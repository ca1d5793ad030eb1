"""Whether passages carry a sentence: by vetoes where evidence is clear, and else by a probability.

The vetoes are in `rag.answer.grounding.objections`, the probability in
`rag.answer.grounding.fitted`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from embeddings import Encoder
from rag.answer.grounding.claims import Claim, claim_of, text_of
from rag.answer.grounding.evidence import promise, windows
from rag.answer.grounding.fitted import fitted
from rag.answer.grounding.matching import of_text, strengths
from rag.answer.grounding.objections import objection
from rag.answer.grounding.setting import Setting, Window, best
from rag.answer.grounding.verdict import Failing, Passage, Support, Verdict
from rag.corpus.language import passage_language
from rag.corpus.text import words
from rag.records import Article, Span

# Stretches of a passage that are looked at closely, and the most that carry one sentence.
CLOSELY = 4
_MOST_SUPPORTS = 3
# A clause is checked by itself if it says at least this much.
_FEWEST_WORDS = 4
_FEWEST_CLAUSES = 2
# Below this share of its words a sentence is about something else, whatever is wrong with it.
_RELATED = 0.5
_CLAUSE = re.compile(
    r"\s*[،,;؛:–—]\s+|\s+(?:and|while|et|tandis que|بينما|فيما)\s+|\s+(?=و[^\s]{3,})"
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
    return _refused(judged)


def _refused(judged: Sequence[Judged]) -> Verdict:
    """Why nothing carries a sentence: what is against the likeliest stretch, or, where all are
    forbidden, against the stretch that matches best."""
    if not judged:
        return Verdict((), "meaning", 0.0)
    likeliest = max(judged, key=lambda j: j.probability)
    closest = max(judged, key=lambda j: promise(j.setting, j.window))
    chosen = likeliest if likeliest.probability > 0 else closest
    matched = best(chosen.setting, chosen.window)
    unrelated = not len(matched) or float(matched.mean()) < _RELATED
    reason = "meaning" if unrelated else chosen.objection or "meaning"
    return Verdict((), reason, likeliest.probability)


def _judge_all(claim: Claim, passages: Sequence[Passage], encoder: Encoder) -> list[Judged]:
    return [judged for passage in passages for judged in judge(claim, passage, encoder)]


def judge(claim: Claim, passage: Passage, encoder: Encoder) -> Iterator[Judged]:
    """The most promising stretches of one passage, each judged, until one is accepted, or says the
    contrary: then a stretch that matches less well, for leaving that out, is no support. What is
    forbidden is not weighed: its probability is 0."""
    setting = lay_over(claim, passage, encoder)
    models = fitted().models(cross=setting.cross)
    for window in windows(setting, CLOSELY):
        against = objection(setting, window)
        if against is None and models.worst_word(setting, window) > models.suspicious:
            against = "entity"
        probability = 0.0 if against else models.probability(setting, window)
        accepted = against is None and probability >= models.threshold
        yield Judged(passage, setting, window, probability, against, accepted)
        if accepted or against == "negation":
            return


def lay_over(claim: Claim, passage: Passage, encoder: Encoder) -> Setting:
    """A claim and a passage with everything that their comparison needs."""
    text = text_of(passage.text, encoder)  # type: ignore[arg-type]  # hashed by identity
    known = _known_of(passage.article)
    about = text_of(known, encoder)  # type: ignore[arg-type]
    return Setting(
        claim=claim,
        text=text,
        strengths=of_text(claim, text),
        known=strengths(claim, about.words, about.vectors).max(axis=1, initial=0.0),
        known_values=frozenset().union(*about.values),
        cross=claim.language != _language(passage.text, passage.article.language),
    )


@lru_cache(maxsize=512)
def _language(text: str, article_language: str) -> str:
    return passage_language(text, article_language, words(text))


def _known_of(article: Article) -> str:
    told = (article.title, article.author, article.publisher, article.published)
    return "\n".join(filter(None, told))


def _carried(judged: Sequence[Judged]) -> Verdict | None:
    """The best accepted stretch of each passage, if there is one."""
    likeliest: dict[int, Judged] = {}
    for one in judged:
        before = likeliest.get(one.passage.number)
        if one.accepted and (before is None or one.probability > before.probability):
            likeliest[one.passage.number] = one
    if not likeliest:
        return None
    chosen = sorted(likeliest.values(), key=lambda j: -j.probability)[:_MOST_SUPPORTS]
    return Verdict(tuple(j.support for j in chosen), None, chosen[0].probability)


def _by_clauses(claim: Claim, passages: Sequence[Passage], encoder: Encoder) -> Verdict | None:
    """A sentence of several clauses is carried where each of them is."""
    clauses = [] if claim.quotations else _clauses(claim.text, encoder)
    if len(clauses) < _FEWEST_CLAUSES:
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
