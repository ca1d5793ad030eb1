"""Hybrid retrieval: the passages nearest in meaning and those nearest in words, fused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.corpus.language import ARABIZI_WORDS, language_of
from rag.corpus.sounds import is_latin, sound
from rag.corpus.stopwords import content_words
from rag.corpus.text import words
from rag.index.opened import OpenIndex, Passage
from rag.records import Article, Filters, Ranks
from rag.search.fusion import fuse
from rag.search.translation import translations

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

    ``heard`` are words of the index that sound like a word of the question in the other script;
    ``translated`` are those that stand for words the index lacks, with a weight (0..1) each;
    ``terms`` are the words it is about as they were typed.
    """

    language: str
    vector: NDArray[np.float32]
    tokens: list[str]
    content: list[str]
    own: int
    content_vectors: NDArray[np.float32]
    heard: list[str]
    translated: list[tuple[str, float]]
    terms: list[str]


def make_query(text: str, index: OpenIndex, encoder: Encoder, *, context: str = "") -> Query:
    """The query for a question, in one encoding; ``context`` is what it must be read with."""
    language = language_of(text)
    own = content_words(words(text)) or list(dict.fromkeys(words(text)))
    whole = f"{context}\n{text}" if context else text
    tokens = words(whole)
    content = list(dict.fromkeys([*own, *content_words(words(context))]))
    terms = [typed.strip(_EDGES) for typed in whole.split() if set(words(typed)) & set(content)]
    heard = _heard(tokens, index)
    if language == "ar" and any(map(is_latin, own)):
        # Arabic in Latin letters: read as the words of the index that it sounds like.
        own = [word for word in own if word not in ARABIZI_WORDS] or own
        content = list(dict.fromkeys([*own, *content[len(own) :]]))
        whole = " ".join(" ".join(heard[token]) or token for token in tokens)
    vectors = encoder.encode_questions([whole, *content])
    return Query(
        language=language,
        vector=vectors[0],
        tokens=tokens,
        content=content,
        own=len(own),
        content_vectors=vectors[1:],
        heard=list(dict.fromkeys(word for token in content for word in heard[token])),
        translated=translations(content, vectors[1:], index),
        terms=terms,
    )


def _heard(tokens: list[str], index: OpenIndex) -> dict[str, list[str]]:
    """For each of ``tokens``, the words of the index in the other script that sound like it."""
    sounds = {token: sound(token) for token in tokens}
    alike = index.sounding(list(dict.fromkeys(sounds.values())))
    return {
        token: [w for w in alike.get(heard, ()) if is_latin(w) != is_latin(token)]
        for token, heard in sounds.items()
    }


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
    shared = index.matching(query.tokens + query.heard, depth, filters, also=query.translated)
    languages = index.languages(list({chunk_id for chunk_id, _ in near + shared}))
    best = fuse(near, shared, lexical_weight=_lexical_weight(languages, query))[:top_k]
    rank_near, rank_shared = _ranks(near), _ranks(shared)
    # What was removed since the index was loaded is not found.
    read = index.passages([chunk_id for chunk_id, _ in best])
    passages = {passage.id: passage for passage in read}
    articles = index.articles(list({passage.chunk.article_id for passage in read}))
    return [
        Found(
            passages[chunk_id],
            articles[passages[chunk_id].chunk.article_id],
            score,
            Ranks(rank_near.get(chunk_id), rank_shared.get(chunk_id)),
        )
        for chunk_id, score in best
        if chunk_id in passages and passages[chunk_id].chunk.article_id in articles
    ]


def _lexical_weight(languages: Mapping[int, str], query: Query) -> Callable[[int], float]:
    """How much shared words count: more in the question's language, less in another."""

    def weight(chunk_id: int) -> float:
        same = languages.get(chunk_id) == query.language
        return _SAME_LANGUAGE_WEIGHT if same else 1 - _SAME_LANGUAGE_WEIGHT

    return weight


def _ranks(hits: list[tuple[int, float]]) -> dict[int, int]:
    return {chunk_id: n for n, (chunk_id, _) in enumerate(hits, start=1)}
