"""The one place that wires: an index, an encoder and a composer behind ask, search and articles.

A question's way: `Engine.ask` -> `rag.search.retrieval.retrieve` -> `rag.index.dense.search` and
`rag.index.lexical.search`; then `rag.search.ranking.rank` and `rag.answer.compose.compose`.
"""

import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from threadpoolctl import threadpool_limits

from embeddings import Encoder, ModelUnavailable, load_encoder
from rag.answer.compose import abstain, compose
from rag.answer.followup import standalone
from rag.answer.smalltalk import smalltalk
from rag.corpus.documents import article_id
from rag.corpus.extracted import Limits
from rag.corpus.language import language_of
from rag.corpus.text import words
from rag.errors import BadQuestion, ComposerUnavailable, IsnadError
from rag.index import store
from rag.index.build import Progress, remove, sync
from rag.index.doctor import Finding, examine, repair
from rag.index.opened import OpenIndex, open_index, read_manifest
from rag.index.report import Report
from rag.index.uploads import upload
from rag.records import (
    Answer,
    Article,
    Document,
    Filters,
    Hit,
    IndexInfo,
    Question,
    Reply,
    Timings,
)
from rag.search.ranking import rank, threshold
from rag.search.retrieval import Found, make_query, retrieve
from rag.settings import Settings

LONGEST_QUESTION = 2000


def encoder_for(settings: Settings) -> Encoder:
    """The encoder that the settings name.

    Raises:
        IsnadError: the model cannot be had; says which, why and what to do.
    """
    try:
        return load_encoder(settings.embedding_model, device=settings.device)
    except ModelUnavailable as error:
        raise IsnadError(str(error)) from None


