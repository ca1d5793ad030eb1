"""The files that an index is of: where they are, what is said beside them, whether they changed.

A path is stored as it was given, made absolute; that of an uploaded file is stored from the data
folder on, so that the folder can be moved, or restored elsewhere.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.corpus import metadata
from rag.corpus.extracted import Known
from rag.corpus.read import article_files
from rag.errors import BadArticle
from rag.index.report import Outcome

UPLOADS = "uploads"
ROOTS = "roots.json"


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file to index: ``name`` is its path as stored."""

    path: Path
    name: str
    sidecar: Mapping[str, Known]


def stored_path(home: Path, path: Path) -> str:
    """A path as it is stored."""
    absolute, uploads = path.absolute(), (home / UPLOADS).absolute()
    if absolute.is_relative_to(uploads):
        return str(UPLOADS / absolute.relative_to(uploads))
    return str(absolute)


def root_of(path: str) -> str:
    """The root that keeps a stored path in the index: all uploads have one."""
    return UPLOADS if path.split(os.sep)[0] == UPLOADS else path


def list_files(home: Path, given: Iterable[str]) -> tuple[list[ArticleFile], list[Outcome]]:
    """The article files at the stored paths, with what their folders' sidecars say of them; and
    what cannot be taken."""
    found: dict[str, ArticleFile] = {}
    failures: list[Outcome] = []
    sidecars: dict[Path, dict[str, dict[str, Known]]] = {}
    stored: dict[Path, str] = {}
    for path in given:
        try:
            listed = article_files(home / path)
        except BadArticle as error:
            failures.append(Outcome(path, "failed", str(error)))
            continue
        failures += [Outcome(stored_path(home, p), "failed", w) for p, w in listed.refused.items()]
        for file in listed.files:
            folder = file.parent
            if folder not in sidecars:
                sidecars[folder], failed = _sidecar(home, folder)
                failures += failed
                stored[folder] = stored_path(home, folder)
            name = os.path.join(stored[folder], file.name)
            found[name] = ArticleFile(file, name, sidecars[folder].get(file.name, {}))
    return list(found.values()), failures


def _sidecar(home: Path, folder: Path) -> tuple[dict[str, dict[str, Known]], list[Outcome]]:
    try:
        return metadata.read_sidecar(folder), []
    except BadArticle as error:
        path = stored_path(home, folder / metadata.SIDECAR)
        return {}, [Outcome(path, "failed", str(error))]


def save_roots(home: Path, roots: list[str]) -> None:
    """Keep a copy of the roots beside the store: with it, one that is lost can be made again."""
    new, text = home / f".{ROOTS}", json.dumps(roots, ensure_ascii=False)
    if saved_roots(home) != roots:
        new.write_text(text, "utf-8")
        new.replace(home / ROOTS)


def saved_roots(home: Path) -> list[str]:
    """The roots by the copy of them; none where it is missing or damaged."""
    try:
        saved = json.loads((home / ROOTS).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return saved if isinstance(saved, list) and all(isinstance(r, str) for r in saved) else []


def is_gone(path: Path) -> bool:
    """Whether nothing is at a path; what may not be looked at is not gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def fingerprint(data: bytes, sidecar: Mapping[str, Known]) -> str:
    """A digest of all that an article is made of."""
    said = {k: [v.value, v.provenance] for k, v in sidecar.items()}
    known = json.dumps(said, sort_keys=True) if said else "{}"
    return hashlib.sha256(data + b"\0" + known.encode()).hexdigest()
