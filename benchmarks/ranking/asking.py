"""Asks the questions of a collection, indexed as a user would index it, and keeps the features
of what the search brings and which of it is gold."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranking.corpora import Case, Collection
from embeddings import Encoder
from rag.answer.followup import context_of
from rag.index.build import sync
from rag.index.local import LocalIndex
from rag.index.opened import OpenIndex
from rag.logistic import Model
from rag.records import Chunk, Evidence, Ranks
from rag.search.ranking import Ranking, rank
from rag.search.retrieval import Found, Query, make_query, retrieve

TOP_K = 8
# How many questions are asked once more of their collection without the passages that answer them,
# and how many of a collection that has nothing to do with them.
NEAR_SHARE = 0.5
FAR_SHARE = 0.5
# Only the features are wanted here, whatever is in the coefficients' file.
_NONE = Model(0.0, {})
UNFITTED = Ranking(_NONE, _NONE, _NONE, _NONE, 0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's candidates, as the search brings them: the ``evidence``, its ``rows`` (parts,
    features), the ``places`` of what supports the answer (article and range), and ``supports``
    (parts, supports), which part holds which. ``kind`` as in `Case`; ``made`` is whether the
    asking was made of another question for the sake of refusing it."""

    source: str
    collection: str
    cross: bool
    kind: str
    made: bool
    retrieved: bool
    evidence: tuple[Evidence, ...]
    places: tuple[tuple[str, range], ...]
    rows: NDArray[np.float64]
    supports: NDArray[np.bool_]

    @property
    def gold(self) -> NDArray[np.bool_]:
        """Which parts hold an answer."""
        return self.supports.any(axis=1)

    @property
    def answerable(self) -> bool:
        """Whether the collection holds the answer."""
        return self.kind == "answerable"

    @property
    def family(self) -> str:
        """The set its source belongs to."""
        return self.source.split(".")[0].split("<")[0]


def gather(collections: Sequence[Collection], encoder: Encoder) -> tuple[list[str], list[Asked]]:
    """Ask every question of its collection, many once more without the passages that answer them,
    and as many of a collection they have nothing to do with.

    Returns the names of the features, and the candidates of each asking.
    """
    everywhere = [case for c in collections for case in c.cases if case.kind == "answerable"]
    asked: list[Asked] = []
    names: list[str] = []
    for collection in filter(lambda c: c.cases, collections):
        rng = random.Random(collection.name)
        spoken = {case.language for case in collection.cases}
        strangers = [case for case in everywhere if case.language in spoken]
        strangers = rng.sample(strangers, round(len(collection.cases) * FAR_SHARE))
        with indexed(collection, encoder) as asking:
            for case in collection.cases:
                asked += asking.case(case, again=rng.random() < NEAR_SHARE)
            known = {case.question for case in collection.cases}
            asked += [asking.stranger(s) for s in strangers if s.question not in known]
            names = asking.names
    return names, asked


@contextmanager
def indexed(collection: Collection, encoder: Encoder) -> Iterator["Asking"]:
    """The collection, indexed as a user's folder would be."""
    with tempfile.TemporaryDirectory() as folder:
        articles, home = Path(folder) / "articles", Path(folder) / "home"
        articles.mkdir()
        collection.write(articles)
        sync(home, encoder, [articles])
        with LocalIndex(home, encoder).reading() as index:
            yield Asking(collection, encoder, index)


class Asking:
    """Asks questions of one indexed collection."""

    def __init__(
        self,
        collection: Collection,
        encoder: Encoder,
        index: OpenIndex,
    ) -> None:
        self.names: list[str] = []
        self._collection, self._encoder = collection, encoder
        self._index = index
        self._articles = {article.filename: article.id for article in index.listing()}

    def case(self, case: Case, *, again: bool) -> list[Asked]:
        """The candidates for a question; with ``again`` also those without its gold passages."""
        places = self._places(case)
        if places is None:
            return []
        query = self._query(case)
        found = retrieve(self._index, query, top_k=TOP_K + 1 + len(places))
        holds = [_holds(hit.passage.chunk, places) for hit in found]
        asked = [self._candidates(case, query, found[:TOP_K], places, kind=case.kind)]
        if again and case.kind == "answerable":
            without = _without(found, holds)[:TOP_K]
            asked.append(self._candidates(case, query, without, [], kind="near", made=True))
        return [one for one in asked if len(one.rows)]

    def stranger(self, case: Case) -> Asked:
        """The candidates for a question that is about something else altogether."""
        query = self._query(case)
        found = retrieve(self._index, query, top_k=TOP_K)
        return self._candidates(case, query, found, [], kind="far", made=True)

    def _query(self, case: Case) -> Query:
        context = context_of(case.question, case.history)
        return make_query(case.question, self._index, self._encoder, context=context)

    def _places(self, case: Case) -> list[tuple[str, range]] | None:
        """Where each support stands: article and range; ``None`` if one is not to be found."""
        places: list[tuple[str, range]] = []
        for support in case.support:
            article = self._articles[support.filename]
            place = support.place(self._index.document(article).text)
            if place is None:
                return None
            places.append((article, place))
        return places

    def _candidates(
        self,
        case: Case,
        query: Query,
        hits: Sequence[Found],
        places: Sequence[tuple[str, range]],
        *,
        kind: str,
        made: bool = False,
    ) -> Asked:
        evidence = rank(self._index, hits, query, ranking=UNFITTED)
        self.names = self.names or list(evidence[0].features)
        return Asked(
            source=f"{self._collection.source}<-{case.language}",
            collection=self._collection.group,
            cross=bool(evidence) and query.language != evidence[0].article.language,
            kind=kind,
            made=made,
            retrieved=any(_holds(hit.passage.chunk, places) for hit in hits),
            evidence=tuple(replace(e, features={}) for e in evidence),
            places=tuple(places),
            rows=np.array([[e.features[name] for name in self.names] for e in evidence]),
            supports=np.array(
                [[holds_answer(e, *place) for place in places] for e in evidence], bool
            ).reshape(len(evidence), len(places)),
        )


def _holds(chunk: Chunk, places: Sequence[tuple[str, range]]) -> bool:
    return any(
        chunk.article_id == article and gold.start < chunk.span.end and chunk.span.start < gold.stop
        for article, gold in places
    )


def holds_answer(evidence: Evidence, article: str, gold: range) -> bool:
    """Whether a quote and the gold quote, at ``gold`` of ``article``, share at least half of
    the shorter one."""
    span = evidence.span
    shared = min(gold.stop, span.end) - max(gold.start, span.start)
    return evidence.article.id == article and shared >= 0.5 * min(len(gold), len(span))


def _without(found: Sequence[Found], holds: Sequence[bool]) -> list[Found]:
    """The hits that would have been found had the gold passages never been there: without them,
    and with the ranks closed up, since a missing first rank would give the game away."""
    gone = [hit.ranks for hit, has in zip(found, holds, strict=True) if has]

    def closed_up(rank: int | None, taken: list[int | None]) -> int | None:
        return rank and rank - sum(other is not None and other < rank for other in taken)

    return [
        replace(
            hit,
            ranks=Ranks(
                closed_up(hit.ranks.dense, [ranks.dense for ranks in gone]),
                closed_up(hit.ranks.lexical, [ranks.lexical for ranks in gone]),
            ),
        )
        for hit, has in zip(found, holds, strict=True)
        if not has
    ]
