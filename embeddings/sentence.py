"""Any sentence-transformers model behind the promise of `Encoder`: hub names and local folders.

A model that stores prompts for queries and documents is asked with them. E5 models that store
none are asked with "query: " and "passage: ", which they were trained with (Wang et al. 2024,
"Multilingual E5 Text Embeddings").
"""

import logging
import math
import os
import re
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import ModelUnavailable, Progress, Vectors, sound_text, unit_rows

_E5 = re.compile(r"(^|[-_/.])e5([-_/.]|$)(?!.*instruct)", re.IGNORECASE)
_BATCH = 32
_REPORT_EVERY = 8 * _BATCH
_PROBE_SECONDS = 4.0
_INSTEAD = "download it where there is a network and give the folder, or use the embedded model"


class SentenceEncoder:
    """A loaded `SentenceTransformer` with its prompts, giving unit rows."""

    def __init__(self, model: Any, *, name: str) -> None:
        self.name = name
        self.dimension = int(model.get_embedding_dimension())
        self.max_tokens = _limit(model.max_seq_length)
        self.query_prompt, self.passage_prompt = prompts(model.prompts, name=name)
        self._model = model

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) unit vectors, made with the model's prompt for queries."""
        return self._encode(self._model.encode_query, texts, self.query_prompt)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension) unit vectors, made with the model's prompt for documents."""
        parts: list[Vectors] = [self._encode(self._model.encode_document, [], None)]
        for start in range(0, len(texts), _REPORT_EVERY):
            part = texts[start : start + _REPORT_EVERY]
            parts.append(self._encode(self._model.encode_document, part, self.passage_prompt))
            if progress is not None:
                progress(start + len(part))
        return np.concatenate(parts)

    def count_truncated(self, texts: Sequence[str]) -> int:
        """How many passages, prompt and special tokens included, exceed `max_tokens`."""
        if self.max_tokens is None or not texts:
            return 0
        whole = [(self.passage_prompt or "") + sound_text(text) for text in texts]
        encoded = self._model.tokenizer(whole, truncation=False, padding=False, verbose=False)
        return sum(len(ids) > self.max_tokens for ids in encoded["input_ids"])

    def _encode(self, encode: Any, texts: Sequence[str], prompt: str | None) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = encode(
            [sound_text(text) for text in texts],
            prompt=prompt,
            batch_size=_BATCH,
            show_progress_bar=False,
            normalize_embeddings=True,
        )
        return unit_rows(np.asarray(rows, dtype=np.float32))


def _limit(tokens: float | None) -> int | None:
    """sentence-transformers says None or infinity where there is no limit."""
    return None if tokens is None or not math.isfinite(tokens) else int(tokens)


def prompts(stored: dict[str, str | None], *, name: str) -> tuple[str | None, str | None]:
    """The prompts for queries and for passages: the stored ones, else E5's for an E5 model."""
    query = stored.get("query")
    passage = next((stored[k] for k in ("document", "passage", "corpus") if stored.get(k)), None)
    if not query and not passage and _E5.search(name):
        return "query: ", "passage: "
    return query or None, passage or None


def load_sentence_encoder(name: str, *, device: str | None = None) -> SentenceEncoder:
    """The encoder of a local folder, of the hub's cache on this machine, or of the hub."""
    here = _is_path(name)
    if here and not Path(name).is_dir():
        raise ModelUnavailable(name, why="there is no such folder", remedy="check the path")
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        remedy = "install it with: pip install sentence-transformers"
        raise ModelUnavailable(name, why=f"{error.name} is missing", remedy=remedy) from error

    _quieten()
    try:
        model = SentenceTransformer(name, device=device, local_files_only=True)
    except Exception as error:  # whatever its loaders raise, the reader gets one line
        if here:
            raise _unreadable(name, error) from error
        model = _from_hub(name, device)
    return SentenceEncoder(model, name=name)


def _is_path(name: str) -> bool:
    """Whether `name` means a folder: it is one, or is no possible name of a hub model."""
    return Path(name).is_dir() or name.startswith((".", "/", "~")) or name.count("/") > 1


def _from_hub(name: str, device: str | None) -> Any:
    """The model fetched from the hub, which is first asked whether it is there at all: the hub's
    own client tries again and again for minutes."""
    from huggingface_hub import constants
    from sentence_transformers import SentenceTransformer

    if not _reachable(constants.ENDPOINT):
        why = f"it is not on this machine and {constants.ENDPOINT} cannot be reached"
        raise ModelUnavailable(name, why=why, remedy=_INSTEAD)
    try:
        return SentenceTransformer(name, device=device)
    except Exception as error:  # as above: many kinds, from three libraries
        raise _unreadable(name, error) from error


def _reachable(endpoint: str) -> bool:
    """Whether anything answers at `endpoint` within a few seconds (proxies are honoured)."""
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}:
        return False
    try:
        with urllib.request.urlopen(endpoint, timeout=_PROBE_SECONDS):  # noqa: S310  (set by the user)
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500 and error.code not in (403, 407)
    except (OSError, ValueError):
        return False


def _unreadable(name: str, error: Exception) -> ModelUnavailable:
    first = next(iter(str(error).strip().splitlines()), "")
    why = f"it cannot be loaded ({type(error).__name__}: {first[:200]})"
    return ModelUnavailable(name, why=why, remedy="check the name or the folder's files")


def _quieten() -> None:
    """Failing to find a file in the cache is no news to the reader: one line says it all."""
    for library in ("sentence_transformers", "transformers", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.ERROR)
