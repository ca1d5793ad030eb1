"""The index in Milvus as the engine reads it: nothing of it lies on this machine.

Every search and look-up knows what was written before the state it is of was named: Milvus is told
the moment of it (`rag.index.milvus.state`) and waits, if it must, until it is that far.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pymilvus import MilvusClient

from embeddings import Encoder
from rag.corpus.sounds import TELLING
from rag.errors import ArticleNotFound, IndexMissing
from rag.index import lexical
from rag.index.milvus import records, sparse
from rag.index.milvus.client import call, connect, disconnect
from rag.index.milvus.filters import expression, is_safe, one_of
from rag.index.milvus.schema import load, name
from rag.index.milvus.state import Published, published
from rag.index.opened import Background, Hits, Passage
from rag.kept import Kept
from rag.records import Article, Document, Filters, IndexInfo

# As in `rag.index.local`: passages in memory, some 15 KB each, and ready to be matched, some
# 130 KB each, words of questions, vectors of words; and terms and sounds that were looked up.
_MOST_READ = 2_000
_MOST_READY = 500
_MOST_ENTRIES = 5_000
_MOST_KNOWN = 50_000
_MOST_TERMS = 200_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was looked up before, of one state, and what searching made of it: passages ``read`` and
    ``ready`` to be matched, ``entries`` of words that were asked, vectors of ``words``, in how many
    passages ``terms`` stand, the words of ``sounds``."""

    read: Kept[int, Passage] = field(default_factory=lambda: Kept(_MOST_READ))
    ready: Kept[int, Any] = field(default_factory=lambda: Kept(_MOST_READY))
    entries: Kept[str, Any] = field(default_factory=lambda: Kept(_MOST_ENTRIES))
    words: Kept[str, NDArray[np.float32]] = field(default_factory=lambda: Kept(_MOST_KNOWN))
    terms: Kept[int, int] = field(default_factory=lambda: Kept(_MOST_TERMS))
    sounds: Kept[str, list[str]] = field(default_factory=lambda: Kept(_MOST_TERMS))


