"""The fitted probability that a stretch of a passage carries a claim.

Two logistic regressions: which words of the claim the passage does not say, and whether it says
the whole. Their coefficients, one set for passages in the claim's language and one
for passages in another, lie in ``grounding.json``; ``benchmarks/grounding/fit.py`` fits them.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rag.answer.grounding.evidence import features
from rag.answer.grounding.setting import Setting, Window
from rag.answer.grounding.suspicion import doubtful
from rag.logistic import Model


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A claim is let through where no word is likelier than ``suspicious`` not to be said, and the
    whole at least as likely as ``least`` to be."""

    suspicious: float
    least: float


@dataclass(frozen=True, slots=True)
class Models:
    """``word``: whether a doubtful word is one that the passage does not say; ``whole``: whether
    the stretch carries the claim. Thresholds are those of claims in a script that writes names
    with capitals, and in one that does not: there more words look like names."""

    word: Model
    whole: Model
    capitals: Thresholds
    no_capitals: Thresholds

    def probability(self, setting: Setting, window: Window) -> float:
        """0..1, higher is likelier to carry the claim."""
        return self.whole.probability(features(setting, window))

    def worst_word(self, setting: Setting, window: Window) -> float:
        """The highest probability (0..1) that a word of the claim is not said."""
        odd = doubtful(setting, window)
        return max((self.word.probability(d.features) for d in odd), default=0.0)

    def thresholds(self, setting: Setting) -> Thresholds:
        """Those for the claim's script."""
        return self.no_capitals if setting.claim.language in UNCASED else self.capitals


UNCASED = frozenset(("ar", "fa"))
"""Languages, of those told apart, that have no capitals."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The models for passages in the claim's language, and in another."""

    same: Models
    cross: Models

    def models(self, *, cross: bool) -> Models:
        """One or the other."""
        return self.cross if cross else self.same


def read_models(raw: dict[str, Any]) -> Models:
    """One set of coefficients, as the file has it."""
    return Models(
        word=Model(**raw["word"]),
        whole=Model(**raw["whole"]),
        capitals=Thresholds(**raw["capitals"]),
        no_capitals=Thresholds(**raw["no_capitals"]),
    )


@lru_cache(maxsize=1)
def fitted() -> Fitted:
    """The coefficients that ship with the project."""
    raw = json.loads(files("rag.answer.grounding").joinpath("grounding.json").read_text("utf-8"))
    return Fitted(read_models(raw["same"]), read_models(raw["cross"]))
