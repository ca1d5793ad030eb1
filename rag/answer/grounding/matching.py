"""How well each word of a claim is matched by those of a passage: in letters, sound or meaning."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.answer.grounding.claims import Claim, Text
from rag.corpus.alike import letters_alike, sounds_alike
from rag.corpus.sounds import is_latin, sound, sound_alike
from rag.corpus.stopwords import STOPWORDS
from rag.corpus.text import stem

# Between these cosines two words go from having nothing to do with each other to being the same,
# or one the translation of the other.
_FLOOR = 0.25
_SAME = 0.75
# A name is told by two consonants, where anything else needs three.
_SHORTEST_SOUND = 2
_NEARLY = 0.6


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
    """The same against all words of a passage, with what only names are matched by: short sounds,
    a word heard as two («لاب كورب», LabCorp), the initials of an acronym."""
    matched = strengths(claim, text.words, text.vectors)
    sounds = [sound(claim.words[place]) for place in claim.content]
    for row, place in enumerate(claim.content):
        if place in claim.acronyms:
            matched[row, _initialled(claim.words[place], text)] = 1.0
        elif place in claim.named or place in claim.strange:
            matched[row, _heard(sounds[row], claim.words[place], text)] = 1.0
            if place + 1 in claim.strange and row + 1 < len(sounds):
                both = _heard(sounds[row] + sounds[row + 1], claim.words[place], text)
                matched[np.ix_((row, row + 1), both)] = 1.0
            if place in claim.named and matched[row].max(initial=0.0) < _NEARLY:
                matched[row, _nearly_heard(sounds[row], text)] = _NEARLY
    return matched


def _nearly_heard(own: str, text: Text) -> list[int]:
    """Where two words together sound nearly the same («عبد العزيز», Abdulaziz)."""
    pairs = ((n, sound(a) + sound(b)) for n, (a, b) in enumerate(pairwise(text.words)))
    return [n for n, both in pairs if sound_alike(own, both) >= _NEARLY]


def _heard(own: str, word: str, text: Text) -> list[int]:
    """Where a passage has, in the other script, what sounds the same."""
    alike = text.heard.get(own, ()) if len(own) >= _SHORTEST_SOUND else ()
    return [n for n in alike if is_latin(text.words[n]) != is_latin(word)]


def _initialled(acronym: str, text: Text) -> list[int]:
    """Where words begin whose initials an acronym is made of, joining words left out or not."""
    places = [n for n, word in enumerate(text.words) if not word[0].isdigit()]
    told = [n for n in places if text.words[n] not in STOPWORDS]
    return [
        run[at]
        for run in (places, told)
        for at in range(len(run) - len(acronym) + 1)
        if all(
            text.words[n][0] == c for n, c in zip(run[at : at + len(acronym)], acronym, strict=True)
        )
    ]
