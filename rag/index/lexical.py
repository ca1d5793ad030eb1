"""Matching words, by tantivy: BM25 over our own tokens, in three fields.

``stems`` holds light stems, ``grams`` character 4-grams of words, ``title`` the stems of the
article's title. tantivy sees them as white-space separated text, so that both sides of a search
go through `rag.corpus.text` and nothing else. Its BM25 uses k1 1.2 and b 0.75.
"""

import math
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from rag.corpus.text import all_grams, stem, stems, words
from rag.errors import IndexUnavailable

FOLDER = "lexical"
_TOKENIZER = "whitespace"
_HEAP_BYTES = 50_000_000
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


def build(folder: Path, chunks: Iterable[tuple[int, str, str]]) -> None:
    """Write an index of ``chunks`` (id, title, text), replacing what is there.

    Raises:
        IndexUnavailable: it cannot be written.
    """
    path = folder / FOLDER
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    try:
        _write(path, chunks)
    except ValueError:  # how tantivy passes on what its own writing met
        raise IndexUnavailable(
            f"the word index cannot be written to {path}; is the disk full?"
        ) from None


def _write(path: Path, chunks: Iterable[tuple[int, str, str]]) -> None:
    index = _register(tantivy.Index(_schema(), path=str(path), reuse=False))
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for chunk_id, title, text in chunks:
        tokens = words(text)
        writer.add_document(
            tantivy.Document(
                id=chunk_id,
                stems=" ".join(stems(tokens)),
                grams=" ".join(all_grams(tokens)),
                title=" ".join(stems(words(title))),
            )
        )
    writer.commit()
    writer.wait_merging_threads()


def load(folder: Path) -> LexicalIndex:
    """The index in ``folder``.

    Raises:
        IndexUnavailable: it is missing or damaged.
    """
    try:
        index = _register(tantivy.Index.open(str(folder / FOLDER)))
        index.reload()
        return LexicalIndex(index.schema, index.searcher())
    except (ValueError, OSError) as error:
        raise IndexUnavailable(f"the word index cannot be read: {error}") from None


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
    fields = {"stems": stems(tokens), "grams": all_grams(tokens), "title": stems(tokens)}
    terms = [
        _term(index, field, token, _BOOSTS[field])
        for field, field_tokens in fields.items()
        for token in dict.fromkeys(field_tokens)
    ]
    terms += [_term(index, "stems", stem(word), weight) for word, weight in also]
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


def idf(index: LexicalIndex, stem: str) -> float:
    """Inverse document frequency of a stem over the chunks, 0 or more, as BM25 has it
    (Robertson and Zaragoza 2009)."""
    df = index.searcher.doc_freq("stems", stem)
    return math.log1p((index.searcher.num_docs - df + 0.5) / (df + 0.5))
