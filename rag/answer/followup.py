"""What a follow-up question is about: itself, or with the turn before it.

A question that opens with a connective, leans on a pronoun, or has too few words of its own is
searched in the light of the last question and its answer. Anything else is a new subject.
"""

from collections.abc import Sequence

from rag.corpus.stopwords import STOPWORDS, content_words
from rag.corpus.text import words
from rag.records import Turn

_CONNECTIVES = frozenset(
    "and so then but what about ok okay et alors mais puis donc طيب اوكي يعني و".split()
)
_PRONOUNS = frozenset(
    "it its they them their he him his she her that this those these there one"
    " il ils elle elles lui leur leurs celui celle ceux cela ca y son sa ses"
    " هو هي هم هذا هذه ذلك تلك هؤلاء منه منها عنه عنها فيه فيها له لها لهم"
    " معه معها بعده بعدها".split()
)
_LAST_WORDS = frozenset("one ones un une".split())
_FEW = 2
_LONGEST_ANSWER = 400


def context_of(question: str, history: Sequence[Turn]) -> str:
    """The text in whose light ``question`` is to be read: the last question and the beginning of
    its answer; empty for a question that stands alone."""
    asked = [n for n, turn in enumerate(history) if turn.role == "user"]
    if not asked or not _leans(words(question)):
        return ""
    last = history[asked[-1] :]
    answers = [turn.content[:_LONGEST_ANSWER] for turn in last if turn.role == "assistant"]
    return "\n".join([last[0].content, *answers[:1]])


def _leans(tokens: list[str]) -> bool:
    if not tokens:
        return False
    first = tokens[0]
    connected = first in _CONNECTIVES or (first[:1] in "وف" and first[1:] in STOPWORDS)
    leaning = connected or not _PRONOUNS.isdisjoint(tokens) or tokens[-1] in _LAST_WORDS
    return leaning or len(content_words(tokens)) <= _FEW
