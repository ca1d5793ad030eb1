"""Make the list of ordinary words by which the check tells names: Arabic has no capitals, and at
the beginning of a sentence neither English nor French ones say anything.

    python -m benchmarks.grounding.naming DATA [--write]

Ordinary are Arabic stems whose forms have translations written small, and the words of those
translations and of English and French sentences that are written small (own words and sentences,
TICO-19; all CC0). What is printed is how many names and other words of held-out sentences are
taken for names.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks.grounding import sets
from embeddings.train.data import read_pairs
from rag.corpus.stopwords import STOPWORDS
from rag.corpus.text import stem, words
from rag.corpus.tokens import tokens

LIST = sets.HERE.parents[1] / "rag" / "answer" / "grounding" / "ordinary.txt"

_OFTEN = 3
# How much oftener than small an ordinary word may be written large, in titles for the most part.
_RARELY = 4


def arabic(data: Path) -> Iterator[str]:
    """Stems of Arabic words all of whose French translations are written small."""
    small: dict[str, bool] = {}
    for pair in read_pairs(data / "train" / "own.words.jsonl.xz"):
        if (pair.la, pair.lb) == ("ar", "fr"):
            for word in words(pair.a):
                small[stem(word)] = small.get(stem(word), True) and not _is_large(pair.b)
    yield from (word for word, is_small in small.items() if is_small)


def _is_large(text: str) -> bool:
    return any(char.isupper() for char in text)


def latin(data: Path) -> Iterator[str]:
    """Words written small in translations and sentences, but for those mostly written large."""
    small: dict[str, int] = {}
    large: dict[str, int] = {}
    for name in ("own.words", "own.sentences", "tico19.tico19"):
        for pair in read_pairs(data / "train" / f"{name}.jsonl.xz"):
            for text, lang in ((pair.a, pair.la), (pair.b, pair.lb)):
                for token in tokens(text) if lang in ("en", "fr") else ():
                    counts = large if token.named else small
                    if token.named or token.written.islower():
                        counts[token.word] = counts.get(token.word, 0) + 1
    often = ((w, n) for w, n in small.items() if n >= _OFTEN and w.isalpha())
    yield from (w for w, n in often if _RARELY * n > large.get(w, 0))


def main() -> None:
    """Make the list, print what it tells; see the module's words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    arabic_stems, latin_words = set(arabic(options.data)), set(latin(options.data))
    ordinary = {w for w in arabic_stems | latin_words if len(w) > 1 and w not in STOPWORDS}
    print(len(arabic_stems), "Arabic stems,", len(latin_words), "English and French words")
    if options.write:
        LIST.write_text("\n".join(sorted(ordinary)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
