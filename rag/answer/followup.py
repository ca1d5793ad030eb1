"""What a follow-up question is about: itself, or with the turn before it.

A question that opens with a connective, leans on a pronoun, or has too few words of its own is
searched together with the last question. Anything else is a new subject.
"""

from collections.abc import Sequence

from rag.corpus.stopwords import content_words
from rag.corpus.text import words
from rag.records import Turn

_CONNECTIVES = frozenset(
    "and so then but what about ok okay et alors mais puis donc طيب اوكي يعني و".split()
)
_QUESTION_WORDS = frozenset(
    "ما ماذا من اين متي كيف لماذا كم هل اي علام الام لم بم عم مين وين ليش شو قديش".split()
)
_PRONOUNS = frozenset(
    "it its they them their he him his she her that this those these there one"
    " il ils elle elles lui leur leurs celui celle ceux cela ca y son sa ses"
    " هو هي هم هذا هذه ذلك تلك هؤلاء منه منها عنه عنها فيه فيها له لها لهم"
    " معه معها بعده بعدها".split()
)
_FEW = 2


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The text to search for: the question, after the last one if it leans on it."""
    asked = [turn.content for turn in history if turn.role == "user"]
    if asked and _leans(words(question)):
        return f"{asked[-1]}\n{question}"
    return question


def _leans(tokens: list[str]) -> bool:
    if not tokens:
        return False
    first = tokens[0]
    connected = first in _CONNECTIVES or (first[:1] in "وف" and first[1:] in _QUESTION_WORDS)
    return connected or not _PRONOUNS.isdisjoint(tokens) or len(content_words(tokens)) <= _FEW
