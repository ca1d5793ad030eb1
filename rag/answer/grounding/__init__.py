"""The check that no sentence of a language model gets past the sources."""

from rag.answer.grounding.check import check
from rag.answer.grounding.verdict import Failing, Passage, Support, Verdict

__all__ = ["Failing", "Passage", "Support", "Verdict", "check"]
