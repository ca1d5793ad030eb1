"""What a text denies: negators of three languages with what they bear on, and opposites.

Scope is shallow, as in NegEx (Chapman et al. 2001): a negator bears on the few words next to it.
Negation is said outright («not», «لم», «ne … pas») or lies in another word («refused», «نفى»).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.corpus.stopwords import STOPWORDS
from rag.corpus.text import stem, words

_OUTRIGHT = frozenset(
    words(
        "not no never without neither nor none nobody nothing cannot nowhere"
        " pas jamais aucun aucune sans ni non nul nulle ne n"
        " لا لم لن ليس ليست ليسوا لست لسنا ليسا دون بدون بلا مش مو موش"
    )
)
# n't, as the words of a text are cut.
_CONTRACTED = frozenset(
    "don didn doesn isn wasn weren aren hasn haven hadn won wouldn couldn shouldn can mustn".split()
)
# Words that deny what stands beside them; by stem, in all their forms.
_WITHIN = frozenset(
    stem(word)
    for word in words(
        "refuse refuses refused refusing refusal deny denies denied denying denial fail fails failed"
        " failing failure reject rejects rejected rejecting rejection lack lacks lacked lacking absence"
        " absent prevent prevents prevented preventing ban bans banned banning forbid forbids forbidden"
        " prohibit prohibits prohibited unable impossible hardly barely scarcely rarely seldom stop"
        " ceased unless unknown unclear insufficient avoid avoids avoided avoiding refrain refrained exclude"
        " excludes excluded excluding except illegal unlikely neglect neglected"
        " refusent refusé refuser refus nie nient nié nier échoue échoué échouer échec rejette rejeté"
        " rejeter rejet manque manquent manqué absente empêche empêché empêcher interdit interdire"
        " interdiction incapable impossible rarement guère inconnu inconnue inconnus inconnues ignore ignorent insuffisant insuffisante évite évité éviter exclu exclure"
        " رفض رفضت يرفض ترفض رفضوا رافض نفى نفت ينفي تنفي نفي فشل فشلت يفشل امتنع امتنعت يمتنع منع منعت"
        " يمنع تمنع ممنوع حظر حظرت يحظر محظور انعدام غياب غاب يفتقر تفتقر افتقار مستحيل استحالة تعذر يتعذر"
        " نادرا قلما استبعد استبعدت يستبعد تجنب يتجنب تجنبت يحرم حرم يستحيل"
        " أنكر ينكر أنكرت غير عدم باستثناء عدا إلا سوى لولا"
    )
)
# Verbs that carry no meaning of their own, between a negator and what it bears on.
_LIGHT = frozenset(words("يتم تتم يكن تكن يكونوا been be being do did does get été être fait"))
# Behind a negator these make «only» of it, or something that denies nothing.
_ONLY = frozenset(words("الا سوى que but only merely solely"))
_IDLE = frozenset(
    ("لا", after) for after in words("يزال تزال يزالون زال بد شك سيما ريب تزالون أزال نزال")
) | frozenset(
    (
        ("not", "only"),
        ("no", "doubt"),
        ("غير", "ان"),
        ("غير", "انه"),
        ("غير", "انها"),
        ("non", "seulement"),
    )
)
_FRENCH_MARKS = frozenset(("ne", "n"))
_FRENCH_SECOND = frozenset(
    words("pas jamais aucun aucune rien personne ni plus guère point nul nulle")
)
_ONLY_WITHIN = 7
_REACH = 4


@dataclass(frozen=True, slots=True)
class Denial:
    """A negator at word ``at``; ``reach`` are the places of the words it may bear on, nearest
    first. ``outright`` is false where it lies within another word."""

    at: int
    reach: tuple[int, ...]
    outright: bool


def denials(text_words: Sequence[str]) -> list[Denial]:
    """The negators among folded words, in order, each once."""
    return list(_denials(text_words))


def _denials(found: Sequence[str]) -> Iterator[Denial]:
    open_until = -1
    for n, word in enumerate(found):
        bare = word[1:] if word[:1] in "وف" and word[1:] in _OUTRIGHT else word
        outright = bare in _OUTRIGHT or (word == "t" and n > 0 and found[n - 1] in _CONTRACTED)
        if outright and n > open_until and not _is_idle(found, n, bare):
            if bare in _FRENCH_MARKS:
                open_until = n + _REACH
            yield Denial(n, _reach(found, n), True)
        elif not outright and (word in _WITHIN or stem(word) in _WITHIN) and not _goes_on(found, n):
            yield Denial(n, (*_reach(found, n), n), False)


def _goes_on(found: Sequence[str], n: int) -> bool:
    """Whether «غير» is that of «غير أن», however."""
    return tuple(found[n : n + 2]) in _IDLE


def _is_idle(found: Sequence[str], n: int, negator: str) -> bool:
    after = found[n + 1 : n + 1 + _ONLY_WITHIN]
    if after and (negator, after[0]) in _IDLE:
        return True
    if negator in _FRENCH_MARKS:
        return _FRENCH_SECOND.isdisjoint(after[:5])
    return negator in ("لا", "لم", "لن", "ليس") and not _ONLY.isdisjoint(after)


def _reach(found: Sequence[str], n: int) -> tuple[int, ...]:
    after = [m for m in range(n + 1, min(n + 1 + 2 * _REACH, len(found))) if _tells(found[m])]
    before = [m for m in range(n - 1, max(n - 3, -1), -1) if _tells(found[m])]
    return tuple(after[:2] or before[:1])


def _tells(word: str) -> bool:
    return word not in STOPWORDS and word not in _OUTRIGHT and word not in _LIGHT
