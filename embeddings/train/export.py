"""Writing a trained table as a model folder that sentence-transformers and `static` both read."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MODULES = "sentence_transformers.sentence_transformer.modules."
MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": _MODULES + "static_embedding.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "",
        "type": "sentence_transformers.base.modules.normalize.Normalize",
    },
]


def principal(
    table: NDArray[np.float32], texts: Sequence[NDArray[np.int64]]
) -> NDArray[np.float32]:
    """The table (pieces, dimension) turned so that the first dimensions say most of `texts` (piece
    ids each). No cosine changes; whoever wants fewer dimensions cuts the last ones off."""
    vectors = np.stack([table[ids].mean(axis=0) for ids in texts])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    _, axes = np.linalg.eigh(vectors.T @ vectors)  # the largest last
    return np.asarray(table @ axes[:, ::-1], np.float32)


def to_int8(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows (pieces, dimension) as int8 and each row's scale (pieces,): rows x scale ~ table."""
    scales = np.abs(table).max(axis=1) / 127
    safe = np.where(scales > 0, scales, 1)
    return np.round(table / safe[:, None]).astype(np.int8), scales.astype(np.float32)


def write_model(folder: Path, tokenizer: Any, table: NDArray[np.float32]) -> None:
    """Write tokenizer, int8 weights and sentence-transformers' settings into `folder`.

    Each file appears whole or not at all, and replaces its forerunner in one move.
    """
    from safetensors.numpy import save

    rows, scales = to_int8(table)
    folder.mkdir(parents=True, exist_ok=True)
    settings: dict[str, object] = {
        "model_type": "SentenceTransformer",
        "prompts": {},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    replace(folder / "tokenizer.json", tokenizer.to_str(pretty=False).encode())
    replace(folder / "model.safetensors", save({"embeddings": rows, "weights": scales}))
    replace(folder / "modules.json", _json(MODULES))
    replace(folder / "config_sentence_transformers.json", _json(settings))


def replace(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one move."""
    fresh = path.with_name(path.name + ".part")
    fresh.write_bytes(content)
    fresh.replace(path)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
