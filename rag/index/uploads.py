"""Articles that are sent instead of lying in a folder: kept as they came, in the data folder."""

import os
import unicodedata
from pathlib import Path

from embeddings import Encoder
from rag.corpus.documents import Refused, make_documents
from rag.corpus.extracted import Limits
from rag.errors import BadArticle, NoText, TooLarge
from rag.index.build import sync
from rag.index.files import UPLOADS, stored_path
from rag.index.report import Outcome

_MOST_NAME_BYTES = 200


def upload(
    home: Path, encoder: Encoder, filename: str, data: bytes, limits: Limits
) -> tuple[str, tuple[Outcome, ...]]:
    """Index a file that was sent, in the place of one of its name; its stored path, and what was
    done with it. The file is kept before it is indexed, so that nothing of it can be lost.

    Raises:
        BadArticle: it cannot be read as an article, or has no usable name.
        IndexBusy, IndexUnavailable: the index cannot be written.
    """
    name = upload_name(filename)
    if len(data) > limits.file_bytes:
        raise TooLarge(f"larger than {limits.file_bytes:,} bytes: {len(data):,}")
    if not data.strip():
        raise NoText("empty file")
    made = list(make_documents(name, data, limits=limits))
    refused = [one for one in made if isinstance(one, Refused)]
    if not made:
        raise NoText("no article")
    if len(refused) == len(made):
        raise refused[0].kind(refused[0].cause)
    path = home / UPLOADS / name
    _keep(path, data)
    report = sync(home, encoder, [path], limits=limits)
    stored = stored_path(home, path)
    return stored, tuple(outcome for outcome in report.outcomes if outcome.path == stored)


def upload_name(filename: str) -> str:
    """The name to keep a file under: the last part of what was sent, nothing that is no text.

    Raises:
        BadArticle: nothing is left of it, or it is too long.
    """
    last = filename.replace("\\", "/").split("/")[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    name = unicodedata.normalize("NFC", shown).strip().lstrip(".")
    if not name:
        raise BadArticle("the file has no name")
    if len(name.encode()) > _MOST_NAME_BYTES:
        raise BadArticle(f"its name is longer than {_MOST_NAME_BYTES} bytes")
    return name


def _keep(path: Path, data: bytes) -> None:
    """Write the file so that after any moment there is the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{os.getpid()}.{path.name}")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
