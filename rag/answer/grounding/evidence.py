"""What speaks for and against a stretch of a passage carrying a claim, as named numbers."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answer.grounding.claims import Claim, Text
from rag.answer.grounding.opposites import opposites
from rag.answer.grounding.polarity import Denial
from rag.answer.grounding.verdict import Failing
from rag.corpus.quantities import Quantity
from rag.corpus.stopwords import STOPWORDS
from rag.corpus.text import words

MOST_PARTS = 3
"""Consecutive parts of a passage that carry a claim together."""
# A word counts as matched, or as the very same, from these strengths on.
_MATCHED = 0.4
_SURE = 0.8
_SAID = 0.5
# A negator bears on a word this many words away, whatever stands between.
_NEAR = 4
_DUAL = ("ان", "ين")


@dataclass(frozen=True, slots=True)
class Setting:
    """A passage with a claim laid over it: ``strengths`` (content, words), and for what is known
    of its article (title, author, publisher, date) ``known`` (content,) and its ``values``."""

    claim: Claim
    text: Text
    strengths: NDArray[np.float32]
    known: NDArray[np.float32]
    known_values: frozenset[str]
    cross: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Parts ``first`` to ``last`` (inclusive) of a passage."""

    first: int
    last: int


def windows(setting: Setting, most: int) -> list[Window]:
    """The at most ``most`` stretches that match the claim best, short ones preferred."""
    count = len(setting.text.parts)
    every = [
        Window(first, last)
        for first in range(count)
        for last in range(first, min(first + MOST_PARTS, count))
    ]
    return sorted(every, key=lambda w: -_promise(setting, w))[:most]


def _promise(setting: Setting, window: Window) -> float:
    best = _best(setting, window)
    found = len(setting.claim.quantities) - len(unmet(setting, window))
    extra = 0.35 * (window.last - window.first)
    return float(best.sum()) + found - extra


def _columns(setting: Setting, window: Window) -> slice:
    bounds = setting.text.bounds
    return slice(int(bounds[window.first]), int(bounds[window.last + 1]))


def _best(setting: Setting, window: Window) -> NDArray[np.float32]:
    best: NDArray[np.float32] = setting.strengths[:, _columns(setting, window)].max(
        axis=1, initial=0.0
    )
    return best


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
    columns = _columns(setting, window)
    if "2" not in quantity.values or not after or columns.start == columns.stop:
        return False
    row = setting.strengths[after[0], columns]
    noun = setting.text.words[columns.start + int(row.argmax())]
    return float(row.max()) >= _MATCHED and noun.endswith(_DUAL)


def objection(setting: Setting, window: Window) -> Failing | None:
    """What forbids taking the window for a support, whatever else speaks for it."""
    missing = unmet(setting, window)
    if missing:
        return "date" if all(q.is_date for q in missing) else "number"
    if not all(_is_verbatim(quoted, setting.text.words) for quoted in setting.claim.quotations):
        return "quotation"
    if _unknown_source(setting):
        return "source"
    if _missing_names(setting, window):
        return "entity"
    return "negation" if _is_denied(setting, window) else None


def _is_verbatim(quoted: str, there: Sequence[str]) -> bool:
    sought = words(quoted)
    first = [n for n, word in enumerate(there) if word == sought[0]]
    return any(list(there[n : n + len(sought)]) == sought for n in first)


def _somewhere(setting: Setting) -> NDArray[np.float32]:
    best: NDArray[np.float32] = np.maximum(
        setting.strengths.max(axis=1, initial=0.0), setting.known
    )
    return best


def _unknown_source(setting: Setting) -> bool:
    row = {n: row for row, n in enumerate(setting.claim.content)}
    there = _somewhere(setting)
    told = ([there[row[n]] for n in source] for source in setting.claim.sources)
    return any(float(np.mean(strength)) < _SAID for strength in told)


def _missing_names(setting: Setting, window: Window) -> int:
    best = np.maximum(_best(setting, window), setting.known)
    return sum(
        n in setting.claim.named and best[row] < _MATCHED
        for row, n in enumerate(setting.claim.content)
    )


