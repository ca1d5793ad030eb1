"""Where a claim denies what a passage says, or says what it denies."""

from collections.abc import Iterable, Sequence

import numpy as np

from rag.answer.grounding.polarity import Denial
from rag.answer.grounding.setting import MATCHED, Setting, Window, columns

# A negator bears on words up to so many places behind it.
_BEHIND = 9
# The words after a negator that may stand for what it bears on.
_AHEAD = 6
_SAME_WORD = 0.5
_AS_WELL = 0.8


def window_denials(setting: Setting, window: Window) -> list[Denial]:
    """The denials of a window, by places in the words of the passage."""
    shifted: list[Denial] = []
    for part in range(window.first, window.last + 1):
        start = int(setting.text.bounds[part])
        for denial in setting.text.denials[part]:
            reach = tuple(n + start for n in denial.reach)
            shifted.append(Denial(denial.at + start, reach, denial.outright))
    return shifted


def denied_here(setting: Setting, window: Window, there: Sequence[Denial]) -> int:
    """How many outright denials of the claim bear on what the window says undenied. Each denial of
    the window answers for one of the claim."""
    denying = {d.at for d in setting.claim.denials if not d.outright}
    left = list(there)
    count = 0
    for denial in setting.claim.denials:
        if not denial.outright:
            continue
        # «Did not refuse» denies a denial: its like must be denied outright too.
        twice = not denying.isdisjoint(denial.reach)
        places = _said_of(setting, window, denial)
        answers = [
            d
            for d in left
            if (d.outright or not twice) and (not places or any(_bears_on([d], c) for c in places))
        ]
        count += not answers
        if answers:
            left.remove(answers[0])
    return count


def _said_of(setting: Setting, window: Window, denial: Denial) -> list[int]:
    """Where the window has what a denial of the claim bears on: the words next to it, or the first
    ones after it that the window has at all."""
    within = columns(setting, window)
    after = [n for n in setting.claim.content if denial.at < n <= denial.at + _AHEAD]
    for places in (denial.reach, *((n,) for n in after)):
        strengths = setting.strengths[setting.rows(places), within]
        found = [
            within.start + int(column)
            for s in strengths
            for column in np.flatnonzero(s >= max(MATCHED, _AS_WELL * s.max(initial=0.0)))
        ]
        if found:
            return found
    return []


def denied_there(setting: Setting, there: Iterable[Denial], *, outright: bool = True) -> int:
    """How many denials of the window (those said outright, or those within other words) bear on a
    word that the claim says undenied."""
    said = setting.claim.denials
    if not len(setting.strengths):
        return 0
    count = 0
    for denial in there:
        reach = [c for c in denial.reach if c != denial.at] if denial.outright == outright else []
        rows = [int(setting.strengths[:, column].argmax()) for column in reach]
        places = [
            setting.claim.content[row]
            for row, column in zip(rows, reach, strict=True)
            if setting.strengths[row, column] >= _SAME_WORD
        ]
        count += bool(places) and not any(_bears_on(said, p) for p in places)
    return count


def _bears_on(denials: Iterable[Denial], place: int) -> bool:
    return any(place in d.reach or 0 <= place - d.at <= _BEHIND for d in denials)


def counts_differ(setting: Setting, window: Window, there: Sequence[Denial]) -> int:
    """By how many outright denials the claim and the matched stretch of the window differ."""
    within = columns(setting, window)
    strengths = setting.strengths[:, within]
    if not strengths.size:
        return 0
    matched = within.start + strengths.argmax(axis=1)[strengths.max(axis=1) >= _SAME_WORD]
    low, high = (int(matched.min()), int(matched.max())) if len(matched) else (0, -1)
    near = sum(d.outright and low - 2 <= d.at <= high + 2 for d in there)
    return abs(sum(d.outright for d in setting.claim.denials) - near)
