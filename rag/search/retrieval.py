"""Hybrid retrieval: the passages nearest in meaning and those nearest in words, fused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.corpus.language import language_of
from rag.corpus.sounds import is_latin
from rag.corpus.stopwords import ARABIZI_STOPWORDS, content_words
from rag.corpus.text import words
from rag.index.opened import OpenIndex, Passage
from rag.records import Article, Filters, Ranks
from rag.search.dictionary import bare_words, heard_across, look_up, names_within
from rag.search.fusion import fuse

# How many passages each side contributes to the fusion, at least.
_DEPTH = 100
# Of words against meaning, for passages in the question's language; chosen on XQuAD (es, de, tr),
# ARCD train and sentences held out of the embedded model's training (benchmarks/search).
_SAME_LANGUAGE_WEIGHT = 0.6
_EDGES = "\"'“”«»()[]{}.,;:!?،؛؟…"


@dataclass(frozen=True, slots=True)
class Query:
    """A question as searched: its language, its vector (dim,), its folded words, and those of them
    that say what it is about, with a vector each (content, dim). Every vector has length 1. The
    first ``own`` of these are the question's own, the others of the turn before it.

    ``heard`` are the words of the index in the other script that sound just like one of these, of
    which each counts as its share of all that sound so (0..1);
    ``translated`` are those that stand for words the index lacks, with a weight (0..1) each;
    ``terms`` are the words it is about as they were typed.
    """

    language: str
    vector: NDArray[np.float32]
    tokens: list[str]
    content: list[str]
    own: int
    content_vectors: NDArray[np.float32]
    heard: list[tuple[str, float]]
    translated: list[tuple[str, float]]
    terms: list[str]


def make_query(text: str, index: OpenIndex, encoder: Encoder, *, context: str = "") -> Query:
    """The query for a question, in one encoding; ``context`` is what it must be read with."""
    language = language_of(text)
    own = content_words(words(text)) or list(dict.fromkeys(words(text)))
    whole = f"{context}\n{text}" if context else text
    tokens = words(whole)
    before = content_words(words(context))
    about = {*own, *before}
    terms = [typed.strip(_EDGES) for typed in whole.split() if not about.isdisjoint(words(typed))]
    if language == "ar" and any(map(is_latin, own)):
        # Arabic in Latin letters: read as the words of the index that it sounds like.
        own = [word for word in own if word not in ARABIZI_STOPWORDS] or own
        bare = bare_words([*tokens, *own], index)
        own = list(dict.fromkeys(bare[word] for word in own))
        heard = heard_across(list(bare.values()), index)
        whole = " ".join(" ".join(heard[bare[token]]) or token for token in tokens)
    own = names_within(own, index)
    content = list(dict.fromkeys([*own, *before]))
    vector, entries = look_up(whole, content, index, encoder)
    return Query(
        language=language,
        vector=vector,
        tokens=tokens,
        content=content,
        own=len(own),
        content_vectors=np.array([entry.vector for entry in entries]).reshape(-1, len(vector)),
        heard=[(word, 1 / len(entry.heard)) for entry in entries for word in entry.heard],
        translated=[pair for entry in entries for pair in entry.translated],
        terms=terms,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, its article, and where each side placed it; ``score`` orders, higher is better."""

    passage: Passage
    article: Article
    score: float
    ranks: Ranks


def retrieve(
    index: OpenIndex,
    query: Query,
    *,
    top_k: int,
    filters: Filters = Filters(),
) -> list[Found]:
    """The ``top_k`` passages that suit ``query`` best, best first, equal ones by id."""
    depth = max(_DEPTH, 2 * top_k)
    near = index.nearest(query.vector, depth, filters)
    also = query.heard + query.translated
    shared = index.matching(query.tokens, depth, filters, also=also)
    languages = index.languages(list({chunk_id for chunk_id, _ in near + shared}))
    best = fuse(near, shared, lexical_weight=_lexical_weight(languages, query))[:top_k]
    rank_near, rank_shared = _ranks(near), _ranks(shared)
    passages = {one.id: one for one in index.passages([chunk_id for chunk_id, _ in best])}
    articles = index.articles(list({one.chunk.article_id for one in passages.values()}))
    # What was removed since the index was loaded is not found.
    there = [
        (passages[chunk_id], score)
        for chunk_id, score in best
        if chunk_id in passages and passages[chunk_id].chunk.article_id in articles
    ]
    return [
        Found(
            passage,
            articles[passage.chunk.article_id],
            score,
            Ranks(rank_near.get(passage.id), rank_shared.get(passage.id)),
        )
        for passage, score in there
    ]


def _lexical_weight(languages: Mapping[int, str], query: Query) -> Callable[[int], float]:
    """How much shared words count: more in the question's language, less in another."""

    def weight(chunk_id: int) -> float:
        same = languages.get(chunk_id) == query.language
        return _SAME_LANGUAGE_WEIGHT if same else 1 - _SAME_LANGUAGE_WEIGHT

    return weight


def _ranks(hits: list[tuple[int, float]]) -> dict[int, int]:
    return {chunk_id: n for n, (chunk_id, _) in enumerate(hits, start=1)}
