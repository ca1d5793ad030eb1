"""The tokenizer: Unigram pieces over folded text. All folding lives in the tokenizer file itself.

Unigram: Kudo 2018, "Subword Regularization". The Arabic article and what is written together
with it are split from the word, so that one stem has one piece with and without them: the light
stemming of Larkey et al. 2002, as far as it is safe before training.
"""

import json
import math
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

UNKNOWN = "[UNK]"
SERVED_SCRIPTS_END = 0x0780
"""Code points below: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Syriac."""

LONGEST_WORD = 24
"""Letters of the longest word that may be a piece of its own."""

LETTERS = {
    **dict.fromkeys("ىیېےۍ", "ي"),
    **dict.fromkeys("ةہھەۃ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    "ٱ": "ا",
    "ı": "i",
    "ß": "ss",
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
}
"""Letter forms that are one letter to a reader, after decomposition (which already takes the
hamza and madda off alef, waw and ya, and the accents off Latin letters)."""

DIRECTION_AND_WIDTH = frozenset("\u0640\u00ad\u200d\u200e\u200f\u061c\ufeff") | frozenset(
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
"""Tatweel, soft hyphen, zero-width joiner and the marks of direction: dropped."""

WORD = (
    r"(?<![\p{L}\p{N}])[وف]?(?:ال|[بك]ال|لل)(?=[\x{0621}-\x{064A}]{3})"
    r"|[\p{L}\p{N}\p{M}]+"
)
"""A word; or the Arabic article with the conjunctions and prepositions written onto it."""


def folded(character: str) -> str:
    """What the model reads for one character: decomposed (NFKD), without marks, in lower case,
    with one form of each letter and ASCII digits; empty for what is dropped."""
    if character in DIRECTION_AND_WIDTH:
        return ""
    plain = unicodedata.normalize("NFKD", character)
    return "".join(_one_form(small) for c in plain for small in c.lower())


def _one_form(character: str) -> str:
    if unicodedata.category(character).startswith("M"):
        return ""
    value = unicodedata.decimal(character, None)
    return LETTERS.get(character, character) if value is None else str(value)


def folding_map() -> bytes:
    """`folded` for every character of the alphabets, as SentencePiece's precompiled map.

    One look-up a character instead of a regular expression a rule: tokenizing takes half the
    time. Hangul and Chinese characters, which have no pieces, are left as they are.
    """
    from sentencepiece import SentencePieceNormalizer
    from sentencepiece.sentencepiece_model_pb2 import NormalizerSpec

    rules = {character: folded(character) for character in _alphabets()}
    lines = (f"{ord(c):X}\t{_hexadecimal(to)}\n" for c, to in rules.items() if c != to)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.writelines(lines)
        file.flush()
        made = SentencePieceNormalizer(rule_tsv=file.name)
    spec = NormalizerSpec.FromString(made.serialized_normalizer_spec())
    return bytes(spec.precompiled_charsmap)


def _alphabets() -> Iterator[str]:
    """Every assigned character up to Korean, and after it but for surrogates and private use."""
    for start, end in ((1, 0x3400), (0xFB00, 0x10000), (0x10000, 0x20000)):
        yield from filter(_assigned, map(chr, range(start, end)))


def _assigned(character: str) -> bool:
    return unicodedata.category(character) not in ("Cn", "Co", "Cs")


def _hexadecimal(text: str) -> str:
    return " ".join(f"{ord(character):X}" for character in text)


def untrained_tokenizer() -> Any:
    """A `tokenizers.Tokenizer` with the folding in place and no pieces yet."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Precompiled(folding_map())
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
