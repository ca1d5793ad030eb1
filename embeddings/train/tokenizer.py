"""The tokenizer: Unigram pieces over folded text. All folding lives in the tokenizer file itself.

Unigram: Kudo 2018, "Subword Regularization". The Arabic article and what is written together
with it are split from the word, so that one stem has one piece with and without them: the light
stemming of Larkey et al. 2002, as far as it is safe before training.
"""

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

UNKNOWN = "[UNK]"
SERVED_SCRIPTS_END = 0x0780
"""Code points below: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Syriac."""

LONGEST_WORD = 24
"""Letters of the longest word that may be a piece of its own."""

LETTERS = {
    "[ىیېےۍ]": "ي",
    "[ةہھەۃ]": "ه",
    "[کڪ]": "ك",
    "ٱ": "ا",
    "ı": "i",
    "ß": "ss",
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
}
"""Letter forms that are one letter to a reader, after decomposition (which already takes the
hamza and madda off alef, waw and ya, and the accents off Latin letters)."""

DROPPED = "[\u0640\u00ad\u200d\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]"
"""Tatweel, soft hyphen, zero-width joiner and the marks of direction."""

WORD = (
    r"(?<![\p{L}\p{N}])[وف]?(?:ال|[بك]ال|لل)(?=[\x{0621}-\x{064A}]{3})"
    r"|[\p{L}\p{N}\p{M}]+"
)
"""A word; or the Arabic article with the conjunctions and prepositions written onto it."""


def digit_forms(value: int) -> str:
    """A character class of the digits with this value in every script but ASCII."""
    every = (chr(code) for code in range(128, 0x1FBFA))
    return "[" + "".join(c for c in every if unicodedata.decimal(c, -1) == value) + "]"


def untrained_tokenizer() -> Any:
    """A `tokenizers.Tokenizer` with the folding in place and no pieces yet."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram())
    letters = [normalizers.Replace(Regex(old), new) for old, new in LETTERS.items()]
    digits = [normalizers.Replace(Regex(digit_forms(value)), str(value)) for value in range(10)]
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(DROPPED), ""),
            *letters,
            *digits,
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD), "removed", invert=True),
            pre_tokenizers.Metaspace(prepend_scheme="always", split=False),
        ]
    )
    return tokenizer


def train_tokenizer(
    texts: Mapping[str, Sequence[str]], *, pieces: int, subwords: int, progress: bool = False
) -> Any:
    """A tokenizer of `pieces` pieces for the texts of each language. Deterministic.

    The most frequent words of all languages are pieces as a whole: a static model has one vector
    a piece and no context to put word parts together with. `subwords` are trained (Unigram) on
    the words that are left, each once, so that they serve those.
    """
    from tokenizers import models, trainers

    tokenizer = untrained_tokenizer()
    words = weighed_words(tokenizer, texts)
    whole = dict(words[: pieces - subwords])
    trainer = trainers.UnigramTrainer(
        vocab_size=subwords,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=16,
        show_progress=progress,
    )
    rest = (word[1:] for word, _ in words[len(whole) :] if word[1:].isalpha())
    tokenizer.train_from_iterator(rest, trainer)
    parts = dict(json.loads(tokenizer.to_str())["model"]["vocab"])
    scores = {piece: score for piece, score in parts.items() if _readable(piece)}
    scores |= {word: score / 2 for word, score in whole.items()}
    tokenizer.model = models.Unigram(list(scores.items()), 0, False)
    return tokenizer


def _readable(piece: str) -> bool:
    """Whether a piece belongs to a script that is served (or is the unknown piece)."""
    letters = piece.strip("▁")
    return all(ord(letter) < SERVED_SCRIPTS_END for letter in letters)


def weighed_words(tokenizer: Any, texts: Mapping[str, Sequence[str]]) -> list[tuple[str, float]]:
    """All words met at least twice, the most frequent first, with the logarithm of their share.

    A language's words are counted against its own texts and weighed by the square root of how
    much text it has, so that small languages keep a share of the pieces.
    """
    weighed: Counter[str] = Counter()
    for part in texts.values():
        counts = Counter(word for text in part for word in words_of(tokenizer, text))
        total = max(counts.total(), 1)
        for word, times in counts.items():
            if times > 1 and len(word) <= LONGEST_WORD and _readable(word):
                weighed[word] += times / total * total**0.5
    everything = sum(weighed.values())
    best = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))
    return [(word, math.log(weight / everything)) for word, weight in best]


def words_of(tokenizer: Any, text: str) -> list[str]:
    """The folded words of a text, as the tokenizer sees them before it looks for pieces."""
    folded = tokenizer.normalizer.normalize_str(text)
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(folded)]
