"""Which language a text is in: by script, then by the function words of each language.

Good for the languages listed here on texts of a few words; anything else Latin or Arabic is
given the nearest of them, any other script is ``und`` (ISO 639-2, undetermined).
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rag.corpus.text import words

FUNCTION_WORDS = {
    "en": "the of and to in is was were are be by for with on at from that this these those it its"
    " as an a or not which who whom whose what when where why how did does do has have had can"
    " could would should will may many much more than between after before about into over under"
    " i you he she they we there their his her any some other than such if but so because",
    "fr": "le la les un une des du de et en est sont ete etait etaient a au aux pour par sur dans"
    " avec que qui quoi dont ou ce cet cette ces il elle ils elles on nous vous je son sa ses leur"
    " leurs ne pas plus moins selon entre apres avant comment pourquoi quand quel quelle quels"
    " quelles combien se sans y l d qu n s c j m t si mais donc car comme aussi ont avait fait",
    "es": "el la los las un una unos de del y en es son fue fueron ser por para con que quien como"
    " cuando donde cual cuales cuanto cuantos al lo su sus se no mas pero entre sobre segun a este"
    " esta estos estas ha han habia porque si sin ya muy tambien e u o",
    "de": "der die das ein eine einer eines einem einen und in ist sind war waren wurde wurden von"
    " zu mit auf fur im am an bei nach aus dem den des nicht wer was wann wo warum wie welche"
    " welcher welches wieviele sich auch als es sie er wir ihr hat haben hatte oder aber uber"
    " durch",
    "tr": "ve bir bu da de ile icin ne kim nerede ne zaman kac hangi nasil neden olan olarak gibi"
    " daha en cok var yok mi midir dir olduğu hangisi kadar sonra once ama veya ya",
}
# Latin letters used for Arabic («Arabizi») mix digits into words for the sounds Latin lacks.
_ARABIZI = re.compile(r"(?<![^\W_])(?=[a-z]*[2356789][a-z]|[2356789][a-z]{2})[a-z2356789]{3,}")
ARABIZI_WORDS = frozenset(
    "el al fi fe men min eh meen mn wein feen leh lesh lih kif keef ezay izzay shu shou wach wesh"
    " chkoun chnowa kifash 3la ala ma mesh mish msh mch elli lli illi bta3 taa3 dyal hal hay kam"
    " wel wal bel ya da di dah w ana enta howa howwa heyya w la chkun dial mta3 ta3 chno chnou"
    " chnouma chnuwa bech kifach ghadi wela wella wash emta imta kanet kanu lazem belli kolchi"
    " barcha bezzaf 3lach 3lech ch7al 9addech 9adech alli yalli mouch mush makanch".split()
)
# Function words tell nothing sure of a shorter passage.
_SHORTEST_PASSAGE = 40
_DIGIT = re.compile("[2356789]")
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_PERSIAN = re.compile("[پچژگکی]")
_PERSIAN_WORDS = frozenset("که است این را از به در با برای آن می های شد بود".split())
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")
# Of the characters below this code, which most are.
_PLANE = 0x10000
_PATTERNS = {1: _LETTER, 2: _ARABIC, 4: _LATIN}
_WORDS = {language: frozenset(text.split()) for language, text in FUNCTION_WORDS.items()}
_TELLING = ARABIZI_WORDS.union(*_WORDS.values())


def language_of(text: str, tokens: Sequence[str] | None = None) -> str:
    """ISO 639-1 code of the language most of ``text`` is in, or ``und``; ``tokens`` are its folded
    words where they are known."""
    letters, arabic, latin = _letters(text)
    if not letters:
        return "und"
    if arabic * 2 >= letters:
        return _arabic_script(text)
    if latin * 2 < letters - arabic:
        return "und"
    return _latin_script(text, words(text) if tokens is None else tokens)


def _letters(text: str) -> tuple[int, int, int]:
    """How many characters of the text are letters, Arabic and Latin."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    counts = np.bincount(_kinds()[codes], minlength=sum(_PATTERNS) + 1).tolist()
    letters, arabic, latin = (
        sum(count for kinds, count in enumerate(counts) if kinds & kind) for kind in _PATTERNS
    )
    # Few texts have any beyond the first plane, where no Arabic or Latin is that is looked for.
    beyond = "" if len(codes) == len(text) else "".join(c for c in text if ord(c) >= _PLANE)
    return letters + len(_LETTER.findall(beyond)), arabic, latin


@cache
def _kinds() -> NDArray[np.uint8]:
    """(_PLANE,): for each character the sum of the `_PATTERNS` that it matches."""
    kinds = np.zeros(_PLANE, np.uint8)
    plane = "".join(map(chr, range(_PLANE)))
    for kind, pattern in _PATTERNS.items():
        kinds[[ord(char) for char in pattern.findall(plane)]] |= kind
    return kinds


def passage_language(text: str, article_language: str, tokens: Sequence[str]) -> str:
    """The language of a passage, with its folded words, of an article: the article's own, unless
    it is clearly another one, by its script or by many function words."""
    language = language_of(text, tokens) if len(text) >= _SHORTEST_PASSAGE else "und"
    if language in ("und", article_language):
        return article_language
    here, there = (
        sum(t in _WORDS.get(code, ()) for t in tokens) for code in (language, article_language)
    )
    same_script = language in _WORDS and article_language in _WORDS
    return language if not same_script or here >= max(3, 2 * there) else article_language


def _arabic_script(text: str) -> str:
    if not _PERSIAN.search(text):
        return "ar"
    persian = sum(word in _PERSIAN_WORDS for word in text.split())
    return "fa" if persian >= 1 + len(text.split()) // 20 else "ar"


def _latin_script(text: str, tokens: Sequence[str]) -> str:
    telling = [*filter(_TELLING.__contains__, tokens)]
    counts = {lang: sum(map(known.__contains__, telling)) for lang, known in _WORDS.items()}
    mixed = len(_ARABIZI.findall(text.lower())) if _DIGIT.search(text) else 0
    arabizi = 2 * mixed + sum(map(ARABIZI_WORDS.__contains__, telling))
    best = max(counts, key=lambda lang: counts[lang])
    if arabizi > max(1, counts[best]):
        return "ar"
    return best if counts[best] else "en"
