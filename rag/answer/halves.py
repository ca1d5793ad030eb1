"""Questions that ask two things: both sides of a comparison, or one thing and then another.

Each half is searched for on its own, since what answers one has few words of the other. Where the
halves are answered by different articles, both are told; else the whole question is the better one.
"""

import re
from collections.abc import Sequence

from rag.corpus.stopwords import content_words
from rag.corpus.text import words
from rag.records import Evidence

_ASKING_AR = (
    "كم|بكم|كام|قديش|شحال|من|مين|متى|امتى|أين|وين|فين|كيف|ازاي|ما|ماذا|شو|ايه|أي|بأي"
    "|لماذا|ليش|ليه|علاش|إلى متى"
)
_ASKING = (
    "how|who|whose|what|when|where|why|which|(?:at|in|by|for) (?:what|which|how)"
    "|qui|que|quand|où|pourquoi|comment|combien|quel|quelle|quels|quelles"
)
# «Or» between two sides, «and» before another question word, and the end of a first question.
_BETWEEN = re.compile(
    r"\s(?:أم|ولا|والا|ولّا|وإلا|or|ou|vs|versus|wela|wala|walla|wella)\s"
    rf"|[،؛,;]?\s+و(?=(?:{_ASKING_AR})\s)"
    rf"|[,;]?\s+(?:and|et)\s+(?=(?:{_ASKING})\b)"
    r"|[؟?]\s+(?=\S)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 2


def halves(question: str) -> tuple[str, str] | None:
    """The two halves of a question that has just two, each with words enough to be searched for."""
    parts = [part for part in _BETWEEN.split(question) if part.strip()]
    if len(parts) != 2 or any(len(content_words(words(p))) < _FEWEST_WORDS for p in parts):
        return None
    return parts[0], parts[1]


def are_apart(first: Sequence[Evidence], second: Sequence[Evidence]) -> bool:
    """Whether two halves are answered by different articles; each likeliest first."""
    return bool(first and second) and first[0].article.id != second[0].article.id
