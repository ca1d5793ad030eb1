"""How a word sounds, roughly and in any of two scripts: its consonants, one sign for each group.

A name is spelt by ear when it crosses from Arabic into Latin letters or back («بلينكن», Blinken),
and so is the chat alphabet («5ara2et», خرائط). What survives is the order of the consonants, as
in the phonetic codes of old (Soundex; for Arabic Aqeel et al. 2006, "On the development of name
search techniques for Arabic"). Signs: b t g h d z r s c (sh, ch) f k l m n w.
"""

import re
from functools import lru_cache

_ARABIC = {
    "تش": "c",
    **dict.fromkeys("بپ", "b"),
    **dict.fromkeys("تطث", "t"),
    **dict.fromkeys("جغگ", "g"),
    **dict.fromkeys("حخه", "h"),
    **dict.fromkeys("دضذ", "d"),
    **dict.fromkeys("زظ", "z"),
    **dict.fromkeys("سص", "s"),
    **dict.fromkeys("شچ", "c"),
    **dict.fromkeys("فڤ", "f"),
    **dict.fromkeys("قك", "k"),
    "ر": "r",
    "ل": "l",
    "م": "m",
    "ن": "n",
}
_LATIN = {
    **dict.fromkeys(("tch", "sch", "sh", "ch"), "c"),
    **dict.fromkeys(("ph", "f", "v"), "f"),
    **dict.fromkeys(("dj", "gh", "j", "g", "8"), "g"),
    **dict.fromkeys(("kh", "h", "5", "7"), "h"),
    **dict.fromkeys(("th", "t", "6"), "t"),
    **dict.fromkeys(("dh", "d"), "d"),
    **dict.fromkeys(("ce", "ci", "cy", "s"), "s"),
    **dict.fromkeys(("ck", "c", "k", "q", "9"), "k"),
    **dict.fromkeys("bp", "b"),
    "x": "ks",
    **dict(zip("zrlmn", "zrlmn", strict=True)),
}
_SIGNS = _ARABIC | _LATIN
TELLING = 3
"""Signs that a sound needs to tell one word from another."""
# Longest spellings first; a vowel, a glide or the letter for a glottal stop is silent here.
_SPELLING = re.compile("|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)) + "|.")
_ARTICLE = re.compile("[وف]?(?:ال|[بك]ال|لل)(?=..)")
_DOUBLED = re.compile(r"(.)\1+")
_LATIN_WORD = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*")


def is_latin(word: str) -> bool:
    """Whether a folded word is written in Latin letters (digits may stand for sounds)."""
    return bool(_LATIN_WORD.fullmatch(word))


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """The consonants of a folded word; an Arabic one without its article and silent last letter.

    A glide counts where it begins the word («واشنطن», Washington: wcntn, wcngtn).
    """
    if word.isdigit():
        return ""
    spoken = word if is_latin(word) else _ARTICLE.sub("", word, count=1).removesuffix("ه")
    first = "w" if spoken[:1] in ("و", "w") else ""
    signs = "".join(_SIGNS.get(spelt, "") for spelt in _SPELLING.findall(spoken))
    return _DOUBLED.sub(r"\1", first + signs)


@lru_cache(maxsize=100_000)
def sound_alike(one: str, other: str) -> float:
    """How alike two sounds are, 0..1: 1 where they are equal, less with one sign too many or
    another one; fewer than `TELLING` signs are alike to nothing."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < TELLING or len(longer) - len(shorter) > 1 or one[0] != other[0]:
        return 0.0
    if one == other:
        return 1.0
    return 1 - 1.5 / len(longer) if _one_edit(shorter, longer) else 0.0


def _one_edit(shorter: str, longer: str) -> bool:
    """Whether one sign inserted or replaced makes ``longer`` of ``shorter``."""
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), -1)
    skip = len(shorter) == len(longer)
    return at < 0 or shorter[at + skip :] == longer[at + 1 :]
