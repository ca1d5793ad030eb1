"""Grow an index by passages of its own sentences, drawn anew: many more, of the same words.

    python -m benchmarks.scale.recombine HOME PASSAGES

For measuring searches at a size for which there is neither the text nor the time. A passage is
three parts of real passages of one language, with their vectors; its own vector is the direction of
their sum. The vocabulary does not grow as that of new text would. Rows are written as by `sync`.
"""

import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import EMBEDDED, load_encoder
from rag.corpus.text import analysed
from rag.index import build, derived, lexical, store
from rag.index.lock import writing
from rag.index.rows import Row, article_row, chunk_row
from rag.records import Article, Chunk, Document, Span
from rag.search.parts import part_texts

_SOURCES = 15_000
_PARTS = 3
_PASSAGES = 6
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a real passage: its text, vector (dim,) and fields of the word index."""

    text: str
    vector: NDArray[np.float32]
    fields: lexical.Fields


def parts_of(home: Path) -> dict[str, list[Part]]:
    """Parts of real passages, by language."""
    found: dict[str, list[Part]] = defaultdict(list)
    with store.reading(home) as connection:
        ids = list(range(1, min(_SOURCES, store.last_chunk(connection)) + 1))
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            languages = store.chunk_languages(connection, some)
            for passage in store.passages(connection, some):
                for text, vector in zip(part_texts(passage), passage.part_vectors, strict=True):
                    part = Part(text, vector, lexical.fields("", analysed(text)))
                    found[languages[passage.id]].append(part)
    return {language: parts for language, parts in found.items() if len(parts) > 1000}


def article(
    number: int, language: str, parts: list[Part], chance: random.Random
) -> tuple[Document, list[Row], list[lexical.Fields]]:
    """An article of passages made of ``parts``."""
    identity, text = f"{number:016x}", ""
    rows: list[Row] = []
    fields: list[lexical.Fields] = []
    for _ in range(_PASSAGES):
        some, start, spans = chance.choices(parts, k=_PARTS), len(text), []
        for part in some:
            spans.append(Span(len(text), len(text) + len(part.text)))
            text += part.text + " "
        vectors = np.stack([part.vector for part in some])
        whole = vectors.sum(axis=0)
        span = Span(start, len(text) - 1)
        chunk = Chunk(identity, span, tuple(spans))
        vector = (whole / np.linalg.norm(whole)).astype(np.float32)
        rows.append(chunk_row(chunk, language, span.of(text), vector, vectors))
        stems, grams, _ = zip(*(part.fields for part in some), strict=True)
        fields.append((" ".join(stems), " ".join(grams), ""))
        text += "\n\n"
    return Document(Article(identity, f"{identity}.txt", language), text), rows, fields


def recombine(home: Path, passages: int) -> None:
    """Add ``passages`` to the index in ``home``."""
    chance = random.Random(1)
    every = parts_of(home)
    languages = list(every)
    weights = [len(parts) for parts in every.values()]
    encoder = load_encoder(EMBEDDED)
    with writing(home):
        connection = store.connect(home, write=True)
        manifest = store.read_manifest(connection)
        assert manifest is not None
        manifest.check(embedding_model=encoder.name, dimension=encoder.dimension)
        index = derived.WordIndexWriter(home, connection, manifest.lineage)
        first = store.last_chunk(connection)
        started = time.perf_counter()
        for start in range(0, passages // _PASSAGES, _AT_ONCE):
            store.begin(connection)
            for number in range(start, min(start + _AT_ONCE, passages // _PASSAGES)):
                (language,) = chance.choices(languages, weights)
                document, rows, fields = article(first + number, language, every[language], chance)
                path = f"/recombined/{document.article.filename}"
                store.put_file(connection, store.KnownFile(path, document.article.id, path))
                about = lexical.labels(document.article.id, language, None)
                ids = store.put(connection, [(path, article_row(document), rows)])
                index.add(
                    (chunk_id, some, about) for chunk_id, some in zip(ids, fields, strict=True)
                )
            connection.execute("COMMIT")
            done = (start + _AT_ONCE) * _PASSAGES
            print(f"{done:,} {done / (time.perf_counter() - started):,.0f} a second", flush=True)
        build._publish(connection, home, index, manifest, at_once=False)
        connection.close()


if __name__ == "__main__":
    recombine(Path(sys.argv[1]), int(sys.argv[2]))
