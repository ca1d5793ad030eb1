"""BM25 as an inner product: what a passage weighs in its tokens, times what a question asks for.

The formula is that of Robertson and Zaragoza (2009) with tantivy's constants, over the same fields
(`rag.index.lexical`). How often a token stands in a passage is weighed when the passage is written,
how rare the token is when it is asked for, so that a growing index needs no passage written anew;
but lengths are measured against the mean of the passages that were there when the copy was begun.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

_K1, _B = 1.2, 0.75
_DIMENSIONS = 2**32 - 2

Fields = Mapping[str, Sequence[str]]


def term(field: str, token: str) -> int:
    """The dimension of a token in a field."""
    return zlib.crc32(f"{field} {token}".encode("utf-8", "surrogatepass")) % _DIMENSIONS


def mean_lengths(passages: Iterable[Fields]) -> dict[str, float]:
    """The mean number of tokens in each field of ``passages``."""
    lengths: Counter[str] = Counter()
    count = 0
    for fields in passages:
        count += 1
        lengths.update({field: len(tokens) for field, tokens in fields.items()})
    return {field: total / count for field, total in lengths.items()}


def passage_weights(fields: Fields, means: Mapping[str, float]) -> dict[int, float]:
    """A passage's weights, above 0, by dimension."""
    weights: dict[int, float] = {}
    for field, tokens in fields.items():
        longer = _kept_length(len(tokens)) / (means.get(field) or 1.0)
        norm = _K1 * (1 - _B + _B * longer)
        for token, times in Counter(tokens).items():
            weights[term(field, token)] = times * (_K1 + 1) / (times + norm)
    return weights


def _kept_length(length: int) -> int:
    """A length as tantivy, like Lucene, keeps it in a byte: of what is above 24, four binary
    digits."""
    above = length - 24
    if above < 16:
        return length
    dropped = above.bit_length() - 4
    return 24 + (above >> dropped << dropped)


def idf(passages: int, having: int) -> float:
    """Inverse document frequency, 0 or more, of what ``having`` of ``passages`` have."""
    return math.log1p((passages - having + 0.5) / (having + 0.5))
