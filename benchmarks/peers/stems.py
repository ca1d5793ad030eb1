"""Snowball's stems for mixed text: Arabic ones for words in Arabic letters, else English ones.

For peers that let one choose how BM25 sees words; their own choice is English alone. Needs
PyStemmer, which their guides use, and nothing of Isnad.
"""

import re
from collections.abc import Sequence

import Stemmer

_ARABIC = Stemmer.Stemmer("arabic")
_ENGLISH = Stemmer.Stemmer("english")
# Short vowels and the stroke that stretches words are not looked for by anybody.
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
WORD = "[\\w\u064b-\u0652\u0670]+"
"""A word, its marks included, as a regular expression."""


def stem(word: str) -> str:
    """The stem of a lower-case word."""
    bare = _MARKS.sub("", word)
    return (_ARABIC if "\u0600" <= bare[:1] <= "\u06ff" else _ENGLISH).stemWord(bare)


def stems(text: str) -> list[str]:
    """The stems of all words of a text, in order."""
    return [stem(word) for word in re.findall(WORD, text.lower())]


class Stems:
    """What PyStemmer's `Stemmer` is to its callers."""

    def stemWords(self, words: Sequence[str]) -> list[str]:  # noqa: N802
        """The stem of each word."""
        return [stem(word) for word in words]

    def __call__(self, words: Sequence[str]) -> list[str]:
        """The same; bm25s calls its stemmers so."""
        return self.stemWords(words)
