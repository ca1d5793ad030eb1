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
class Models:
    """``word``: whether a doubtful word is one that the passage does not say; ``whole``: whether
    the stretch carries the claim. A claim is let through where no word is likelier than
    ``suspicious`` not to be said, and the whole at least as likely as ``threshold``."""

    word: Model
    whole: Model
    suspicious: float
    threshold: float

    def probability(self, setting: Setting, window: Window) -> float:
        """0..1, higher is likelier to carry the claim."""
        return self.whole.probability(features(setting, window))

    def worst_word(self, setting: Setting, window: Window) -> float:
        """The highest probability (0..1) that a word of the claim is not said."""
        odd = doubtful(setting, window)
        return max((self.word.probability(d.features) for d in odd), default=0.0)


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
    return Models(Model(**raw["word"]), Model(**raw["whole"]), raw["suspicious"], raw["threshold"])


@lru_cache(maxsize=1)
def fitted() -> Fitted:
    """The coefficients that ship with the project."""
    raw = json.loads(files("rag.answer.grounding").joinpath("grounding.json").read_text("utf-8"))
    return Fitted(read_models(raw["same"]), read_models(raw["cross"]))
