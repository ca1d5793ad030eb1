"""One pass over files: read, prepare and store them, a batch and a transaction at a time.

Encoders are fastest on many texts at once, and a transaction costs a write to the disk, so files
wait for each other; batches are prepared beside the reading and storing of others. What waits is
bounded, and what is stored stays.
"""

import sqlite3
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from embeddings import Encoder
from rag.corpus.documents import Refused, article_id
from rag.corpus.extracted import Limits
from rag.corpus.read import read_bytes
from rag.corpus.text import words
from rag.errors import BadArticle
from rag.index import lexical, near, store
from rag.index.derived import WordIndexWriter
from rag.index.files import ArticleFile, fingerprint, is_gone
from rag.index.prepare import File, Prepared, PreparedDocument, PreparedFile, pieces
from rag.index.report import Action, Outcome
from rag.index.workers import Workers
from rag.records import Repair

_BYTES_A_BATCH = 300_000
_FILES_A_BATCH = 512
# Every transaction writes pages that nearly every one changes: those of sketches lie in all places.
_BATCHES_A_TRANSACTION = 8
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Coming:
    """A file that is read and is being prepared, what was indexed from its path before, and what
    it is to be told as."""

    file: store.KnownFile
    before: store.KnownFile | None
    action: Action


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a file that is being prepared: the ``first`` takes the place of what was indexed
    from its path, with the ``last`` it is all there."""

    path: str
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done with a file, or pieces of it: its documents that were put and those that were
    not, as they were removed or are indexed already; the files that hold nearly the same."""

    put: int = 0
    removed: int = 0
    known: int = 0
    chunks: int = 0
    truncated: int = 0
    repairs: tuple[Repair, ...] = ()
    refused: tuple[Refused, ...] = ()
    likes: tuple[str, ...] = ()

    def __add__(self, more: "_Done") -> "_Done":
        return _Done(*(getattr(self, f.name) + getattr(more, f.name) for f in fields(_Done)))

    @property
    def is_whole(self) -> bool:
        """Whether all that was there is put."""
        return not (self.removed or self.known or self.refused)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The documents of a piece of a file that are to be put, and what is done with it then."""

    piece: _Piece
    documents: list[PreparedDocument]
    done: _Done


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
        self._pieces: list[_Piece] = []
        self._size = 0
        self._submitted: deque[list[_Piece]] = deque()
        self._uncommitted = 0
        self._done: dict[str, _Done] = {}

    @contextmanager
    def _transaction(self, *, goes_on: bool = False) -> Iterator[None]:
        """What is written meanwhile is written whole; what ``goes_on``, with the next one."""
        if self._at_once:
            yield
            return
        if not self._connection.in_transaction:
            store.begin(self._connection)
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # SQLite itself has ended one of a full disk
                self._connection.execute("ROLLBACK")
            raise
        if not goes_on:
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
        cut = pieces(file, _BYTES_A_BATCH)
        for n, piece in enumerate(cut, start=1):
            self._queue(piece, _Piece(known.path, first=n == 1, last=n == len(cut)))

    def _queue(self, file: File, piece: _Piece) -> None:
        self._waiting.append(file)
        self._pieces.append(piece)
        self._size += len(file.data)
        if self._size >= _BYTES_A_BATCH or len(self._waiting) >= _FILES_A_BATCH:
            self._submit()
            for prepared in self._workers.finished():
                self._store(prepared)

    def _submit(self) -> None:
        if self._waiting:
            self._workers.submit(self._waiting)
            self._submitted.append(self._pieces)
        self._waiting, self._pieces, self._size = [], [], 0

    def store_waiting(self) -> None:
        """Store all files that wait."""
        self._submit()
        for prepared in self._workers.finished(all_of_them=True):
            self._store(prepared)
        if self._connection.in_transaction and not self._at_once:
            self._connection.execute("COMMIT")
        self._uncommitted = 0

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
        """Store a batch, with others in one transaction, which a file that is not all there yet
        keeps open."""
        batch = self._submitted.popleft()
        self._uncommitted = (self._uncommitted + 1) % _BATCHES_A_TRANSACTION
        with self._transaction(goes_on=not batch[-1].last or self._uncommitted > 0):
            store.put_word_rows(self._connection, prepared.word_rows)
            self._put_words(prepared.words)
            chunks = self._put(self._wanted(batch, prepared.files))
        if chunks:
            self._word_index.add(chunks)
        for piece in batch:
            if piece.last:
                coming = self._coming.pop(piece.path)
                self._contents.pop(coming.file.digest, None)

    def _wanted(self, batch: list[_Piece], prepared: list[PreparedFile]) -> list[_Wanted]:
        """What pieces of files hold that is to be indexed, in the place of what their files held
        before. A file that turned bad keeps its place."""
        found = [document.id for file in prepared for document in file.documents]
        owners = store.article_owners(self._connection, found)
        wanted: list[_Wanted] = []
        for piece, file in zip(batch, prepared, strict=True):
            if file.failed:
                self._tell(piece.path, "failed", file.failed)
                continue
            one = self._wanted_of(piece, file, owners)
            wanted.append(one)
            if piece.first and (one.documents or file.refused or not piece.last):
                coming = self._coming[piece.path]
                whole = piece.last and one.done.is_whole
                # Until all of it is there, it is to be looked at again.
                known = coming.file if whole else replace(coming.file, fingerprint="")
                store.put_file(self._connection, known)
                if coming.before is not None:
                    owners = {id_: path for id_, path in owners.items() if path != piece.path}
            owners |= {document.id: piece.path for document in one.documents}
        return wanted

    def _wanted_of(
        self, piece: _Piece, prepared: PreparedFile, owners: Mapping[str, str]
    ) -> _Wanted:
        """The documents of a piece that are not indexed already, by ``owners`` nor removed on
        purpose, and how many are."""
        documents = prepared.documents
        if piece.path in self._readmitted:
            for id_ in self._removed.intersection(d.id for d in documents):
                store.readmit(self._connection, id_)
                self._removed.remove(id_)
        stay = [d for d in documents if d.id not in self._removed]
        own = piece.path if piece.first else None  # what its first piece takes the place of
        fresh = [d for d in stay if owners.get(d.id, own) == own]
        once = list({document.id: document for document in fresh}.values())
        done = _Done(
            put=len(once),
            removed=len(documents) - len(stay),
            known=len(stay) - len(once),
            chunks=sum(len(document.chunks) for document in once),
            truncated=sum(document.truncated for document in once),
            repairs=tuple(repair for document in once for repair in document.repairs),
            refused=tuple(prepared.refused),
        )
        return _Wanted(piece, once, done)

    def _put(self, wanted: list[_Wanted]) -> list[tuple[int, lexical.Fields, lexical.Labels]]:
        """Store documents and tell of their files; their chunks for the word index."""
        documents = [(one.piece.path, d) for one in wanted for d in one.documents]
        rows = [(path, document.article, document.chunks) for path, document in documents]
        ids = store.put(self._connection, rows)
        for one in wanted:
            path = one.piece.path
            likes = tuple(filter(None, map(self._like, one.documents)))
            done = self._done.pop(path, _Done()) + replace(one.done, likes=likes)
            if one.piece.last:
                self._finish(one.piece, done)
            else:
                self._done[path] = done
        chunks = [(fields_, d.labels) for _, d in documents for fields_ in d.fields]
        return [(id_, *chunk) for id_, chunk in zip(ids, chunks, strict=True)]

    def _like(self, document: PreparedDocument) -> str | None:
        """The file that holds nearly the same as a document, which is stored, as one before it."""
        like = near.nearest(self._connection, document.sketch)
        near.put_sketch(self._connection, document.id, document.sketch)
        return like

    def _finish(self, piece: _Piece, done: _Done) -> None:
        """Tell of a file, and remember one that is wholly indexed by what it is made of."""
        if not done.put and not done.refused:
            self._tell(piece.path, "removed", _away(done))
            return
        coming = self._coming[piece.path]
        if not piece.first and done.is_whole:
            store.put_fingerprint(self._connection, coming.file)
        self.outcomes[piece.path] = _outcomes(coming, done)

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


def _outcomes(coming: _Coming, done: _Done) -> list[Outcome]:
    nearly = (f"nearly the same as {name}" for name in _some(dict.fromkeys(done.likes)))
    outcome = Outcome(
        path=coming.file.path,
        action=coming.action,
        detail="; ".join(filter(None, [_away(done), *nearly])),
        repairs=done.repairs if done.put == 1 else _summed(done.repairs),
        chunks=done.chunks,
        truncated=done.truncated,
    )
    causes = (f"line {refused.line}: {refused.cause}" for refused in done.refused)
    return [outcome, *(Outcome(coming.file.path, "failed", cause) for cause in causes)]


def _away(done: _Done) -> str:
    """Which articles of a file are not in the index as its own."""
    counts = (
        (done.removed, "were removed and stay away"),
        (done.known, "are indexed already"),
    )
    return "; ".join(f"{count} articles of it {why}" for count, why in counts if count)


def _some(names: Iterable[str]) -> Iterator[str]:
    """The first few of many names, and how many there are beside them."""
    listed = list(names)
    yield from listed[:_MOST_NAMED]
    if more := len(listed[_MOST_NAMED:]):
        yield f"{more} others"


def _summed(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """The repairs of many articles: how often each in all. Their lines are of one article each."""
    counts: Counter[str] = Counter()
    for repair in repairs:
        counts[repair.kind] += repair.count
    return tuple(Repair(kind, count) for kind, count in counts.items())
