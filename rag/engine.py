"""The one place that wires: an index, an encoder and a composer behind ask, search and articles.

A question's way: `Engine.ask` -> `rag.search.retrieval.retrieve` -> the index's `nearest` and
`matching`; then `rag.search.ranking.rank` and `rag.answer.compose.compose`. Where there is a
language model, `rag.answer.wording.word` comes after that.
"""

import uuid
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from threading import Event
from time import perf_counter

from threadpoolctl import threadpool_limits

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.about_articles import about_articles
from rag.answer.compose import abstain, compose
from rag.answer.extractive import quoted, weigh, weigh_sides
from rag.answer.followup import context_of
from rag.answer.halves import are_apart, halves
from rag.answer.instructions import is_instruction
from rag.answer.model import LanguageModel, language_model
from rag.answer.orders import is_order
from rag.answer.request import request_of
from rag.answer.smalltalk import smalltalk
from rag.answer.wording import Asking, Local, word
from rag.corpus.documents import article_id
from rag.corpus.language import language_of
from rag.corpus.text import words
from rag.errors import BadQuestion, ComposerUnavailable
from rag.index.build import remove
from rag.index.opened import OpenIndex
from rag.index.places import copied, index_for
from rag.index.report import Added
from rag.index.uploads import upload
from rag.indexing import encoder_for, limits
from rag.kept import Kept
from rag.records import (
    Answer,
    Article,
    Document,
    Evidence,
    Filters,
    Hit,
    IndexInfo,
    Question,
    Reason,
    Reply,
    Timings,
    Weighed,
)
from rag.search.ranking import answerable, fitted, rank, rerank
from rag.search.retrieval import Found, Query, make_query, retrieve
from rag.settings import Settings

LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True)
class _Told:
    """A reply, the candidates weighed for it, when encoding and searching were done, and, where
    passages were searched for, what a language model may word."""

    reply: Reply
    weighed: tuple[Weighed, ...] | None = None
    embedded: float | None = None
    searched: float | None = None
    local: Local | None = None


@dataclass(frozen=True, slots=True)
class _Searched:
    """A query, what it found, likeliest evidence first, the probability that the articles answer
    it, and when it was encoded."""

    query: Query
    found: Sequence[Found]
    evidence: Sequence[Evidence]
    probability: float
    embedded: float


def _key(question: Question, text: str) -> Hashable:
    """All that the reply to a question depends on, beside the index and the engine's settings."""
    read_with = context_of(text, question.history)
    return text, read_with, question.top_k, question.filters, question.explain


def unheard(_: Answer) -> None:
    """Nobody follows how an answer grows."""


