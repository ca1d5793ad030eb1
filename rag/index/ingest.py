"""One pass over files: read, cut, encode and store them, a batch and a transaction at a time.

Encoders are fastest on many texts at once, and a transaction costs a write to the disk, so
documents wait for each other; one batch is encoded by a thread of its own while the next one is
read. What waits is bounded, and what is stored stays.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from embeddings import Encoder
from embeddings.encoder import Vectors
from rag.corpus.chunks import chunks
from rag.corpus.documents import Refused, article_id, make_documents
from rag.corpus.extracted import Limits
from rag.corpus.language import passage_language
from rag.corpus.read import read_bytes
from rag.corpus.text import words
from rag.errors import BadArticle
from rag.index import near, store
from rag.index.derived import WordIndexWriter
from rag.index.files import ArticleFile, fingerprint, is_gone
from rag.index.report import Action, Outcome
from rag.records import Chunk, Document

_CHUNKS_A_BATCH = 512
_FILES_A_BATCH = 512
# A longer «word» is no word that anybody asks for.
_LONGEST_WORD = 100


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that is read, whose documents are cut, but not encoded and stored yet."""

    file: store.KnownFile
    action: Action
    detail: str
    documents: list[tuple[Document, list[Chunk]]]
    refused: list[Refused]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Files that are being encoded; ``tokens`` are the folded words of each of their chunks."""

    files: list[_Waiting]
    tokens: list[list[str]]
    new_words: list[str]
    encoded: Future[tuple[Iterator[store.EncodedChunk], Vectors, dict[str, int]]]


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
        *,
        at_once: bool,
        readmitted: frozenset[str] = frozenset(),
    ) -> None:
        self.outcomes: dict[str, list[Outcome]] = {}
        self.deferred: list[ArticleFile] = []
        self._home, self._connection, self._at_once = home, connection, at_once
        self._encoder, self._word_index, self._limits = encoder, word_index, limits
        self._files = {known.path: known for known in store.known_files(connection)}
        self._paths = {known.digest: known.path for known in self._files.values()}
        self._owners = store.article_owners(connection)
        self._removed, self._readmitted = store.removed(connection), readmitted
        self._waiting: list[_Waiting] = []
        self._chunks_waiting = 0
        self._encoding: _Batch | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encode")

    def close(self) -> None:
        """Let the thread go; what was not stored is not stored."""
        self._thread.shutdown()

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
            known = store.KnownFile(file.name, article_id(data), fingerprint(data, file.sidecar))
            before = self._files.get(file.name)
            same = before is not None and before.fingerprint == known.fingerprint
            if same and store.is_intact(self._connection, file.name):
                self._tell(file.name, "unchanged")
                return
            twin = self._paths.get(known.digest)
            if twin is not None and twin != file.name:
                self._twin(file, twin, settled)
                return
            made = list(make_documents(file.path.name, data, file.sidecar, self._limits))
        except BadArticle as error:
            self._tell(file.name, "failed", str(error))
            return
        self._wait(known, made, "new" if before is None else "changed")

    def _wait(self, known: store.KnownFile, made: list[Document | Refused], action: Action) -> None:
        """Take what a file holds in the place of what it held."""
        self._forget(known.path)
        documents, detail = self._wanted(known.path, [m for m in made if isinstance(m, Document)])
        refused = [m for m in made if isinstance(m, Refused)]
        if not documents and not refused:
            self._tell(known.path, "removed", detail)
            return
        if detail or refused:  # look at it again next time
            known = replace(known, fingerprint="")
        cut = [(document, chunks(document.article.id, document.text)) for document in documents]
        self._files[known.path], self._paths[known.digest] = known, known.path
        self._waiting.append(_Waiting(known, action, detail, cut, refused))
        self._chunks_waiting += sum(len(found) for _, found in cut)
        if self._chunks_waiting >= _CHUNKS_A_BATCH or len(self._waiting) >= _FILES_A_BATCH:
            self._encode_waiting()

    def _wanted(self, path: str, documents: list[Document]) -> tuple[list[Document], str]:
        """The documents that are not indexed already nor removed on purpose, and what is not."""
        if path in self._readmitted:
            self._removed -= {d.article.id for d in documents}
        stay = [d for d in documents if d.article.id not in self._removed]
        fresh = [d for d in stay if self._owners.setdefault(d.article.id, path) == path]
        once = list({document.article.id: document for document in fresh}.values())
        notes = [
            f"{count} articles of it {why}"
            for count, why in (
                (len(documents) - len(stay), "were removed and stay away"),
                (len(stay) - len(once), "are indexed already"),
            )
            if count
        ]
        return once, "; ".join(notes)

    def _twin(self, file: ArticleFile, twin: str, settled: bool) -> None:
        """A file whose content is indexed under another path: a copy of it, or where it is now."""
        if is_gone(self._home / twin):
            self.store_waiting()
            with self._transaction():
                store.delete_file(self._connection, file.name)
                store.move(self._connection, twin, file.name)
            self._files[file.name] = replace(self._files.pop(twin), path=file.name)
            self._paths[self._files[file.name].digest] = file.name
            self._owners = store.article_owners(self._connection)
            self._tell(file.name, "moved", f"was {twin}")
        elif settled:
            if file.name in self._files:
                self.drop(file.name)
            self._tell(file.name, "duplicate", f"same content as {twin}")
        else:
            self.deferred.append(file)

    def _forget(self, path: str) -> None:
        """No longer count on what was indexed from a path: something else will take its place in
        the store, which keeps it until then."""
        if (before := self._files.pop(path, None)) is not None:
            self._paths.pop(before.digest, None)
            self._owners = {id_: owner for id_, owner in self._owners.items() if owner != path}

    def drop(self, path: str) -> None:
        """Remove what was indexed from a path."""
        self._forget(path)
        self.store_waiting()
        with self._transaction():
            store.delete_file(self._connection, path)

    def _tell(self, path: str, action: Action, detail: str = "") -> None:
        self.outcomes[path] = [Outcome(path, action, detail)]

    def store_waiting(self) -> None:
        """Store all documents that wait."""
        self._encode_waiting()
        self._store_encoded()

    def _encode_waiting(self) -> None:
        """Have the documents that wait encoded, all at once, while others are read; and store
        those that were encoded meanwhile."""
        if not self._waiting:
            return
        cut = [pair for waiting in self._waiting for pair in waiting.documents]
        tokens = [words(c.span.of(document.text)) for document, found in cut for c in found]
        new = self._new_words(tokens)
        batch = _Batch(self._waiting, tokens, new, self._thread.submit(self._encode, cut, new))
        self._waiting, self._chunks_waiting = [], 0
        self._store_encoded()
        self._encoding = batch

    def _store_encoded(self) -> None:
        if (batch := self._encoding) is None:
            return
        self._encoding = None
        encoded, word_vectors, truncated = batch.encoded.result()
        ids: list[tuple[int, str]] = []
        likes: dict[str, str] = {}
        with self._transaction():
            store.put_words(self._connection, batch.new_words, word_vectors)
            for waiting in batch.files:
                store.put_file(self._connection, waiting.file)
                for document, found in waiting.documents:
                    stored = [next(encoded) for _ in found]
                    taken = batch.tokens[len(ids) : len(ids) + len(found)]
                    put = self._put(waiting.file.path, document, stored, taken, likes)
                    ids += [(chunk, document.article.title or "") for chunk in put]
        for (chunk, title), tokens in zip(ids, batch.tokens, strict=True):
            self._word_index.add(chunk, title, tokens)
        for waiting in batch.files:
            self.outcomes[waiting.file.path] = _outcomes(waiting, truncated, likes)

    def _put(
        self,
        path: str,
        document: Document,
        stored: list[store.EncodedChunk],
        tokens: list[list[str]],
        likes: dict[str, str],
    ) -> list[int]:
        """Store a document; note in ``likes`` the file that holds nearly the same."""
        article_id = document.article.id
        store.readmit(self._connection, article_id)
        sketch = near.sketch([word for some in tokens for word in some])
        if (like := near.nearest(self._connection, sketch)) is not None:
            likes[article_id] = like
        put = store.put(self._connection, path, document, stored)
        near.put_sketch(self._connection, article_id, sketch)
        return put

    def _encode(
        self, cut: list[tuple[Document, list[Chunk]]], new: list[str]
    ) -> tuple[Iterator[store.EncodedChunk], Vectors, dict[str, int]]:
        """The chunks with their vectors, those of the new words, and which articles hold passages
        that the model does not read to the end. Runs beside the rest."""
        encoded = iter(list(self._encoded(cut)))
        truncated = {
            document.article.id: self._encoder.count_truncated(
                [c.span.of(document.text) for c in found]
            )
            for document, found in cut
        }
        return encoded, self._encoder.encode_passages(new), truncated

    def _new_words(self, tokens: list[list[str]]) -> list[str]:
        seen = dict.fromkeys(word for some in tokens for word in some)
        coming = set(self._encoding.new_words) if self._encoding else ()
        asked = [word for word in seen if len(word) <= _LONGEST_WORD and word not in coming]
        return store.unknown_words(self._connection, asked)

    def mend_words(self) -> bool:
        """Give the words whose vectors are damaged new ones; whether there were any."""
        with self._transaction():
            if not store.drop_damaged_words(self._connection):
                return False
            texts = store.chunk_texts(self._connection)
            new = self._new_words([list({word for *_, text in texts for word in words(text)})])
            store.put_words(self._connection, new, self._encoder.encode_passages(new))
        return True

    def _encoded(self, cut: list[tuple[Document, list[Chunk]]]) -> Iterator[store.EncodedChunk]:
        """The chunks with the vectors of their texts and parts; a part that is all of its chunk
        has that one's vector."""
        passages = [c.span.of(document.text) for document, found in cut for c in found]
        parts = [part.of(d.text) for d, found in cut for c in found for part in c.parts]
        texts = list(dict.fromkeys(passages + parts))
        rows = dict(zip(texts, self._encoder.encode_passages(texts), strict=True))
        for document, found in cut:
            for chunk in found:
                part_vectors = np.stack([rows[part.of(document.text)] for part in chunk.parts])
                text = chunk.span.of(document.text)
                language = passage_language(text, document.article.language)
                yield store.EncodedChunk(chunk, language, rows[text], part_vectors)


def _outcomes(
    waiting: _Waiting, truncated: Mapping[str, int], likes: Mapping[str, str]
) -> list[Outcome]:
    path = waiting.file.path
    like = [likes[d.article.id] for d, _ in waiting.documents if d.article.id in likes]
    nearly = [f"nearly the same as {name}" for name in dict.fromkeys(like)]
    done = Outcome(
        path=path,
        action=waiting.action,
        detail="; ".join(filter(None, [waiting.detail, *nearly])),
        repairs=tuple(r for d, _ in waiting.documents for r in d.article.repairs),
        chunks=sum(len(found) for _, found in waiting.documents),
        truncated=sum(truncated[d.article.id] for d, _ in waiting.documents),
    )
    bad = [Outcome(path, "failed", f"line {r.line}: {r.cause}") for r in waiting.refused]
    return [done, *bad]
