"""Rows that are looked up: articles, their texts, files. What is too long for one has several."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymilvus import MilvusClient

from rag.index.milvus.client import call, told
from rag.index.milvus.filters import filtered_fields
from rag.index.milvus.schema import LONGEST, NO_VECTOR
from rag.index.opened import Passage
from rag.index.rows import from_halves, halves
from rag.index.store import KnownFile
from rag.records import Article, Chunk, Document, Repair, Span

_ROWS_AT_ONCE = 1_000
Row = dict[str, Any]
# In characters, of four bytes at most.
_LONGEST_PIECE = LONGEST // 4
ARTICLE, TEXT, FILE, UPLOAD = "article", "text", "file", "upload"
ROOT, REMOVED, PARTS = "root", "removed", "parts"
_NOBODY: Mapping[str, str | int] = {
    "article": "", "article_language": "", "earliest": 0, "latest": 0,
}  # fmt: skip


def key(path: str) -> str:
    """What a path is looked up by: paths may be longer than a key, and hold anything."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def word_key(word: str) -> int:
    """What a folded word is looked up by."""
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def every(
    client: MilvusClient, collection: str, condition: str, fields: Sequence[str]
) -> Iterator[Row]:
    """Every row that meets ``condition``, however many they are."""
    rows = call(
        client.query_iterator,
        collection,
        batch_size=_ROWS_AT_ONCE,
        filter=condition,
        output_fields=list(fields),
        consistency_level="Strong",
    )
    try:
        while some := _next(rows):
            yield from some
    finally:
        rows.close()


def _next(rows: Any) -> list[Row]:
    with told():
        return list(rows.next())


def article_rows(document: Document, path: str) -> Iterator[Row]:
    """An article of the file at ``path`` and its text."""
    article = document.article
    shared = {**filtered_fields(article), "file": key(path)}
    body = asdict(article) | {"provenance": dict(article.provenance), "path": path}
    yield from _rows(ARTICLE, article.id, json.dumps(body, ensure_ascii=False), shared)
    yield from _rows(TEXT, article.id, document.text, shared)


def file_rows(file: KnownFile, upload: bytes | None) -> Iterator[Row]:
    """An indexed file; with its bytes if it was sent, and so lies nowhere else."""
    shared = {**_NOBODY, "file": key(file.path)}
    body = json.dumps(asdict(file), ensure_ascii=False)
    yield from _rows(FILE, key(file.path), body, shared)
    if upload is not None:
        yield from _rows(UPLOAD, key(file.path), base64.b64encode(upload).decode(), shared)


def file_of(body: str) -> KnownFile:
    """A file as `file_rows` wrote it."""
    return KnownFile(**json.loads(body))


def bytes_of(body: str) -> bytes:
    """The bytes of an upload as `file_rows` wrote them."""
    return base64.b64decode(body)


def named_rows(kind: str, names: Iterable[str]) -> Iterator[Row]:
    """A row for each root, or each article that was removed."""
    for one in names:
        yield from _rows(kind, key(one), one, {**_NOBODY, "file": ""})


def parts_rows(passage: Passage, packed: str) -> Iterator[Row]:
    """The vectors of a passage's parts where they are too long to lie with it."""
    owner = {**_NOBODY, "article": passage.chunk.article_id, "file": ""}
    yield from _rows(PARTS, str(passage.id), packed, owner)


def _rows(kind: str, owner: str, body: str, shared: Mapping[str, str | int]) -> Iterator[Row]:
    for n, piece in enumerate(pieces(body)):
        at = {"id": f"{kind}:{owner}:{n}", "kind": kind, "owner": owner, "n": n, "body": piece}
        yield {**at, **shared, **NO_VECTOR}


def pieces(text: str) -> list[str]:
    """``text`` cut so that Milvus takes each piece; an empty text is one."""
    return [text[at : at + _LONGEST_PIECE] for at in range(0, len(text) or 1, _LONGEST_PIECE)]


def joined(rows: Iterable[Row]) -> dict[str, str]:
    """The whole texts of ``rows``, by their id without the number of the piece, in order of it."""
    whole: dict[str, list[Row]] = {}
    # After a crash milvus-lite may give a row twice, from its log and from a segment.
    for row in {row["id"]: row for row in rows}.values():
        whole.setdefault(row["id"].rpartition(":")[0], []).append(row)
    return {
        owner: "".join(row["body"] for row in sorted(whole[owner], key=lambda row: row["n"]))
        for owner in sorted(whole)
    }


def article_of(body: str) -> tuple[Article, str]:
    """An article as `article_rows` wrote it, and the path of its file."""
    values = json.loads(body)
    path = values.pop("path")
    repairs = tuple(Repair(r["kind"], r["count"], tuple(r["lines"])) for r in values.pop("repairs"))
    starts = tuple(values.pop("page_starts"))
    return Article(**values, repairs=repairs, page_starts=starts), path


def packed(vectors: NDArray[np.float32]) -> str:
    """Vectors, numbers of half precision, as text, to the last bit."""
    return base64.b64encode(halves(vectors)).decode()


def unpacked(text: str, dimension: int) -> NDArray[np.float32]:
    """The vectors (n, dimension) that `packed` made a text of."""
    return from_halves(base64.b64decode(text)).reshape(-1, dimension)


def passage_row(
    passage: Passage, article: Article, language: str, tokens: Mapping[int, float], parts: str
) -> Row:
    """A passage, to be searched; ``parts`` are the vectors of its parts, packed, or nothing where
    they lie in rows of their own."""
    chunk = passage.chunk
    return {
        "id": passage.id,
        "vector": passage.vector,
        "tokens": dict(tokens),
        **filtered_fields(article),
        "start": chunk.span.start,
        "end": chunk.span.end,
        "article_end": passage.article_end,
        "language": language,
        "parts": json.dumps([[part.start, part.end] for part in chunk.parts]),
        "part_vectors": parts,
        "before": passage.before,
        "text": passage.text,
        "after": passage.after,
    }


PASSAGE_FIELDS: Sequence[str] = (
    "id", "vector", "article", "start", "end", "article_end", "parts", "part_vectors",
    "before", "text", "after", "language",
)  # fmt: skip


def passage_of(row: Row, parts: str) -> Passage:
    """A passage as `passage_row` wrote it; ``parts`` are the vectors of its parts, packed."""
    vector = np.array(row["vector"], np.float32)
    spans = tuple(Span(*span) for span in json.loads(row["parts"]))
    return Passage(
        id=row["id"],
        chunk=Chunk(row["article"], Span(row["start"], row["end"]), spans),
        vector=vector,
        part_vectors=unpacked(parts, len(vector)),
        before=row["before"],
        text=row["text"],
        after=row["after"],
        article_end=row["article_end"],
    )
