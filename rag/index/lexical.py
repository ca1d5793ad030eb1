"""Matching words, by tantivy: BM25 over our own tokens, in three fields.

``stems`` holds light stems, ``grams`` character 4-grams of words, ``title`` the stems of the
article's title. tantivy sees them as white-space separated text, so that both sides of a search
go through `rag.corpus.text` and nothing else. Its BM25 uses k1 1.2 and b 0.75. What filters look at
lies beside them: the article, its language, the first and last day that it may be published on.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tantivy

from rag.corpus.text import Analysis, all_grams, analysed, stem, stems, words
from rag.errors import IndexDamaged, IndexUnavailable
from rag.records import Filters

_TOKENIZER = "whitespace"
_HEAP_BYTES = 50_000_000
Fields = tuple[str, str, str]
"""The stems, 4-grams and title's stems of a chunk, each white-space separated."""
Labels = tuple[str, str, int, int]
"""The id of an article, its language, and its first and last day as YYYYMMDD, 0 where unknown."""
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
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
    for field in ("article", "language"):
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="basic")
    for field in ("first_day", "last_day"):
        builder.add_integer_field(field, stored=False, indexed=True, fast=True)
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

    def add(self, chunks: Iterable[tuple[int, Fields, Labels]]) -> None:
        """Add chunks, each under its id."""
        with _written(self._folder):
            for chunk_id, fields, labels in chunks:
                self._writer.add_document(_document(chunk_id, fields, labels))

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


def fields(title: str, chunk: Analysis) -> Fields:
    """What the index holds of a chunk, of an article of this title."""
    return chunk.stems, chunk.grams, _title_stems(title)


def labels(article_id: str, language: str, published: str | None) -> Labels:
    """What filters look at of an article."""
    return article_id, language, *(_days(published or "") or (0, 0))


def _days(date: str) -> tuple[int, int] | None:
    """The first and last day of an ISO date that may be cut to the month or the year. They order
    as days do; there may be none of them in a calendar."""
    match = _DATE.fullmatch(date)
    if match is None:
        return None
    year, month, day = match.groups()
    return int(year + (month or "00") + (day or "00")), int(year + (month or "99") + (day or "99"))


def _document(chunk_id: int, fields: Fields, labels: Labels) -> tantivy.Document:
    stems, grams, title = fields
    article, language, first, last = labels
    days = {"first_day": first, "last_day": last} if last else {}
    return tantivy.Document(
        id=chunk_id, stems=stems, grams=grams, title=title, article=article, language=language,
        **days,
    )  # fmt: skip


def by_name(fields: Fields) -> dict[str, list[str]]:
    """The tokens of a chunk, by the name of their field."""
    return {name: found.split() for name, found in zip(_BOOSTS, fields, strict=True)}


def asked(
    tokens: Sequence[str], also: Sequence[tuple[str, float]] = ()
) -> list[tuple[str, str, float]]:
    """What is looked for: field, token, and how much it counts; see `search`."""
    found = {"stems": stems(tokens), "grams": all_grams(tokens), "title": stems(tokens)}
    terms = [(f, token, _BOOSTS[f]) for f in found for token in dict.fromkeys(found[f])]
    counting: defaultdict[str, float] = defaultdict(float)
    for word, weight in also:
        counting[stem(word)] += weight
    return terms + [("stems", token, weight) for token, weight in counting.items()]


@lru_cache(maxsize=1000)
def _title_stems(title: str) -> str:
    return " ".join(stems(words(title)))


def in_memory(chunks: Iterable[tuple[int, str, str, Labels]]) -> LexicalIndex:
    """An index of ``chunks`` (id, title, text, labels) that has no files."""
    index = _register(tantivy.Index(_schema()))
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for chunk_id, title, text, about in chunks:
        writer.add_document(_document(chunk_id, fields(title, analysed(text)), about))
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
    filters: Filters = Filters(),
    *,
    also: Sequence[tuple[str, float]] = (),
) -> list[tuple[int, float]]:
    """The ids that share most with the folded words ``tokens``, with their BM25 score (above 0).

    At most ``k``, best first, equal ones by id; only of articles that ``filters`` let through.
    ``also`` are further folded words whose stems count as much as the weight (0..1) beside each.
    """
    if not (tokens or also) or k < 1:
        return []
    terms = [_term(index, *term) for term in asked(tokens, also)]
    query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
    if only := _only(index.schema, filters):
        unscored = [tantivy.Query.const_score_query(one, 0.0) for one in only]
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, one) for one in (query, *unscored)]
        )
    hits = index.searcher.search(query, limit=k, count=False).hits
    ids = index.searcher.fast_field_values("id", [address for _, address in hits])
    found = [(int(i or 0), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _only(schema: tantivy.Schema, filters: Filters) -> list[tantivy.Query]:
    """What a chunk has to be for the filters to let it through. A date bound compares as far as
    both dates are known; what has no date is outside every bound."""
    only = [
        tantivy.Query.term_set_query(schema, field, list(allowed))
        for field, allowed in (("article", filters.article_ids), ("language", filters.languages))
        if allowed
    ]
    start, end = (_days(bound or "") for bound in (filters.published_from, filters.published_to))
    for field, lowest, highest in (
        ("last_day", start and start[0], None),
        ("first_day", None, end and end[1]),
    ):
        if lowest is not None or highest is not None:
            kind = tantivy.FieldType.Integer
            only.append(tantivy.Query.range_query(schema, field, kind, lowest, highest))
    return only


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
