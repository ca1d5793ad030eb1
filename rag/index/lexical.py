"""Matching words, by tantivy: BM25 over our own tokens, in three fields.

``stems`` holds light stems, ``grams`` character 4-grams of words, ``title`` the stems of the
article's title. tantivy sees them as white-space separated text, so that both sides of a search
go through `rag.corpus.text` and nothing else. Its BM25 uses k1 1.2 and b 0.75.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from rag.corpus.text import all_grams, grams, stem, stems, words
from rag.errors import IndexDamaged, IndexUnavailable

_TOKENIZER = "whitespace"
_HEAP_BYTES = 50_000_000
Fields = tuple[str, str, str]
"""The stems, 4-grams and title's stems of a chunk, each white-space separated."""
_BOOSTS = {"stems": 1.0, "grams": 0.6, "title": 0.2}


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """An opened index and the searcher over its one commit."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=False, indexed=True, fast=True)
    for field in _BOOSTS:
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


def _register(index: tantivy.Index) -> tantivy.Index:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, analyzer)
    return index


class LexicalWriter:
    """Adds chunks to the index in a folder and takes chunks out; nothing is seen before `commit`.

    Raises:
        IndexUnavailable: from any of its methods, it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        """Open the index in ``folder``, or make one there."""
        self._folder = folder
        with _written(folder):
            folder.mkdir(exist_ok=True)
            self._index = _register(tantivy.Index(_schema(), path=str(folder)))
            self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, chunk_id: int, fields: Fields) -> None:
        """Add a chunk."""
        with _written(self._folder):
            self._writer.add_document(_document(chunk_id, fields))

    def remove(self, chunk_ids: Iterable[int]) -> None:
        """Take chunks out; one that is not there is no error."""
        with _written(self._folder):
            for chunk_id in chunk_ids:
                self._writer.delete_documents_by_term("id", chunk_id)

    def commit(self) -> None:
        """Make it so, and be done."""
        with _written(self._folder):
            self._writer.commit()
            self._writer.wait_merging_threads()


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:  # how tantivy passes on what its own writing met
        raise IndexUnavailable(
            f"the word index cannot be written to {folder} ({error}); is the disk full?"
        ) from None


def fields(title: str, tokens: Sequence[str]) -> Fields:
    """What the index holds of a chunk of these folded words, of an article of this title."""
    return " ".join(map(stem, tokens)), " ".join(map(_joined_grams, tokens)), _title_stems(title)


def _document(chunk_id: int, fields: Fields) -> tantivy.Document:
    stems, grams, title = fields
    return tantivy.Document(id=chunk_id, stems=stems, grams=grams, title=title)


def by_name(fields: Fields) -> dict[str, list[str]]:
    """The tokens of a chunk, by the name of their field."""
    return {name: found.split() for name, found in zip(_BOOSTS, fields, strict=True)}


def asked(
    tokens: Sequence[str], also: Sequence[tuple[str, float]] = ()
) -> list[tuple[str, str, float]]:
    """What is looked for: field, token, and how much it counts; see `search`."""
    found = {"stems": stems(tokens), "grams": all_grams(tokens), "title": stems(tokens)}
    terms = [(f, token, _BOOSTS[f]) for f in found for token in dict.fromkeys(found[f])]
    return terms + [("stems", stem(word), weight) for word, weight in also]


@lru_cache(maxsize=200_000)
def _joined_grams(word: str) -> str:
    return " ".join(grams(word))


@lru_cache(maxsize=1000)
def _title_stems(title: str) -> str:
    return " ".join(stems(words(title)))


def in_memory(chunks: Iterable[tuple[int, str, str]]) -> LexicalIndex:
    """An index of ``chunks`` (id, title, text) that has no files."""
    index = _register(tantivy.Index(_schema()))
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for chunk_id, title, text in chunks:
        writer.add_document(_document(chunk_id, fields(title, words(text))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return LexicalIndex(index.schema, index.searcher())


def load(folder: Path) -> LexicalIndex:
    """The index in ``folder``.

    Raises:
        IndexDamaged: it is missing or damaged.
    """
    try:
        index = _register(tantivy.Index.open(str(folder)))
        index.reload()
        return LexicalIndex(index.schema, index.searcher())
    except (ValueError, OSError) as error:
        raise IndexDamaged(f"the word index cannot be read: {error}") from None


def search(
    index: LexicalIndex,
    tokens: list[str],
    k: int,
    allowed: NDArray[np.int64] | None = None,
    *,
    also: Sequence[tuple[str, float]] = (),
) -> list[tuple[int, float]]:
    """The ids that share most with the folded words ``tokens``, with their BM25 score (above 0).

    At most ``k``, best first, equal ones by id; only ``allowed`` ids where given. ``also`` are
    further folded words whose stems count as much as the weight (0..1) beside each.
    """
    if not (tokens or also) or k < 1 or (allowed is not None and not len(allowed)):
        return []
    terms = [_term(index, *term) for term in asked(tokens, also)]
    query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
    if allowed is not None:
        only = tantivy.Query.term_set_query(index.schema, "id", allowed.tolist())
        unscored = tantivy.Query.const_score_query(only, 0.0)
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)]
        )
    hits = index.searcher.search(query, limit=k, count=False).hits
    ids = index.searcher.fast_field_values("id", [address for _, address in hits])
    found = [(int(i or 0), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _term(index: LexicalIndex, field: str, token: str, boost: float) -> tantivy.Query:
    term = tantivy.Query.term_query(index.schema, field, token, index_option="freq")
    return tantivy.Query.boost_query(term, boost)


def doc_freq(index: LexicalIndex, field: str, token: str) -> int:
    """How many chunks have a token in a field; those that were taken out count until their segment
    is merged."""
    return int(index.searcher.doc_freq(field, token))


def idf(index: LexicalIndex, stem: str) -> float:
    """Inverse document frequency of a stem over the chunks, 0 or more, as BM25 has it
    (Robertson and Zaragoza 2009)."""
    # Chunks that were taken out count until their segment is merged.
    df = min(index.searcher.doc_freq("stems", stem), index.searcher.num_docs)
    return math.log1p((index.searcher.num_docs - df + 0.5) / (df + 0.5))