def build_index(
    settings: Settings,
    paths: list[Path],
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Bring the index in line with the files at ``paths``; see `rag.index.build.sync`."""
    encoder = encoder_for(settings)
    return sync(
        settings.home, encoder, paths, rebuild=rebuild, limits=limits(settings), progress=progress
    )


def indexed_paths(settings: Settings) -> list[Path]:
    """The folders and files that the index is kept in line with."""
    with store.reading(settings.home) as connection:
        return [settings.home / root for root in store.roots(connection)]


def check_index(settings: Settings) -> list[Finding]:
    """What is wrong with the index; see `rag.index.doctor.examine`."""
    return examine(settings.home, encoder_for(settings), limits(settings))


def repair_index(settings: Settings) -> Report:
    """Put right what can be; see `rag.index.doctor.repair`."""
    return repair(settings.home, encoder_for(settings), limits(settings))


def limits(settings: Settings) -> Limits:
    """How large an article's file may be."""
    return Limits(
        file_bytes=settings.largest_file_mb * 1_000_000,
        unpacked_bytes=settings.largest_unpacked_mb * 1_000_000,
        pages=settings.most_pages,
    )


class Engine:
    """Answers questions from one data folder. Threads may share it.

    Each call reads one consistent state of the store. When another process has indexed
    meanwhile, the next call loads the new generation.
    """

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        """Open the index in ``settings.home``.

        Raises:
            IndexUnavailable: missing, made with something else, or damaged.
        """
        self._settings = settings
        self._encoder = encoder
        self._lock = threading.Lock()
        self._loaded: OpenIndex | None = None
        # The matrices of one question are too small to be worth more than one thread.
        threadpool_limits(1, user_api="blas")
        with self._reading():
            pass

    @classmethod
    def open(cls, settings: Settings) -> "Engine":
        """An engine with the encoder that the settings name; see the constructor."""
        return cls(settings, encoder_for(settings))

    @contextmanager
    def _reading(self) -> Iterator[tuple[OpenIndex, sqlite3.Connection]]:
        """The index and the store at one moment, both of the same generation."""
        home = self._settings.home
        with store.reading(home) as connection:
            manifest = read_manifest(connection, home, self._encoder)
            index = self._loaded
            if index is None or index.manifest != manifest:
                with self._lock:
                    index = self._loaded
                    if index is None or index.manifest != manifest:
                        index = self._loaded = open_index(connection, home, manifest)
            yield index, connection

    def ask(self, question: Question) -> Answer:
        """The answer to ``question``: quoted and cited, or an abstention, or small talk.

        Raises:
            BadQuestion: empty, blank or longer than `LONGEST_QUESTION` characters.
            ComposerUnavailable: a language model was asked for and none is set up.
            IndexUnavailable: the index went away.
        """
        started = perf_counter()
        text = _checked(question.text)
        if question.composer == "llm":
            raise ComposerUnavailable("no language model is set up; ask with composer extractive")
        with self._reading() as (index, connection):
            reply, embedded, searched = self._reply(index, connection, question, text)
            finished = perf_counter()
            return Answer(
                id=uuid.uuid4().hex,
                conversation_id=question.conversation_id or uuid.uuid4().hex,
                question=text,
                reply=reply,
                composer="extractive",
                model=None,
                index=_info(index),
                timings=_timings(started, embedded, searched, finished),
            )

    def _reply(
        self, index: OpenIndex, connection: sqlite3.Connection, question: Question, text: str
    ) -> tuple[Reply, float, float]:
        """The reply, and when encoding and searching were done."""
        language = language_of(text)
        now = perf_counter()
        if chat := smalltalk(text, language):
            return chat, now, now
        if not index.articles:
            return abstain(language, "no_articles"), now, now
        if not words(text):
            return abstain(language, "not_a_question"), now, now
        query = make_query(standalone(text, question.history), self._encoder)
        embedded = perf_counter()
        found = retrieve(index, connection, query, top_k=question.top_k, filters=question.filters)
        evidence = rank(index, found, query)
        searched = perf_counter()
        enough = self._settings.answer_threshold
        reply = compose(
            language,
            evidence,
            threshold=threshold(evidence, query.language) if enough is None else enough,
            most=self._settings.max_statements,
        )
        return reply, embedded, searched

    def search(
        self, query: str, *, top_k: int = 8, filters: Filters = Filters()
    ) -> tuple[Hit, ...]:
        """The passages that suit ``query`` best, best first.

        Raises:
            BadQuestion: empty, blank or too long.
            IndexUnavailable: the index went away.
        """
        text = _checked(query)
        with self._reading() as (index, connection):
            found = retrieve(
                index, connection, make_query(text, self._encoder), top_k=top_k, filters=filters
            )
            return tuple(_hit(hit, index) for hit in found)

    def articles(self) -> tuple[Article, ...]:
        """Every article in the index, by file name."""
        with self._reading() as (index, _):
            return tuple(index.articles.values())

    def document(self, article_id: str) -> Document:
        """One article with its canonical text.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        with self._reading() as (_, connection):
            return store.document(connection, article_id)

    def add(self, filename: str, data: bytes) -> tuple[Article, ...]:
        """Index a file that was sent, in the place of one of its name. It can be asked about when
        this returns. A copy of what is indexed already gives that article.

        Raises:
            BadArticle: it cannot be read as an article; `UnknownKind`: nor as anything known.
            IndexUnavailable: the index cannot be written, or another process is writing.
        """
        settings = self._settings
        path, done = upload(settings.home, self._encoder, filename, data, limits(settings))
        with self._reading() as (index, connection):
            twin = index.articles.get(article_id(data))
            return (
                (twin,)
                if twin and done.action == "duplicate"
                else (store.articles_of_file(connection, path))
            )

    def remove(self, article_id: str) -> Article:
        """Remove an article for good; see `rag.index.build.remove`.

        Raises:
            ArticleNotFound: there is none with that id.
            IndexUnavailable: the index cannot be written, or another process is writing.
        """
        article = self.document(article_id).article
        remove(self._settings.home, self._encoder, article_id)
        return article

    @property
    def info(self) -> IndexInfo:
        """What is searched now."""
        with self._reading() as (index, _):
            return _info(index)

    def close(self) -> None:
        """Let go of what is loaded."""
        self._loaded = None


def _checked(text: str) -> str:
    """The question trimmed, lone surrogates replaced, so that it can be shown and sent on."""
    trimmed = text.encode("utf-8", "replace").decode().strip()
    if not trimmed:
        raise BadQuestion("the question is empty")
    if len(trimmed) > LONGEST_QUESTION:
        raise BadQuestion(
            f"the question has {len(trimmed):,} characters; at most {LONGEST_QUESTION:,} are taken"
        )
    return trimmed


def _hit(found: Found, index: OpenIndex) -> Hit:
    chunk = found.passage.chunk
    article = index.articles[chunk.article_id]
    return Hit(article, chunk.span, found.passage.text, found.score, found.ranks)


def _info(index: OpenIndex) -> IndexInfo:
    return IndexInfo(
        version=f"{index.manifest.generation}-{index.manifest.stamp}",
        articles=len(index.articles),
        chunks=index.chunks,
        embedding_model=index.manifest.embedding_model,
    )


def _timings(started: float, embedded: float, searched: float, finished: float) -> Timings:
    def ms(a: float, b: float) -> float:
        return round((b - a) * 1000, 3)

    return Timings(
        ms(started, embedded), ms(embedded, searched), ms(searched, finished), ms(started, finished)
    )
