"""The index from outside: made, kept in line with files, checked and repaired, as settings say."""

from pathlib import Path

from embeddings import Encoder, ModelUnavailable, load_encoder
from rag.corpus.extracted import Limits
from rag.errors import IsnadError
from rag.index import store
from rag.index.build import Progress, sync
from rag.index.doctor import Finding, examine, repair
from rag.index.places import copied, wrong_with_copy
from rag.index.report import Outcome, Report
from rag.index.uploads import upload
from rag.settings import Settings


def encoder_for(settings: Settings) -> Encoder:
    """The encoder that the settings name.

    Raises:
        IsnadError: the model cannot be had; says which, why and what to do.
    """
    try:
        return load_encoder(settings.embedding_model, device=settings.device)
    except ModelUnavailable as error:
        raise IsnadError(str(error)) from None


def build_index(
    settings: Settings,
    paths: list[Path],
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Bring the index in line with the files at ``paths``; see `rag.index.build.sync`, and
    `rag.index.places.copied`."""
    encoder, home, read = encoder_for(settings), settings.home, limits(settings)
    with copied(settings, progress):
        return sync(home, encoder, paths, rebuild=rebuild, limits=read, progress=progress)


def add_first(settings: Settings, filename: str, data: bytes) -> tuple[Outcome, ...]:
    """Index a file that was sent, where there is no index yet: it makes one. See `Engine.add`."""
    encoder = encoder_for(settings)
    with copied(settings):
        _, outcomes = upload(settings.home, encoder, filename, data, limits(settings))
    return outcomes


def indexed_paths(settings: Settings) -> list[Path]:
    """The folders and files that the index is kept in line with."""
    with store.reading(settings.home) as connection:
        return [settings.home / root for root in store.roots(connection)]


def check_index(settings: Settings) -> list[Finding]:
    """What is wrong with the index, see `rag.index.doctor.examine`; if nothing is, with its copy in
    Milvus."""
    findings = examine(settings.home, encoder_for(settings), limits(settings))
    if not findings and (wrong := wrong_with_copy(settings)):
        return [Finding("the copy in Milvus", wrong, "copy again")]
    return findings


def repair_index(settings: Settings) -> Report:
    """Put right what can be; see `rag.index.doctor.repair`."""
    with copied(settings):
        return repair(settings.home, encoder_for(settings), limits(settings))


def limits(settings: Settings) -> Limits:
    """How large an article's file may be."""
    return Limits(
        file_bytes=settings.largest_file_mb * 1_000_000,
        unpacked_bytes=settings.largest_unpacked_mb * 1_000_000,
        pages=settings.most_pages,
        page_seconds=settings.page_seconds,
    )
