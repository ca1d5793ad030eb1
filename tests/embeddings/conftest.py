"""Every encoder, loaded once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder


@pytest.fixture(scope="session")
def get_encoder(tiny_folders: dict[str, Path]) -> Callable[[str], Encoder]:
    """Loads each encoder once: `embedded`, `plain`, `e5`, `prompted`, or a folder of the embedded
    model through sentence-transformers (`reference`)."""
    from embeddings import MODEL_FOLDER

    loaded: dict[str, Encoder] = {}
    names = {"embedded": EMBEDDED, "reference": str(MODEL_FOLDER)}
    names |= {key: str(folder) for key, folder in tiny_folders.items()}

    def get(key: str) -> Encoder:
        if key not in loaded:
            loaded[key] = load_encoder(names[key], device="cpu")
        return loaded[key]

    return get
