"""Rows of the store as they are written: with checksums (CRC-32), as SQLite has none.

Vectors are numbers of half precision: a cosine is the same to three digits, in half the room.
"""

import json
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.corpus.sounds import TELLING, sound
from rag.errors import IndexDamaged
from rag.records import Chunk, Document

SEAL_BYTES = 4
_HALF = np.dtype("<f2")

Row = tuple[object, ...]


def article_row(document: Document) -> Row:
    """The columns of ``articles`` but for the path."""
    article, text = document.article, document.text
    row = (
        article.id, article.filename, article.language, article.title, article.author,
        article.publisher, article.published, article.url, json.dumps(dict(article.provenance)),
        json.dumps([[r.kind, r.count, r.lines] for r in article.repairs]),
        json.dumps(article.page_starts),
    )  # fmt: skip
    return (*row, crc(*row), text, crc(text))


def chunk_row(
    chunk: Chunk,
    language: str,
    text: str,
    vector: NDArray[np.float32],
    part_vectors: NDArray[np.float32],
) -> Row:
    """The columns of ``chunks`` but for the id.

    Args:
        text: the chunk's words.
        vector: (dim,), of length 1.
        part_vectors: (parts, dim), rows of length 1; both are rounded to half precision.
    """
    parts = json.dumps([[p.start, p.end] for p in chunk.parts])
    row = (chunk.article_id, chunk.span.start, chunk.span.end, parts, language)
    vectors = halves(part_vectors)
    return (*row, sealed(halves(vector)), vectors, chunk_crc(*row, vectors, text))


def word_rows(words: Sequence[str], vectors: NDArray[np.float32]) -> list[Row]:
    """The columns of ``vocabulary`` but for the id, of folded words and their vectors (n, dim)."""
    return [
        (word, telling_sound(word), sealed(half.tobytes(), word))
        for word, half in zip(words, vectors.astype(_HALF), strict=True)
    ]


def halves(vectors: NDArray[np.float32]) -> bytes:
    """Vectors as they are stored."""
    return vectors.astype(_HALF).tobytes()


def from_halves(data: bytes) -> NDArray[np.float32]:
    """The numbers of the vectors that `halves` stored, in a row."""
    return np.frombuffer(data, _HALF).astype(np.float32)


def telling_sound(word: str) -> str:
    """How a folded word sounds, if that is enough to tell it by; else nothing."""
    heard = sound(word)
    return heard if len(heard) >= TELLING else ""


def crc(*values: object) -> int:
    """The checksum of columns."""
    return zlib.crc32("\0".join(map(str, values)).encode("utf-8", "surrogatepass"))


def chunk_crc(
    article: str, start: int, end: int, parts: str, language: str, vectors: bytes, text: str
) -> int:
    """The checksum of a chunk's columns and words."""
    return zlib.crc32(vectors, crc(article, start, end, parts, language, text))


def sealed(data: bytes, key: str = "") -> bytes:
    """``data`` with a checksum of it and its key behind it."""
    return data + zlib.crc32(data, zlib.crc32(key.encode())).to_bytes(SEAL_BYTES, "little")


def unsealed(data: bytes, what: str, key: str = "") -> bytes:
    """What was sealed.

    Raises:
        IndexDamaged: it is not what was sealed.
    """
    content = data[:-SEAL_BYTES]
    if sealed(content, key) != data:
        raise damaged(what)
    return content


def damaged(what: str) -> IndexDamaged:
    """The error of something that is not what was written."""
    return IndexDamaged(f"{what} is damaged in the index; repair it with: isnad index")
