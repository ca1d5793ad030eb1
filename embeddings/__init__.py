"""Text to unit vectors. Knows nothing of articles.

`load_encoder(EMBEDDED)` gives the small model that is shipped in this package; any other name is
a folder, or a model of the Hugging Face hub, and goes through sentence-transformers.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from embeddings.encoder import Encoder, ModelUnavailable, Slice, Vectors

__all__ = [
    "EMBEDDED",
    "Encoder",
    "ModelUnavailable",
    "encode_chunks",
    "is_light",
    "load_encoder",
]

EMBEDDED = "isnad-static-v1"
"""Name of the model in `embeddings/model/`."""

MODEL_FOLDER = Path(__file__).parent / "model"


def load_encoder(name: str, *, device: str | None = None) -> Encoder:
    """The encoder called `name`; raises `ModelUnavailable` when it cannot be had.

    `device` ("cpu", "cuda", "mps"; None: the best there is) counts for transformer models only.
    """
    if name == EMBEDDED:
        return _embedded()
    from embeddings.sentence import load_sentence_encoder

    return load_sentence_encoder(name, device=device)


@cache
def _embedded() -> Encoder:
    """Read once in a process, whatever is opened, closed and opened again in it."""
    from embeddings.static import load_static

    return load_static(MODEL_FOLDER, name=EMBEDDED)


def is_light(encoder: Encoder) -> bool:
    """Whether `encoder` is so small and fast that each process may well have one of its own."""
    from embeddings.static import StaticEncoder

    return isinstance(encoder, StaticEncoder)


def encode_chunks(
    encoder: Encoder, texts: Sequence[str], parts: Sequence[Sequence[Slice]]
) -> tuple[Vectors, Vectors]:
    """The vectors of ``texts``, as passages, and those of the ``parts`` of each, all in a row.

    No part of a text overlaps another one.
    """
    from embeddings.static import StaticEncoder

    if isinstance(encoder, StaticEncoder):
        return encoder.encode_chunks(texts, parts)
    of_parts = [text[a:b] for text, some in zip(texts, parts, strict=True) for a, b in some]
    rows = {text: n for n, text in enumerate(dict.fromkeys([*texts, *of_parts]))}
    vectors = encoder.encode_passages(list(rows))
    return vectors[[rows[t] for t in texts]], vectors[[rows[t] for t in of_parts]]
