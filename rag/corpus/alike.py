"""How alike the words of two texts are in their letters and, across scripts, in their sound."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.corpus.sounds import is_latin, sound, sound_alike
from rag.corpus.text import grams


def letters_alike(asked: Sequence[str], met: Sequence[str]) -> NDArray[np.float32]:
    """(asked, met): the share of each asked word's 4-grams that the other word has."""
    shares = np.zeros((len(asked), len(met)), np.float32)
    owners: dict[str, list[tuple[int, float]]] = {}
    for row, word in enumerate(asked):
        own = set(grams(word))
        for gram in own:
            owners.setdefault(gram, []).append((row, 1 / len(own)))
    for column, word in enumerate(met):
        found = grams(word)
        if owners.keys().isdisjoint(found):  # as for nearly all of them
            continue
        for gram in owners.keys() & set(found):
            for row, share in owners[gram]:
                shares[row, column] += share
    return shares


def sounds_alike(asked: Sequence[str], met: Sequence[str]) -> NDArray[np.float32]:
    """(asked, met): how alike two words sound that are written in different scripts."""
    alike = np.zeros((len(asked), len(met)), np.float32)
    for latin in (True, False):
        rows = [row for row, word in enumerate(asked) if is_latin(word) == latin]
        if not rows:
            continue
        columns: dict[str, list[int]] = {}
        for column, word in enumerate(met):
            if word.isascii() != latin:
                columns.setdefault(sound(word)[:1], []).append(column)
        for row in rows:
            own = sound(asked[row])
            for column in columns.get(own[:1], ()):
                alike[row, column] = sound_alike(own, sound(met[column]))
    return alike
