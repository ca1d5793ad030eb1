"""One pass over files: read, prepare and store them, a batch and a transaction at a time.

Encoders are fastest on many texts at once, and a transaction costs a write to the disk, so files
wait for each other; batches are prepared beside the reading and storing of others. What waits is
bounded, and what is stored stays.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from embeddings import Encoder
from rag.corpus.documents import article_id
from rag.corpus.extracted import Limits
from rag.corpus.read import read_bytes
from rag.corpus.text import words
from rag.errors import BadArticle
from rag.index import near, store
from rag.index.derived import WordIndexWriter
from rag.index.files import ArticleFile, fingerprint, is_gone
from rag.index.prepare import File, Prepared, PreparedDocument, PreparedFile
from rag.index.report import Action, Outcome
from rag.index.workers import Workers

_BYTES_A_BATCH = 300_000
_FILES_A_BATCH = 512


@dataclass(frozen=True, slots=True)
class _Coming:
    """A file that is read and is being prepared, what was indexed from its path before, and what
    it is to be told as."""

    file: store.KnownFile
    before: store.KnownFile | None
    action: Action


class Ingest:
    """Takes files, tells outcomes. With ``at_once`` the caller commits, else every batch is.

    Articles that were removed stay away, unless their file is among the ``readmitted``.
    """

    def __init__(
        self,
        home: Path,
        connection: sqlite3.Connection,
        encoder: Encoder,
        word_index: WordIndexWriter,
        limits: Limits,
        workers: Workers,
        *,
        at_once: bool,
        readmitted: frozenset[str] = frozenset(),
    ) -> None:
        self.outcomes: dict[str, list[Outcome]] = {}
        self.deferred: list[ArticleFile] = []
        self._home, self._connection, self._at_once = home, connection, at_once
        self._encoder, self._word_index, self._limits = encoder, word_index, limits
        self._workers = workers
        self._removed, self._readmitted = store.removed(connection), readmitted
        self._coming: dict[str, _Coming] = {}
        self._contents: dict[str, str] = {}
        self._waiting: list[File] = []
        self._names: list[str] = []
        self._submitted: deque[list[str]] = deque()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._at_once:
            yield
            return
        store.begin(self._connection)
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def take(self, file: ArticleFile, *, settled: bool = False) -> None:
        """Index one file, or put it off if it seems to be another one's twin and not all others
        are ``settled``: that other one may yet turn out to have changed."""
        try:
            data = read_bytes(file.path, self._limits)
        except BadArticle as error:
            self._tell(file.name, "failed", str(error))
            return
        known = store.KnownFile(file.name, article_id(data), fingerprint(data, file.sidecar))
        before = self._known(file.name)
        same = before is not None and before.fingerprint == known.fingerprint
        if same and store.is_intact(self._connection, file.name):
            self._tell(file.name, "unchanged")
            return
        twin = self._holder(known.digest)
        if twin is not None and twin != file.name:
            self._twin(file, twin, settled)
            return
        self._wait(known, before, File(file.path.name, data, file.sidecar))

    def _known(self, path: str) -> store.KnownFile | None:
        """What is, or is about to be, indexed from a path."""
        coming = self._coming.get(path)
        return coming.file if coming else store.known_file(self._connection, path)

    def _holder(self, digest: str) -> str | None:
        """The path from which a content is, or is about to be, indexed."""
        path = self._contents.get(digest) or store.known_content(self._connection, digest)
        known = self._known(path) if path else None
        return path if known and known.digest == digest else None

    def _wait(self, known: store.KnownFile, before: store.KnownFile | None, file: File) -> None:
        """Have a file prepared, to take the place of what was indexed from its path."""
        self._coming[known.path] = _Coming(known, before, "new" if before is None else "changed")
        self._contents[known.digest] = known.path
        self._waiting.append(file)
        self._names.append(known.path)
        size = sum(len(one.data) for one in self._waiting)
        if size >= _BYTES_A_BATCH or len(self._waiting) >= _FILES_A_BATCH:
            self._submit()
            for prepared in self._workers.finished():
                self._store(prepared)

    def _submit(self) -> None:
        if self._waiting:
            self._workers.submit(self._waiting)
            self._submitted.append(self._names)
        self._waiting, self._names = [], []

    def store_waiting(self) -> None:
        """Store all files that wait."""
        self._submit()
        for prepared in self._workers.finished(all_of_them=True):
            self._store(prepared)

    def _twin(self, file: ArticleFile, twin: str, settled: bool) -> None:
        """A file whose content is indexed under another path: a copy of it, or where it is now."""
        if is_gone(self._home / twin):
            self.store_waiting()
            with self._transaction():
                store.delete_file(self._connection, file.name)
                store.move(self._connection, twin, file.name)
            self._tell(file.name, "moved", f"was {twin}")
        elif settled:
            if self._known(file.name) is not None:
                self.drop(file.name)
            self._tell(file.name, "duplicate", f"same content as {twin}")
        else:
            self.deferred.append(file)

    def drop(self, path: str) -> None:
        """Remove what was indexed from a path."""
        self.store_waiting()
        with self._transaction():
            store.delete_file(self._connection, path)

    def _tell(self, path: str, action: Action, detail: str = "") -> None:
        self.outcomes[path] = [Outcome(path, action, detail)]

    def _store(self, prepared: Prepared) -> None:
        """Store a batch in one transaction."""
        coming = [self._coming[name] for name in self._submitted.popleft()]
        taken: list[tuple[range, PreparedDocument]] = []
        with self._transaction():
            store.put_word_rows(self._connection, prepared.word_rows)
            self._put_words(prepared.words)
            for one, file in zip(coming, prepared.files, strict=True):
                taken += self._take_in(one, file)
        for ids, document in taken:
            for chunk_id, fields in zip(ids, document.fields, strict=True):
                self._word_index.add(chunk_id, fields, document.labels)
        for one in coming:
            self._coming.pop(one.file.path, None)
            self._contents.pop(one.file.digest, None)

    def _take_in(
        self, coming: _Coming, prepared: PreparedFile
    ) -> list[tuple[range, PreparedDocument]]:
        """Put what a file holds in the place of what it held; the documents put, with the ids of
        their chunks. A file that turned bad keeps its place."""
        path = coming.file.path
        if prepared.failed:
            self._tell(path, "failed", prepared.failed)
            return []
        documents, detail = self._wanted(path, prepared.documents)
        if not documents and not prepared.refused:
            self._tell(path, "removed", detail)
            return []
        # What is left of it is looked at again next time.
        whole = not detail and not prepared.refused
        store.put_file(
            self._connection, coming.file if whole else replace(coming.file, fingerprint="")
        )
        likes: dict[str, str] = {}
        taken = [(self._put(path, document, likes), document) for document in documents]
        self.outcomes[path] = _outcomes(coming, detail, documents, prepared, likes)
        return taken

    def _wanted(
        self, path: str, documents: list[PreparedDocument]
    ) -> tuple[list[PreparedDocument], str]:
        """The documents that are not indexed already nor removed on purpose, and what is not."""
        if path in self._readmitted:
            self._removed -= {d.id for d in documents}
        stay = [d for d in documents if d.id not in self._removed]
        owners = store.article_owners(self._connection, [d.id for d in stay])
        fresh = [d for d in stay if owners.get(d.id, path) == path]
        once = list({document.id: document for document in fresh}.values())
        notes = [
            f"{count} articles of it {why}"
            for count, why in (
                (len(documents) - len(stay), "were removed and stay away"),
                (len(stay) - len(once), "are indexed already"),
            )
            if count
        ]
        return once, "; ".join(notes)

    def _put(self, path: str, document: PreparedDocument, likes: dict[str, str]) -> range:
        """Store a document; note in ``likes`` the file that holds nearly the same."""
        store.readmit(self._connection, document.id)
        if (like := near.nearest(self._connection, document.sketch)) is not None:
            likes[document.id] = like
        ids = store.put(self._connection, path, document.article, document.chunks)
        near.put_sketch(self._connection, document.id, document.sketch)
        return ids

    def _put_words(self, found: list[str]) -> None:
        """Keep the vectors of words that have none yet."""
        new = store.unknown_words(self._connection, found)
        if new:
            store.put_words(self._connection, new, self._encoder.encode_passages(new))

    def mend_words(self) -> bool:
        """Give the words whose vectors are damaged new ones; whether there were any."""
        with self._transaction():
            if not store.drop_damaged_words(self._connection):
                return False
            for _, _, text, _ in list(store.chunk_texts(self._connection)):
                self._put_words(list(dict.fromkeys(words(text))))
        return True


def _outcomes(
    coming: _Coming,
    detail: str,
    documents: list[PreparedDocument],
    prepared: PreparedFile,
    likes: Mapping[str, str],
) -> list[Outcome]:
    path = coming.file.path
    nearly = [f"nearly the same as {name}" for name in dict.fromkeys(likes.values())]
    done = Outcome(
        path=path,
        action=coming.action,
        detail="; ".join(filter(None, [detail, *nearly])),
        repairs=tuple(repair for document in documents for repair in document.repairs),
        chunks=sum(len(document.chunks) for document in documents),
        truncated=sum(document.truncated for document in documents),
    )
    bad = [Outcome(path, "failed", f"line {r.line}: {r.cause}") for r in prepared.refused]
    return [done, *bad]
