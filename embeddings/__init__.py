"""Text to unit vectors. Knows nothing of articles.

`load_encoder(EMBEDDED)` gives the small model that is shipped in this package; any other name is
a folder, or a model of the Hugging Face hub, and goes through sentence-transformers.
"""

from functools import cache
from pathlib import Path

from embeddings.encoder import Encoder, ModelUnavailable

__all__ = ["EMBEDDED", "Encoder", "ModelUnavailable", "is_light", "load_encoder"]

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
