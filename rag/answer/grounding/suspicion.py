"""Which single word of a claim is likely to be one that the passage does not say.

A sentence with one thing changed in it is all matched but for one word, which often is a name, and
the passage has another name there that the claim does not mention.
"""

from dataclasses import dataclass

import numpy as np

from rag.answer.grounding.setting import MATCHED, Setting, Window, best, columns

# A word that is matched better than this is above suspicion.
SURE = 0.7
_CLAIMED = 0.5


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A word (its place in the claim) with what makes it suspicious."""

    place: int
    features: dict[str, float]


def doubtful(setting: Setting, window: Window) -> list[Doubtful]:
    """The words of a claim that a window matches badly, each with its named numbers."""
    claim = setting.claim
    there = np.maximum(best(setting, window), setting.known)
    somewhere = setting.somewhere
    rivals = _rivals(setting, window)
    total = float(there.sum())
    found = []
    for row in np.flatnonzero(there < SURE).tolist():
        place = claim.content[row]
        odd = place in claim.named or place in claim.strange
        beside = [there[n] for n in (row - 1, row + 1) if 0 <= n < len(there)]
        found.append(
            Doubtful(
                place,
                {
                    "unmatched": 1 - float(there[row]),
                    "lost": float(there[row] < MATCHED),
                    "unmatched_elsewhere": 1 - float(somewhere[row]),
                    "strange": float(odd),
                    "named": float(place in claim.named),
                    "acronym": float(place in claim.acronyms),
                    "strange_lost": float(odd) * (1 - float(there[row])),
                    "rivals": min(rivals, 3) * (1 - float(there[row])),
                    "strange_rivals": min(rivals, 3) * float(odd),
                    "beside": float(np.mean(beside)) if beside else 0.0,
                    "rest": (total - float(there[row])) / max(len(there) - 1, 1),
                    "first": float(row == 0),
                    "letters": min(len(claim.words[place]), 10) / 10,
                },
            )
        )
    return found


def _rivals(setting: Setting, window: Window) -> int:
    """How many names of the window, or words that may be names, no word of the claim matches."""
    within = columns(setting, window)
    if not len(setting.strengths):
        return 0
    claimed = setting.strengths[:, within].max(axis=0) >= _CLAIMED
    return int((setting.text.odd[within] & ~claimed).sum())
