"""How well each word of a claim is matched by those of a passage: in letters, sound or meaning."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.answer.grounding.claims import Claim, Text
from rag.corpus.alike import letters_alike, sounds_alike
from rag.corpus.text import stem

# Between these cosines two words go from having nothing to do with each other to being the same,
# or one the translation of the other.
_FLOOR = 0.25
_SAME = 0.75


def strengths(
    claim: Claim, met: Sequence[str], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(len(claim.content), len(met)): how well two words match, 0..1.

    Args:
        vectors: (len(met), dim), the unit vectors of the words ``met``.
    """
    asked = claim.content_words
    if not asked or not met:
        return np.zeros((len(asked), len(met)), np.float32)
    columns = {word: n for n, word in enumerate(dict.fromkeys(met))}
    distinct = list(columns)
    alike = np.maximum(letters_alike(asked, distinct), sounds_alike(asked, distinct))
    stems = np.array([stem(word) for word in distinct])
    own = np.array([stem(word) for word in asked])
    alike = np.maximum(alike, (own[:, None] == stems[None, :]).astype(np.float32))
    meaning = np.clip((claim.vectors @ vectors.T - _FLOOR) / (_SAME - _FLOOR), 0, 1)
    best: NDArray[np.float32] = np.maximum(alike[:, [columns[word] for word in met]], meaning)
    return best


def of_text(claim: Claim, text: Text) -> NDArray[np.float32]:
    """The same against all words of a passage."""
    return strengths(claim, text.words, text.vectors)
