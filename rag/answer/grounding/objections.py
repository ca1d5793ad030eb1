"""What forbids taking a stretch of a passage for a support, whatever else speaks for it."""

from collections.abc import Sequence

import numpy as np

from rag.answer.grounding.claims import Quoted
from rag.answer.grounding.denied import denied_here, denied_there, window_denials
from rag.answer.grounding.setting import MATCHED, Setting, Window, best, unmet
from rag.answer.grounding.verdict import Failing
from rag.corpus.text import words

_SAID = 0.6
_HEARD = 0.3
# Words that may stand between those of a source's name.
_APART = 3


def objection(setting: Setting, window: Window) -> Failing | None:
    """The first thing that forbids it; ``None`` where nothing does."""
    missing = unmet(setting, window)
    if missing:
        return "date" if all(q.is_date for q in missing) else "number"
    if not all(_is_quoted(setting, quoted) for quoted in setting.claim.quotations):
        return "quotation"
    if not all(_is_named(setting, places) for places in setting.claim.sources):
        return "source"
    if names_missing(setting, window):
        return "entity"
    return "negation" if is_denied(setting, window) else None


def _is_quoted(setting: Setting, quoted: Quoted) -> bool:
    """Whether the passage has the very words; in another language, whether it quotes their like."""
    sought, there = words(quoted.text), setting.text.words
    first = [n for n, word in enumerate(there) if word == sought[0]]
    if any(list(there[n : n + len(sought)]) == sought for n in first):
        return True
    rows = setting.rows(quoted.content)
    return setting.cross and any(
        float(setting.strengths[rows, a : b + 1].max(axis=1, initial=0.0).mean()) >= _SAID
        for a, b in setting.text.quoted
    )


def _is_named(setting: Setting, places: Sequence[int]) -> bool:
    """Whether a source's words (its names, if it has any) stand together, or are known."""
    claim = setting.claim
    odd = [n for n in places if n in claim.named or n in claim.strange]
    rows = setting.rows(odd or places)
    strengths, reach = setting.strengths[rows], len(rows) + _APART
    together = (strengths[:, n : n + reach].max(axis=1) for n in range(strengths.shape[1]))
    return any(
        float(found.mean()) >= _SAID and float(found.min()) >= _HEARD
        for found in (setting.known[rows], *together)
    )


def names_missing(setting: Setting, window: Window) -> int:
    """How many names of the claim the window lacks, and what is known of the article."""
    there = np.maximum(best(setting, window), setting.known)
    named = setting.claim.named
    return sum(n in named and there[row] < MATCHED for row, n in enumerate(setting.claim.content))


def is_denied(setting: Setting, window: Window) -> bool:
    """Whether one of claim and window denies outright what the other says undenied."""
    there = window_denials(setting, window)
    if denied_here(setting, window, there):
        return True
    return not setting.claim.denials and denied_there(setting, there) > 0
