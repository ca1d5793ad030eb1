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
# Two sides named as such: «between A and B», «compare A with B», «how does A differ from B».
_COMPARED = tuple(
    re.compile(rf"(?<!\S){form}", re.IGNORECASE)
    for form in (
        r"(?:between|entre|بين)\s+(\S.+?)\s+(?:(?:and|et)\s+|و(?=\S))(\S.*)",
        r"compar(?:e|ing|ez|er|ons)\s+(\S.+?)\s+(?:and|with|to|et|avec|à)\s+(\S.*)",
        r"قارني?\s+(\S.+?)\s+(?:مع\s+|ب(?=\S{3})|و(?=\S{3}))(\S.*)",
        r"(\S.+?)\s+(?:differs?|different)\s+from\s+(\S.*)",
        r"(\S.+?)\s+diff[èe]re(?:nt)?(?:-t-(?:il|elle|ils|elles))?\s+(?:de\s+|des\s+|du\s+|d['’])(\S.*)",
        r"[يت]ختلف\s+(\S.+?)\s+عن\s+(\S.*)",
    )
)
_FEWEST_WORDS = 2


def halves(question: str) -> tuple[str, ...]:
    """The two halves of a question that has just two, each with words enough to be searched for;
    of any other none."""
    compared = (found.groups() for form in _COMPARED if (found := form.search(question)))
    between = tuple(filter(str.strip, _BETWEEN.split(question)))
    return next(filter(_are_two, (*compared, between)), ())


def _are_two(parts: Sequence[str]) -> bool:
    return len(parts) == 2 and all(len(content_words(words(p))) >= _FEWEST_WORDS for p in parts)


def are_apart(sides: Sequence[Sequence[Evidence]]) -> bool:
    """Whether there are sides, and each is answered by another article; each likeliest first."""
    articles = [side[0].article.id for side in sides if side]
    return bool(sides) and len(set(articles)) == len(sides)
