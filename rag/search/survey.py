"""What is asked about whole articles: which ones are meant, which mention a thing, what they say.

The sentences that say most of an article are those nearest to the mean of all its sentences
(centroid-based summaries, Radev et al. 2004), each different from the ones before it (maximal
marginal relevance, Carbonell and Goldstein 1998).
"""

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from rag.index.opened import OpenIndex
from rag.records import Article, Evidence, Filters
from rag.search.matching import Matcher, bag_of, texts_of, words_of
from rag.search.parts import part_evidence, part_texts
from rag.search.retrieval import Query, retrieve

# Passages looked at to find the articles that are meant, or that mention something.
_DEPTH = 50
# Share of a subject's words that an article must match to be the one that is meant.
_MEANT = 0.5
# Of the best one's share, what another article needs to be meant as well.
_AS_WELL = 0.9
# Share that a sentence must match to mention the subject; a translated word matches by about 0.7.
_MENTIONED = 0.6
# Passages of one article that a summary is drawn from.
_LONGEST = 60
# Of nearness to the whole against newness in a summary, and what the first sentences get on top.
_NEWNESS = 0.5
_LEAD = 0.1
_FEWEST_WORDS = 6


def meant(index: OpenIndex, query: Query, filters: Filters) -> list[Article]:
    """The articles that ``query`` may name, by their titles or by what they are about, best first:
    one, or those that suit it as well."""
    found = retrieve(index, query, top_k=_DEPTH, filters=filters)
    titles = [hit.article.title or "" for hit in found]
    texts = [f"{title} {hit.passage.text}" for title, hit in zip(titles, found, strict=True)]
    matched = _covers(query, texts, zip(titles, texts, strict=True), index)
    covers: dict[str, float] = {}
    for hit, (title, text) in zip(found, matched, strict=True):
        covers[hit.article.id] = max(title + text, covers.get(hit.article.id, 0.0))
    least = max(_MEANT, _AS_WELL * max(covers.values(), default=0.0))
    suited = [identity for identity, cover in covers.items() if cover >= least]
    articles = {hit.article.id: hit.article for hit in found}
    return [articles[i] for i in sorted(suited, key=lambda i: (-covers[i], i))]


def mentioning(index: OpenIndex, query: Query, filters: Filters) -> list[Evidence]:
    """The sentence of each article that says most of what ``query`` names, best first; only
    articles that mention it."""
    found = retrieve(index, query, top_k=_DEPTH, filters=filters)
    parts = [part_texts(hit.passage) for hit in found]
    matched = _covers(query, [hit.passage.text for hit in found], parts, index)
    best: dict[str, Evidence] = {}
    for hit, covers in zip(found, matched, strict=True):
        article = hit.article
        for n, cover in enumerate(covers):
            before = best[article.id].probability if article.id in best else 0.0
            if cover >= _MENTIONED and cover > before:
                best[article.id] = part_evidence(
                    article, hit.passage, n, probability=cover, ranks=hit.ranks
                )
    return sorted(best.values(), key=lambda e: (-e.probability, e.article.filename))


def _covers(
    query: Query, texts: Sequence[str], stretches: Iterable[Sequence[str]], index: OpenIndex
) -> list[list[float]]:
    """For stretches of each text the share (0..1) of the query's weight that they match."""
    if not texts:
        return []
    bags = [bag_of([text], index) for text in texts]
    within = [texts_of(bag, some) for bag, some in zip(bags, stretches, strict=True)]
    matcher = Matcher(query, bags, within, index)
    covers = iter(matcher.own_covers(matcher.strengths).tolist())
    return [list(islice(covers, len(some.starts))) for some in within]


def central(index: OpenIndex, articles: Sequence[Article], *, most: int) -> list[Evidence]:
    """At most ``most`` sentences that say most of each of ``articles``, in reading order."""
    return [evidence for article in articles for evidence in _central(index, article, most=most)]


def _central(index: OpenIndex, article: Article, *, most: int) -> list[Evidence]:
    passages = index.passages_of(article.id, _LONGEST)
    parts = [(passage, n) for passage in passages for n in range(len(passage.chunk.parts))]
    parts = [(p, n) for p, n in parts if len(words_of(part_texts(p)[n])) >= _FEWEST_WORDS] or parts
    if not parts:
        return []
    vectors = np.stack([passage.part_vectors[n] for passage, n in parts])
    chosen = most_central(vectors, most=most)
    return [
        part_evidence(article, *parts[at], probability=min(max(share, 0.0), 1.0))
        for at, share in sorted(chosen)
    ]


def most_central(vectors: NDArray[np.float32], *, most: int) -> list[tuple[int, float]]:
    """Up to ``most`` rows of ``vectors`` (n, dim; unit length) that say most together: row and
    cosine to the mean of all."""
    mean = vectors.mean(axis=0)
    near = vectors @ (mean / max(float(np.linalg.norm(mean)), 1e-9))
    lead = _LEAD / (1 + np.arange(len(vectors)))
    chosen: list[int] = []
    for _ in range(min(most, len(vectors))):
        said = (vectors @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(len(vectors))
        worth = (1 - _NEWNESS) * (near + lead) - _NEWNESS * said
        worth[chosen] = -np.inf
        chosen.append(int(worth.argmax()))
    return [(at, float(near[at])) for at in chosen]
