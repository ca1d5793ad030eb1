"""What speaks for and against a stretch of a passage carrying a claim, as named numbers."""

import math
from collections.abc import Sequence

import numpy as np

from rag.answer.grounding.denied import (
    counts_differ,
    denied_here,
    denied_there,
    window_denials,
)
from rag.answer.grounding.opposites import opposites
from rag.answer.grounding.setting import MATCHED, Setting, Window, best, columns, unmet
from rag.corpus.quantities import Quantity
from rag.corpus.stopwords import STOPWORDS

MOST_PARTS = 3
"""Consecutive parts of a passage that carry a claim together."""
_SURE = 0.8
_SAID = 0.5
# Words next to a number that say what it counts.
_BESIDE = 2
# What a window is charged for each part more when the most promising ones are chosen.
_EXTRA_PART = 0.35


def windows(setting: Setting, most: int) -> list[Window]:
    """The at most ``most`` stretches that match the claim best, short ones preferred."""
    count = len(setting.text.parts)
    every = [
        Window(first, last)
        for first in range(count)
        for last in range(first, min(first + MOST_PARTS, count))
    ]
    return sorted(every, key=lambda w: -promise(setting, w))[:most]


def promise(setting: Setting, window: Window) -> float:
    """How much of the claim a window matches, in words; more parts count against it."""
    found = len(setting.claim.quantities) - len(unmet(setting, window))
    return float(best(setting, window).sum()) + found - _EXTRA_PART * (window.last - window.first)


def features(setting: Setting, window: Window) -> dict[str, float]:
    """The named numbers of a window; shares lie in 0..1."""
    return {
        **_of_words(setting, window),
        **_of_denials(setting, window),
        **_of_places(setting, window),
        "opposites": min(
            opposites(setting.claim.words, setting.text.words[columns(setting, window)]), 2
        ),
        "cosine": float(
            (setting.text.part_vectors[window.first : window.last + 1] @ setting.claim.vector).max()
        ),
        "more_parts": window.last - window.first,
    }


def _of_words(setting: Setting, window: Window) -> dict[str, float]:
    """How well the claim's words are matched, and which are not."""
    claim = setting.claim
    found = best(setting, window)
    there = np.maximum(found, setting.known)
    order = np.sort(there) if len(there) else np.ones(1, np.float32)
    count = max(len(there), 1)
    missing = there < MATCHED
    odd = np.array([n in claim.named or n in claim.strange for n in claim.content], bool)
    short = np.array([n in claim.acronyms for n in claim.content], bool)
    said = _said_back(setting, window)
    strangers = min(int((missing & odd & ~short).sum()), 3) if len(odd) else 0
    return {
        "cover": float(there.mean()) if len(there) else 0.0,
        "sure": float((there >= _SURE).sum()) / count,
        "missing": float(missing.sum()) / count,
        "missing_words": math.log1p(int(missing.sum())),
        "missing_elsewhere": float((setting.somewhere < MATCHED).sum()) / count,
        "strangers_missing": strangers,
        "strangers_doubtful": min(int((odd & (there >= MATCHED) & (there < 0.7)).sum()), 3),
        "acronyms_missing": min(int((missing & short).sum()), 2),
        "worst": float(order[0]),
        "second_worst": float(order[min(1, len(order) - 1)]),
        "third_worst": float(order[min(2, len(order) - 1)]),
        "said_back": said,
        "copied_but_for": said * min(int(missing.sum()), 2),
        "copied_strangers": said * strangers,
    }


def _of_denials(setting: Setting, window: Window) -> dict[str, float]:
    there = window_denials(setting, window)
    return {
        "denied_here": min(denied_here(setting, window, there), 2),
        "denied_there": min(denied_there(setting, there), 2),
        "withheld_there": min(denied_there(setting, there, outright=False), 2),
        "denials_differ": min(counts_differ(setting, window, there), 2),
    }


def _of_places(setting: Setting, window: Window) -> dict[str, float]:
    """Whether what is matched stands together: words that only parts beside the main one have,
    and numbers that stand with other words than in the claim."""
    parts = range(window.first, window.last + 1)
    each = np.stack([best(setting, Window(n, n)) for n in parts])
    main = int(each.sum(axis=1).argmax())
    own = each[main] >= MATCHED
    before = each[:main].max(axis=0, initial=0.0) >= MATCHED
    after = each[main + 1 :].max(axis=0, initial=0.0) >= MATCHED
    claim = setting.claim
    odd = np.array([n in claim.named or n in claim.strange for n in claim.content], bool)
    swapped = [_is_swapped(setting, window, q) for q in setting.claim.quantities]
    return {
        "only_before": math.log1p(int((before & ~own).sum())),
        "borrowed": min(int((odd & ~own & (before | after)).sum()), 2),
        "only_after": math.log1p(int((after & ~own & ~before).sum())),
        "numbers_swapped": min(sum(swapped), 2),
    }


def _is_swapped(setting: Setting, window: Window, quantity: Quantity) -> bool:
    """Whether the words that the claim says next to a number stand, in the window, nearer to
    another one."""
    claim, within = setting.claim, columns(setting, window)
    there = [(at, read) for at, read in setting.text.counted if within.start <= at < within.stop]
    own = [at for at, read in there if read & quantity.values]
    others = [at for at, read in there if not read & quantity.values]
    beside = sorted(
        range(len(claim.content)),
        key=lambda row: abs(claim.starts[claim.content[row]] - quantity.start),
    )[:_BESIDE]
    strengths = setting.strengths[beside, within]
    found = [within.start + int(s.argmax()) for s in strengths if s.max(initial=0.0) >= _SAID]
    if not own or not others or not found:
        return False
    return all(_nearest(others, column) < _nearest(own, column) for column in found)


def _nearest(places: Sequence[int], column: int) -> int:
    return min(abs(place - column) for place in places)


def _said_back(setting: Setting, window: Window) -> float:
    """The share of the window's own content words that the claim says too."""
    within = columns(setting, window)
    told = [
        n
        for n in range(within.start, within.stop)
        if setting.text.words[n] not in STOPWORDS and not setting.text.words[n].isdigit()
    ]
    if not told or not len(setting.strengths):
        return 0.0
    return float((setting.strengths[:, told].max(axis=0) >= _SAID).mean())