class Engine:
    """Answers questions from one index. Threads may share it.

    Each call reads one consistent state of the store. When another process has indexed
    meanwhile, the next call loads the new generation.
    """

    def __init__(
        self, settings: Settings, encoder: Encoder, model: LanguageModel | None = None
    ) -> None:
        """Open the index that the settings name; ``model`` words the answers, if there is one.

        Raises:
            IndexUnavailable: missing, made with something else, or damaged.
        """
        self._settings = settings
        self._encoder = encoder
        self._model = model
        # What a model writes is checked by the embedded encoder's cosines, whichever one searches.
        embedded = settings.embedding_model == EMBEDDED
        self._checker = encoder if model is None or embedded else load_encoder(EMBEDDED)
        self._index = index_for(settings, encoder)
        self._answers: Kept[Hashable, Answer] = Kept(settings.kept_answers)
        # The matrices of one question are too small to be worth more than one thread.
        threadpool_limits(1, user_api="blas")
        with self._index.reading():
            pass

    @classmethod
    def open(cls, settings: Settings) -> "Engine":
        """An engine with the encoder and the language model that the settings name; see the
        constructor.

        Raises:
            ComposerUnavailable: the model cannot be asked as it is set up.
        """
        return cls(settings, encoder_for(settings), language_model(settings))

    def ask(
        self,
        question: Question,
        *,
        hear: Callable[[Answer], None] = unheard,
        stop: Event | None = None,
    ) -> Answer:
        """The answer to ``question``: cited, or an abstention, or small talk.

        Where a language model words it, ``hear`` is called with the answer as it stands after each
        of its sentences, in this thread: the text of each is the beginning of the next one's, and
        of the whole. ``stop``, once set, ends the wording; what was told stands.

        Raises:
            BadQuestion: empty, blank or longer than `LONGEST_QUESTION` characters.
            ComposerUnavailable: a language model was asked for and none is set up.
            IndexUnavailable: the index went away.
        """
        started = perf_counter()
        text = _checked(question.text)
        model = self._model_for(question)
        # A model may word the same things better another time: only quotes are kept.
        key = _key(question, text) if model is None else None
        with self._index.reading() as index:
            if (kept := self._answers.get(key)) and kept.index == index.info:
                return _again(kept, question, started)
            told = self._about_us(index, text) or self._told(index, question, text)
            finished = perf_counter()
            answer = Answer(
                id=uuid.uuid4().hex,
                conversation_id=question.conversation_id or uuid.uuid4().hex,
                question=text,
                reply=told.reply,
                composer="extractive",
                model=None,
                index=index.info,
                timings=_timings(
                    started, told.embedded or finished, told.searched or finished, finished
                ),
                weighed=told.weighed if question.explain else None,
            )
        if model is None:
            self._answers.keep(key, answer)
        if model is None or told.local is None:
            return answer
        asking = Asking(question, text, self._checker, self._settings.llm_sentences)
        return self._worded(model, asking, answer, told.local, hear, stop or Event())

    def asked_before(self, question: Question) -> Answer | None:
        """The answer, if one is kept from when the same was asked of what is searched now. For
        those that must not wait: nothing is searched, loaded or asked of another machine.

        Raises:
            As `ask`.
        """
        started = perf_counter()
        text = _checked(question.text)
        if self._model_for(question) is not None:
            return None
        kept = self._answers.get(_key(question, text))
        if kept is None or kept.index != self._index.loaded():
            return None
        return _again(kept, question, started)

    def _model_for(self, question: Question) -> LanguageModel | None:
        """The language model that is to word the answer, if one is."""
        model = self._model if question.composer != "extractive" else None
        if question.composer == "llm" and model is None:
            raise ComposerUnavailable(
                "no language model is set up (ISNAD_LLM_MODEL); ask with composer extractive"
            )
        return model

    def _worded(
        self,
        model: LanguageModel,
        asking: Asking,
        answer: Answer,
        local: Local,
        hear: Callable[[Answer], None],
        stop: Event,
    ) -> Answer:
        """``answer``, as the language model words it, if it can; see `rag.answer.wording.word`."""
        started = perf_counter()
        by_model = replace(answer, composer="llm", model=model.name)

        def find(query: str) -> Local:
            with self._index.reading() as index:
                found = self._found(index, asking.question, asking.text, query=query)
            assert found.local is not None
            return found.local

        def tell(reply: Reply) -> None:
            hear(replace(by_model, reply=reply))

        worded = word(model, asking, local, find=find, tell=tell, stop=stop)
        return replace(
            by_model if worded.by_model else answer,
            reply=worded.reply,
            timings=_longer(answer.timings, perf_counter() - started),
            weighed=worded.local.weighed if asking.question.explain else None,
            warnings=worded.cautions,
            writing=worded.writing,
        )

    def _about_us(self, index: OpenIndex, text: str) -> "_Told | None":
        """The reply to what needs no search: small talk, orders, what has no words."""
        language = language_of(text)
        if chat := smalltalk(text, language):
            return _Told(chat)
        if not words(text):
            return _Told(abstain(language, "not_a_question"))
        if is_instruction(text) or is_order(text):
            return _Told(abstain(language, "instruction"))
        return None if index.info.articles else _Told(abstain(language, "no_articles"))

    def _told(self, index: OpenIndex, question: Question, text: str) -> "_Told":
        if request := request_of(text, question.history):
            told = about_articles(index, self._encoder, question, language_of(text), request)
            return _Told(told.reply, None, told.embedded, told.searched)
        return self._found(index, question, text)

    def _found(
        self, index: OpenIndex, question: Question, text: str, *, query: str | None = None
    ) -> "_Told":
        """What is found for a question, by the words of ``query`` where it was turned into one."""
        language = language_of(text)
        context = "" if query else context_of(text, question.history)
        whole = self._searched(index, question, query or text, context)
        most = self._settings.max_statements
        sides = self._sides(index, question, query or text) if most > 1 and not context else ()
        searched = perf_counter()
        if sides:
            weighed = weigh_sides([side.evidence for side in sides], most=most)
        else:
            enough = whole.probability >= self._threshold
            weighed = weigh(whole.evidence, answerable=enough, most=most)
        if chosen := quoted(weighed):
            reply = compose(language, chosen, of_two_things=bool(sides))
        else:
            reason: Reason = "not_supported" if whole.evidence else "nothing_found"
            reply = abstain(language, reason, whole.evidence, whole.query.terms)
        # One of each side in turn, so that a model is given what answers either.
        in_turn = chain.from_iterable(zip_longest(*(one.found for one in sides or (whole,))))
        found = {hit.passage.id: hit for hit in in_turn if hit is not None}
        passages = [(hit.passage, hit.article) for hit in found.values()][: question.top_k]
        probability = min((side.probability for side in sides), default=whole.probability)
        local = Local(reply, tuple(weighed), passages, whole.query.terms, probability)
        return _Told(reply, tuple(weighed), whole.embedded, searched, local)

    def _sides(self, index: OpenIndex, question: Question, text: str) -> "tuple[_Searched, ...]":
        """What is found for each half of a question that asks two things, where both are answered,
        and by different articles."""
        sides = tuple(self._searched(index, question, half) for half in halves(text))
        answered = all(side.probability >= self._threshold for side in sides)
        return sides if answered and are_apart([side.evidence for side in sides]) else ()

    def _searched(
        self, index: OpenIndex, question: Question, text: str, context: str = ""
    ) -> "_Searched":
        query = make_query(text, index, self._encoder, context=context)
        embedded = perf_counter()
        found = retrieve(index, query, top_k=question.top_k, filters=question.filters)
        evidence = rank(index, found, query)
        return _Searched(query, found, evidence, answerable(evidence, query.language), embedded)

    @property
    def _threshold(self) -> float:
        """The least probability of being answered at all with which a question is answered."""
        set_to = self._settings.answer_threshold
        return fitted().threshold if set_to is None else set_to

    def search(
        self, query: str, *, top_k: int = 8, filters: Filters = Filters()
    ) -> tuple[Hit, ...]:
        """The passages that suit ``query`` best, best first.

        Raises:
            BadQuestion: empty, blank or too long.
            IndexUnavailable: the index went away.
        """
        text = _checked(query)
        with self._index.reading() as index:
            asked = make_query(text, index, self._encoder)
            looked_into = self._settings.reranked
            found = retrieve(index, asked, top_k=max(top_k, looked_into), filters=filters)
            best = rerank(index, found, asked) if looked_into else found
            return tuple(map(_hit, best[:top_k]))

    def articles(self) -> tuple[Article, ...]:
        """Every article in the index, by file name."""
        with self._index.reading() as index:
            return tuple(index.listing())

    def document(self, article_id: str) -> Document:
        """One article with its canonical text.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        with self._index.reading() as index:
            return index.document(article_id)

    def add(self, filename: str, data: bytes) -> Added:
        """Index a file that was sent, in the place of one of its name. It can be asked about when
        this returns. A copy of what is indexed already gives that article.

        Raises:
            BadArticle: it cannot be read as an article; `UnknownKind`: nor as anything known.
            IndexUnavailable: the index cannot be written, or another process is writing.
        """
        settings = self._settings
        with copied(settings):
            path, outcomes = upload(settings.home, self._encoder, filename, data, limits(settings))
        with self._index.reading() as index:
            is_twin = outcomes[0].action == "duplicate"
            twin = index.articles([article_id(data)]) if is_twin else {}
            return Added(tuple(twin.values()) or index.articles_of_file(path), outcomes)

    def remove(self, article_id: str) -> Article:
        """Remove an article for good; see `rag.index.build.remove`.

        Raises:
            ArticleNotFound: there is none with that id.
            IndexUnavailable: the index cannot be written, or another process is writing.
        """
        article = self.document(article_id).article
        with copied(self._settings):
            remove(self._settings.home, self._encoder, article_id)
        return article

    @property
    def info(self) -> IndexInfo:
        """What is searched now."""
        with self._index.reading() as index:
            return index.info

    def close(self) -> None:
        """Let go of what is loaded, and of the language model's server."""
        self._index.close()
        if self._model is not None:
            self._model.close()


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


def _hit(found: Found) -> Hit:
    passage = found.passage
    return Hit(found.article, passage.chunk.span, passage.text, found.score, found.ranks)


def _again(kept: Answer, question: Question, started: float) -> Answer:
    """The answer that was ``kept``, for who asks the same ``question`` now."""
    return replace(
        kept,
        id=uuid.uuid4().hex,
        conversation_id=question.conversation_id or uuid.uuid4().hex,
        timings=_timings(started, started, started, perf_counter()),
    )


def _longer(timings: Timings, seconds: float) -> Timings:
    """``timings`` with so much more spent on composing."""
    more = round(seconds * 1000, 3)
    return replace(timings, compose=timings.compose + more, total=timings.total + more)


def _timings(started: float, embedded: float, searched: float, finished: float) -> Timings:
    def ms(a: float, b: float) -> float:
        return round((b - a) * 1000, 3)

    return Timings(
        ms(started, embedded), ms(embedded, searched), ms(searched, finished), ms(started, finished)
    )
