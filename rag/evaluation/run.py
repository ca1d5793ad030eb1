"""Ask every gold question and judge the replies."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from rag.evaluation.gold import GoldQuestion
from rag.evaluation.metrics import Judged, Scores, hits, scores
from rag.records import Citation, Question, Reply

Ask = Callable[[Question], Reply]


def evaluate(
    gold: Sequence[GoldQuestion],
    ask: Ask,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Judged]:
    """The judged reply to every gold question, in order."""
    judged = []
    for n, question in enumerate(gold):
        progress(n, len(gold))
        judged.append(judge(question, ask(Question(question.text, question.history))))
    progress(len(gold), len(gold))
    return judged


def judge(question: GoldQuestion, reply: Reply) -> Judged:
    """One reply against the question's gold quotes."""
    matrix = [[_hits(c, s.filename, s.quote) for s in question.support] for c in reply.citations]
    return Judged(
        language=question.language,
        kind=question.kind,
        answerable=question.answerable,
        answered=reply.status == "answered",
        citation_hits=tuple(any(row) for row in matrix),
        support_hits=tuple(any(row[n] for row in matrix) for n in range(len(question.support))),
    )


def _hits(citation: Citation, filename: str, quote: str) -> bool:
    return citation.article.filename == filename and hits(citation.quote, quote)


def table(judged: Sequence[Judged]) -> dict[str, Scores]:
    """Scores over all questions, by language (``lang ar``) and by kind (``kind fact``)."""
    groups: dict[str, list[Judged]] = {"all": list(judged)}
    for name, key in (("lang", "language"), ("kind", "kind")):
        for value in dict.fromkeys(getattr(j, key) for j in judged):
            groups[f"{name} {value}"] = [j for j in judged if getattr(j, key) == value]
    return {name: scores(members) for name, members in groups.items()}


def as_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """The table as plain data."""
    return {name: asdict(row) for name, row in table(judged).items()}