def _window_denials(setting: Setting, window: Window) -> list[Denial]:
    """The denials of a window, by places in the words of the passage."""
    shifted: list[Denial] = []
    for part in range(window.first, window.last + 1):
        start = int(setting.text.bounds[part])
        for denial in setting.text.denials[part]:
            reach = tuple(n + start for n in denial.reach)
            shifted.append(Denial(denial.at + start, reach, denial.outright))
    return shifted


def _is_denied(setting: Setting, window: Window) -> bool:
    """Whether one of claim and window denies outright what the other says without any denial."""
    there = _window_denials(setting, window)
    if any(d.outright for d in setting.claim.denials) and not there:
        return True
    return not setting.claim.denials and _denied_there(setting, there, _SURE) > 0


def _denied_there(setting: Setting, there: Iterable[Denial], least: float) -> int:
    """How many outright denials of the window bear on a word that the claim says undenied."""
    said = setting.claim.denials
    count = 0
    for denial in there:
        for column in denial.reach[:1] if denial.outright else ():
            row = int(setting.strengths[:, column].argmax())
            place = setting.claim.content[row]
            matched = setting.strengths[row, column] >= least
            count += bool(matched) and not _bears_on(said, place)
    return count


def _denied_here(setting: Setting, window: Window, there: Sequence[Denial]) -> int:
    """How many outright denials of the claim bear on a word that the window says undenied."""
    rows = {n: row for row, n in enumerate(setting.claim.content)}
    columns = _columns(setting, window)
    count = 0
    for denial in setting.claim.denials:
        places = [rows[n] for n in denial.reach if n in rows]
        if not denial.outright or not places:
            continue
        strengths = setting.strengths[places, columns]
        matched = [columns.start + int(s.argmax()) for s in strengths if s.max() >= _MATCHED]
        count += bool(matched) and not any(_bears_on(there, column) for column in matched)
    return count


def _bears_on(denials: Iterable[Denial], place: int) -> bool:
    return any(place in d.reach or abs(place - d.at) <= _NEAR for d in denials)


def features(setting: Setting, window: Window) -> dict[str, float]:
    """The named numbers of a window; all are defined in the code below, shares lie in 0..1."""
    best = _best(setting, window)
    order = np.sort(best) if len(best) else np.ones(1, np.float32)
    somewhere = _somewhere(setting)
    missing = int((best < _MATCHED).sum())
    said = _said_back(setting, window)
    there = _window_denials(setting, window)
    columns = _columns(setting, window)
    cosines = setting.text.part_vectors[window.first : window.last + 1] @ setting.claim.vector
    count = max(len(best), 1)
    return {
        "cover": float(best.mean()) if len(best) else 0.0,
        "sure": float((best >= _SURE).sum()) / count,
        "missing": missing / count,
        "missing_words": math.log1p(missing),
        "missing_elsewhere": float((somewhere < _MATCHED).sum()) / count,
        "worst": float(order[0]),
        "second_worst": float(order[min(1, len(order) - 1)]),
        "third_worst": float(order[min(2, len(order) - 1)]),
        "said_back": said,
        "copied_but_for": said * min(missing, 2),
        "cosine": float(cosines.max()),
        "names_missing": min(_missing_names(setting, window), 2),
        "denied_here": min(_denied_here(setting, window, there), 2),
        "denied_there": min(_denied_there(setting, there, _SAID), 2),
        "denials_differ": abs(
            sum(d.outright for d in setting.claim.denials) - sum(d.outright for d in there)
        ),
        "opposites": min(opposites(setting.claim.words, setting.text.words[columns]), 2),
        "counted": min(len(setting.claim.quantities), 3),
        "length": math.log(count),
        "more_parts": window.last - window.first,
    }


def _said_back(setting: Setting, window: Window) -> float:
    """The share of the window's own content words that the claim says too."""
    columns = _columns(setting, window)
    told = [
        n
        for n in range(columns.start, columns.stop)
        if setting.text.words[n] not in STOPWORDS and not setting.text.words[n].isdigit()
    ]
    if not told or not len(setting.strengths):
        return 0.0
    return float((setting.strengths[:, told].max(axis=0) >= _SAID).mean())
