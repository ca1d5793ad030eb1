"""A claim laid over a passage, and stretches of the passage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answer.grounding.claims import Claim, Text
from rag.corpus.quantities import Quantity

MATCHED = 0.4
"""From this strength on a word counts as matched."""
_DUAL = ("ان", "ين")
# Of the words behind a number, those that may be what it counts.
_NOUN = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """A passage with a claim laid over it: ``strengths`` (content, words) says how well each of
    the claim's words matches each of the passage's, ``known`` (content,) what is known of its
    article (title, author, publisher, date), whose values are ``known_values``."""

    claim: Claim
    text: Text
    strengths: NDArray[np.float32]
    known: NDArray[np.float32]
    known_values: frozenset[str]
    cross: bool

    @property
    def somewhere(self) -> NDArray[np.float32]:
        """(content,): the best match of each word anywhere in the passage, or in what is known."""
        best: NDArray[np.float32] = np.maximum(self.strengths.max(axis=1, initial=0.0), self.known)
        return best

    def rows(self, places: Sequence[int]) -> list[int]:
        """The rows of those places of the claim that carry meaning."""
        row = {place: row for row, place in enumerate(self.claim.content)}
        return [row[place] for place in places if place in row]


@dataclass(frozen=True, slots=True)
class Window:
    """Parts ``first`` to ``last`` (inclusive) of a passage."""

    first: int
    last: int


def columns(setting: Setting, window: Window) -> slice:
    """The words of a window."""
    bounds = setting.text.bounds
    return slice(int(bounds[window.first]), int(bounds[window.last + 1]))


def best(setting: Setting, window: Window) -> NDArray[np.float32]:
    """(content,): the best match of each word in a window."""
    found: NDArray[np.float32] = setting.strengths[:, columns(setting, window)].max(
        axis=1, initial=0.0
    )
    return found


def unmet(setting: Setting, window: Window) -> list[Quantity]:
    """What the claim counts or dates and the window, with what is known of the article, does
    not."""
    there = setting.known_values.union(*setting.text.values[window.first : window.last + 1])
    return [
        q
        for q in setting.claim.quantities
        if not (q.values & there) and not _is_dual(setting, window, q)
    ]


def _is_dual(setting: Setting, window: Window, quantity: Quantity) -> bool:
    """Whether «two» is said by the form of an Arabic noun («بلدين», two countries)."""
    claim = setting.claim
    after = [row for row, n in enumerate(claim.content) if claim.starts[n] >= quantity.end]
    within = columns(setting, window)
    if "2" not in quantity.values or not after or within.start == within.stop:
        return False
    matched = setting.strengths[after[:_NOUN], within].max(axis=0) >= MATCHED
    nouns = np.array(setting.text.words[within], object)[matched]
    return any(noun.endswith(_DUAL) for noun in nouns)
