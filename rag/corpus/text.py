"""One normaliser and one tokenizer, for questions and articles alike.

`fold` unifies what writers of one word write differently; `words` cuts a folded text; `stem`
takes Arabic clitics and endings off (light stemming after Larkey, Ballesteros and Connell 2002,
«light10», with the attached pronouns added); `grams` gives the character 4-grams of a word, which
match across inflection and misspelling (McNamee and Mayfield 2004).
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

# Part of the index's manifest: raise it whenever a token of any text could change.
TEXT_TREATMENT = "fold1-light10-4gram"

GRAM = 4
# A longer stretch without white space is not kept for when it is met again.
_LONGEST_KEPT = 40
_MOST_KEPT = 200_000

_LETTERS = {
    **dict.fromkeys("أإآٱٲٳ", "ا"),
    **dict.fromkeys("ىیۍېے", "ي"),
    **dict.fromkeys("ةۃۀ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ہھە", "ه"),
    "ؤ": "و",
    "ئ": "ي",
    "ـ": "",
}
_WORD = re.compile(r"[^\W_]+")
_GROUPED_DIGITS = re.compile(r"(?<![\d.,٬،])(\d{1,3})((?:[.,٬\u00a0\u202f]\d{3})+)(?![\d.,]*\d)")
_ARABIC = re.compile("[\u0621-\u064a]")

_PREFIXES = ("وبال", "وكال", "فبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال")
_ENDINGS = ("كما", "هما", "تين", "تان", "ات", "ان", "ون", "ين", "وا", "نا", "ها", "هم", "هن", "كم",
            "يه", "ته", "تي", "ه", "ي", "ت", "ا")  # fmt: skip
_ENDINGS_BY_LAST = {
    last: tuple(e for e in _ENDINGS if e[-1] == last) for last in {e[-1] for e in _ENDINGS}
}


def fold(text: str) -> str:
    """``text`` with one writing for each letter: NFKC, no marks, no case, ASCII digits.

    Digit groups are joined (``10.000``, ``1,200``, ``١٬٢٠٠`` -> ``10000``, ``1200``, ``1200``).
    Control and format characters (bidi marks, zero-width, lone surrogates) become spaces or go.
    """
    composed = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED)
    plain = unicodedata.normalize("NFKD", composed)
    if plain != composed:
        plain = plain.translate(_FOLDED)
    return _GROUPED_DIGITS.sub(lambda m: m[1] + re.sub(r"\D", "", m[2]), plain)


class _FoldTable(dict[int, str]):
    """A table for ``str.translate`` that works out a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_char(chr(code))
        return folded


def _fold_char(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category in ("Mn", "Cf"):
        # A hamza or madda that NFKD has split off its letter goes with the other marks.
        return ""
    return " " if category in ("Cc", "Cs") else char


_FOLDED = _FoldTable()


Made = TypeVar("Made")


class _Met(dict[str, Made], Generic[Made]):
    """What is made of a stretch without white space, worked out when it is first met. Forgets all
    when it is full, which costs less than to remember what was met when."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make

    def __missing__(self, stretch: str) -> Made:
        made = self._make(stretch)
        if len(stretch) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[stretch] = made
        return made


def _words_in(stretch: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(stretch)))


_WORDS = _Met(_words_in)


def words(text: str) -> list[str]:
    """The words of a text, folded, in order: runs of letters and digits of any script.

    White space parts words and nothing is folded across it, so that each stretch between it is
    folded by itself: most were met before.
    """
    return [*chain.from_iterable(map(_WORDS.__getitem__, text.split()))]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The light stem of one folded word; a word of another script comes back as it is."""
    if not _ARABIC.match(word):
        return word
    stemmed = word
    if stemmed.startswith("و") and len(stemmed) > 3:
        stemmed = stemmed[1:]
    for prefix in _PREFIXES:
        if stemmed.startswith(prefix) and len(stemmed) - len(prefix) >= 3:
            stemmed = stemmed[len(prefix) :]
            break
    else:
        if stemmed[0] in "بلف" and len(stemmed) > 4:
            stemmed = stemmed[1:]
    for _ in range(2):
        stemmed = _without_ending(stemmed)
    return stemmed


def _without_ending(word: str) -> str:
    for ending in _ENDINGS_BY_LAST.get(word[-1], ()):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=200_000)
def grams(word: str) -> tuple[str, ...]:
    """The character 4-grams of one folded word, without its article; a short word is its own."""
    bare = word[2:] if word.startswith("ال") and len(word) > GRAM else word
    if len(bare) <= GRAM:
        return (bare,)
    return tuple(bare[n : n + GRAM] for n in range(len(bare) - GRAM + 1))


def stems(tokens: Iterable[str]) -> list[str]:
    """The stem of every word, in order."""
    return [stem(word) for word in tokens]


def all_grams(tokens: Iterable[str]) -> list[str]:
    """The 4-grams of every word, in order."""
    return [gram for word in tokens for gram in grams(word)]


class Analysis(NamedTuple):
    """All that the index makes of a text's words: ``words`` as by `words`, their ``stems`` and
    ``grams`` white-space separated, and ``hashes``, the CRC-32 of each (four bytes, little-endian).
    """

    words: list[str]
    stems: str
    grams: str
    hashes: bytes


_Analysed = tuple[tuple[str, ...], str, str, bytes]


def _analyse(stretch: str) -> _Analysed | None:
    """What an `Analysis` has of a stretch, if there are words in it."""
    if not (found := _words_in(stretch)):
        return None
    hashes = (zlib.crc32(w.encode("utf-8", "surrogatepass")).to_bytes(4, "little") for w in found)
    return found, " ".join(stems(found)), " ".join(all_grams(found)), b"".join(hashes)


_ANALYSED = _Met(_analyse)


def analysed(text: str) -> Analysis:
    """The analysis of a text: as `words`, `stem` and `grams` have it, but looked up once for each
    stretch between white space, and not once a word for each of these."""
    found = zip(*filter(None, map(_ANALYSED.__getitem__, text.split())), strict=True)
    words, stems, grams, hashes = tuple(found) or ((), (), (), ())
    joined = b"".join(hashes)
    return Analysis([*chain.from_iterable(words)], " ".join(stems), " ".join(grams), joined)