@dataclass(frozen=True, slots=True)
class MilvusState:
    """`rag.index.opened.OpenIndex`: the collections of one published state."""

    _client: MilvusClient
    _state: Published
    _kept: _Kept
    _languages: dict[int, str] = field(default_factory=dict)

    @property
    def info(self) -> IndexInfo:
        """Which state it is."""
        manifest = self._state.manifest
        return IndexInfo(
            version=f"{manifest.generation}-{manifest.stamp}",
            articles=self._state.articles,
            chunks=self._state.passages,
            embedding_model=manifest.embedding_model,
        )

    @property
    def background(self) -> Background:
        """How near its passages are to each other."""
        return self._state.background

    @property
    def ready(self) -> Kept[int, Any]:
        """What searching has made of passages."""
        return self._kept.ready

    @property
    def entries(self) -> Kept[str, Any]:
        """What searching has made of words."""
        return self._kept.entries

    def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters = Filters()) -> Hits:
        """Passages nearest in meaning; see `OpenIndex`."""
        return self._search("vector", vector, k, filters)

    def matching(
        self,
        tokens: list[str],
        k: int,
        filters: Filters = Filters(),
        *,
        also: Sequence[tuple[str, float]] = (),
    ) -> Hits:
        """Passages that share most words; see `OpenIndex`."""
        asked = [(sparse.term(f, t), weight) for f, t, weight in lexical.asked(tokens, also)]
        rare = self._rare([term for term, _ in asked])
        weights: dict[int, float] = {}
        for (term, weight), idf in zip(asked, rare, strict=True):
            weights[term] = weights.get(term, 0.0) + weight * idf
        return self._search("tokens", weights, k, filters) if weights else []

    def _search(self, by: str, query: Any, k: int, filters: Filters) -> Hits:
        condition = expression(filters)
        if k < 1 or condition is None or not self._state.passages:
            return []
        (hits,) = self._call(
            self._client.search,
            "passages",
            data=[query],
            anns_field=by,
            limit=k,
            filter=condition,
            output_fields=["language"],
            search_params={"metric_type": "IP"},
        )
        self._languages.update({hit["id"]: hit["entity"]["language"] for hit in hits})
        found = {int(hit["id"]): float(hit["distance"]) for hit in hits}
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def _call(self, method: Any, kind: str, **named: Any) -> Any:
        return call(
            method,
            name(self._state.lineage, kind),
            consistency_level="Customized",
            guarantee_timestamp=self._state.moment,
            **named,
        )

    def _rows(self, kind: str, condition: str, fields: Sequence[str]) -> list[records.Row]:
        return list(
            self._call(self._client.query, kind, filter=condition, output_fields=list(fields))
        )

    def idf(self, stems: Sequence[str]) -> list[float]:
        """How rare each stem is."""
        return self._rare([sparse.term("stems", stem) for stem in stems])

    def _rare(self, terms: Sequence[int]) -> list[float]:
        def find(unknown: list[int]) -> dict[int, int]:
            rows = self._rows("terms", one_of("id", unknown), ["passages"])
            return dict.fromkeys(unknown, 0) | {row["id"]: row["passages"] for row in rows}

        having = _through(self._kept.terms, terms, find)
        every = self._state.passages
        # Passages that were taken out may still count, as they do in tantivy.
        return [sparse.idf(every, min(having[term], every)) for term in terms]

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these ids."""

        def find(unknown: list[int]) -> dict[int, Passage]:
            rows = self._rows("passages", one_of("id", unknown), records.PASSAGE_FIELDS)
            return {passage.id: passage for passage in self._passages(rows)}

        found = _through(self._kept.read, ids, find)
        return [found[passage] for passage in ids if passage in found]

    def _passages(self, rows: Sequence[records.Row]) -> list[Passage]:
        long = sorted(f"{row['id']}" for row in rows if not row["part_vectors"])
        parts = self._joined(records.PARTS, long)
        return [
            records.passage_of(row, row["part_vectors"] or parts[f"{row['id']}"]) for row in rows
        ]

    def passages_of(self, article_id: str, most: int) -> list[Passage]:
        """The first passages of an article."""
        rows = self._rows("passages", one_of("article", [article_id]), ["id"])
        return self.passages(sorted(row["id"] for row in rows)[:most])

    def languages(self, ids: Sequence[int]) -> dict[int, str]:
        """The languages of passages, most of which were found a moment ago."""
        if unknown := [passage for passage in ids if passage not in self._languages]:
            rows = self._rows("passages", one_of("id", unknown), ["language"])
            self._languages.update({row["id"]: row["language"] for row in rows})
        return {passage: self._languages[passage] for passage in ids if passage in self._languages}

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """The articles with these ids."""
        bodies = self._joined(records.ARTICLE, ids)
        return {id_: records.article_of(body)[0] for id_, body in bodies.items()}

    def articles_of_file(self, path: str) -> tuple[Article, ...]:
        """The articles of the file at a stored path."""
        condition = f'kind == "{records.ARTICLE}" and file == "{records.key(path)}"'
        bodies = records.joined(self._rows("records", condition, ["id", "n", "body"]))
        return tuple(records.article_of(body)[0] for body in bodies.values())

    def _joined(self, kind: str, owners: Sequence[str]) -> dict[str, str]:
        """The whole bodies of records of one kind, by their owner."""
        if not owners:
            return {}
        condition = f'kind == "{kind}" and {one_of("owner", owners)}'
        rows = self._rows("records", condition, ["id", "n", "body"])
        return {key.partition(":")[2]: body for key, body in records.joined(rows).items()}

    def listing(self, filters: Filters = Filters()) -> list[Article]:
        """The articles that ``filters`` let through."""
        condition = expression(filters)
        if condition is None:
            return []
        wanted = f'kind == "{records.ARTICLE}"' + (f" and {condition}" if condition else "")
        collection = name(self._state.lineage, "records")
        rows = records.every(self._client, collection, wanted, ["id", "n", "body"])
        found = [records.article_of(body)[0] for body in records.joined(rows).values()]
        return sorted(found, key=lambda article: (article.filename, article.id))

    def document(self, article_id: str) -> Document:
        """One article with its text."""
        found = self.articles([article_id]) if is_safe(article_id) else {}
        if article_id not in found:
            raise ArticleNotFound("there is no article with that id")
        return Document(found[article_id], self._joined(records.TEXT, [article_id])[article_id])

    def word_vectors(self, words: Sequence[str]) -> tuple[list[int], NDArray[np.float32]]:
        """The vectors of those of ``words`` that are words of the index."""

        def find(unknown: list[str]) -> dict[str, NDArray[np.float32]]:
            condition = one_of("id", map(records.word_key, unknown))
            rows = self._rows("words", condition, ["word", "vector"])
            return {row["word"]: np.array(row["vector"], np.float32) for row in rows}

        found = _through(self._kept.words, words, find)
        known = [n for n, word in enumerate(words) if word in found]
        dimension = self._state.manifest.dimension
        vectors = np.array([found[words[n]] for n in known], np.float32)
        return known, vectors.reshape(-1, dimension)

    def nearest_words(self, vectors: NDArray[np.float32], k: int) -> list[list[tuple[str, float]]]:
        """The words nearest in meaning to each of ``vectors``."""
        found = self._call(
            self._client.search,
            "words",
            data=list(vectors),
            anns_field="vector",
            limit=k,
            output_fields=["word"],
            search_params={"metric_type": "IP"},
        )
        pairs = [
            [(hit["entity"]["word"], float(hit["distance"])) for hit in hits] for hits in found
        ]
        return [sorted(near, key=lambda pair: (-pair[1], pair[0])) for near in pairs]

    def sounding(self, sounds: Sequence[str]) -> dict[str, list[str]]:
        """The words that have these sounds."""

        def find(unknown: list[str]) -> dict[str, list[str]]:
            found: dict[str, list[str]] = {sound: [] for sound in unknown}
            for row in self._rows("words", one_of("sound", unknown), ["word", "sound"]):
                found[row["sound"]].append(row["word"])
            return {sound: sorted(words) for sound, words in found.items()}

        telling = [sound for sound in sounds if len(sound) >= TELLING]
        alike = _through(self._kept.sounds, telling, find)
        return {sound: words for sound, words in alike.items() if words}


K = TypeVar("K")
V = TypeVar("V")


def _through(
    kept: Kept[K, V], keys: Sequence[K], find: Callable[[list[K]], dict[K, V]]
) -> dict[K, V]:
    """What is known of ``keys``: what was ``kept``, else what ``find`` finds of the others, which
    is kept from then on."""
    found = {key: value for key in keys if (value := kept.get(key)) is not None}
    if unknown := [key for key in dict.fromkeys(keys) if key not in found]:
        for key, value in find(unknown).items():
            kept.keep(key, value)
            found[key] = value
    return found


class MilvusIndex:
    """`rag.index.opened.Index` in Milvus. Any number of processes may read one."""

    def __init__(self, uri: str, token: str | None, encoder: Encoder) -> None:
        """At ``uri`` (`rag.index.milvus.client`), searched by the vectors of ``encoder``."""
        self._uri, self._encoder = uri, encoder
        self._client = connect(uri, token)
        self._lock = threading.Lock()
        self._loaded = ""
        self._last: tuple[Published, _Kept] | None = None

    @contextmanager
    def reading(self) -> Iterator[MilvusState]:
        """The newest state; see `Index`."""
        state = published(self._client)
        if state is None:
            raise IndexMissing("there is no index in Milvus yet; make one with: isnad index FOLDER")
        state.manifest.check(embedding_model=self._encoder.name, dimension=self._encoder.dimension)
        yield MilvusState(self._client, state, self._kept_of(state))

    def _kept_of(self, state: Published) -> _Kept:
        if self._loaded != state.lineage:
            load(self._client, state.lineage)
            self._loaded = state.lineage
        with self._lock:
            if self._last is None or self._last[0] != state:
                self._last = (state, _Kept())
            return self._last[1]

    def loaded(self) -> IndexInfo | None:
        """Never known at once; see `Index`."""
        return None

    def close(self) -> None:
        """Let go of the connection."""
        disconnect(self._client, self._uri)
