"""How much a text out of a PDF looks like writing, judged without a model.

In Arabic about a third of all words are frequent ones or begin with the article. Where an
extractor wrote letters back to front, their mirror images are found instead.
"""

import re
import unicodedata
from dataclasses import dataclass

from rag.corpus.glyphs import GLYPHS
from rag.corpus.text import words

# Frequent words whose mirror image is none.
_FREQUENT = frozenset(
    words(
        "على التي الذي هذا هذه ذلك تلك كان كانت خلال بعد قبل عند بين حول غير كما حيث وقد منذ حتى"
        " أكثر من في عن أن إلى مع قال وفي ومن وأن بأن عليه عليها منها فيها وهو وهي الذين أي كل بعض"
        " يوم عام"
    )
)
_MIRRORED = frozenset(word[::-1] for word in _FREQUENT) - _FREQUENT
_ARTICLE = re.compile("[وفبك]?ال..")
_MIRRORED_ARTICLE = re.compile(".*..لا[وفبك]?")
_ARABIC = re.compile("[\u0621-\u064a]")
_FEWEST_WORDS = 20
_MOST_MIRRORED = 0.1
_FEWEST_KNOWN = 0.1
_MOST_STRANGE = 0.01
_MOST_SINGLE = 0.2


@dataclass(frozen=True, slots=True)
class Legibility:
    """Shares of a text's Arabic words, 0..1: ``known`` forms, ``mirrored`` ones, ``single``
    letters; and of its characters: ``strange`` ones, which stand for no letter."""

    words: int
    known: float
    mirrored: float
    single: float
    strange: float

    @property
    def score(self) -> float:
        """For comparing two readings of one page, higher is better."""
        return self.known - self.mirrored - self.single - 5 * self.strange

    @property
    def doubtful(self) -> bool:
        """Whether the page may be wrong for a reader."""
        if self.strange > _MOST_STRANGE:
            return True
        if self.words < _FEWEST_WORDS:
            return False
        mirrored = self.mirrored > _MOST_MIRRORED * (self.mirrored + self.known)
        return mirrored or self.known < _FEWEST_KNOWN or self.single > _MOST_SINGLE


def legibility(text: str) -> Legibility:
    """Judge ``text``, a page of a PDF."""
    arabic = [word for word in words(text) if _ARABIC.match(word)]
    count = len(arabic) or 1
    shown = sum(not char.isspace() for char in text) or 1
    return Legibility(
        words=len(arabic),
        known=sum(w in _FREQUENT or _ARTICLE.match(w) is not None for w in arabic) / count,
        mirrored=sum(_is_mirrored(word) for word in arabic) / count,
        single=sum(len(word) == 1 and word != "و" for word in arabic) / count,
        strange=sum(_is_strange(char) for char in text) / shown,
    )


def _is_mirrored(word: str) -> bool:
    return word in _MIRRORED or _MIRRORED_ARTICLE.fullmatch(word) is not None


def _is_strange(char: str) -> bool:
    """Whether a character is in private use, unassigned, or stands for an unknown one."""
    if char in GLYPHS:  # which the repair knows
        return False
    return char in "\0\ufffd" or unicodedata.category(char) in ("Co", "Cn")
