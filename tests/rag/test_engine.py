"""The promises of the contract, on every public gold question, in process."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest

from embeddings import EMBEDDED, load_encoder
from rag.answer.body import answer_body
from rag.answer.phrases import PHRASES, reply_language
from rag.engine import LONGEST_QUESTION, Engine
from rag.errors import ArticleNotFound, BadQuestion, ComposerUnavailable, IsnadError
from rag.evaluation.gold import GoldQuestion
from rag.indexing import build_index
from rag.records import MARKER, Answer, Filters, Question, Turn
from rag.settings import Settings


@pytest.fixture(scope="module")
def answers(engine: Engine, gold: list[GoldQuestion]) -> list[Answer]:
    return [engine.ask(Question(g.text, g.history)) for g in gold]


def test_every_answer_is_cited_and_every_abstention_is_not(answers: list[Answer]) -> None:
    assert {answer.reply.status for answer in answers} == {"answered", "abstained"}
    for answer in answers:
        reply = answer.reply
        if reply.status == "answered":
            assert reply.statements
            assert all(s.citations for s in reply.statements)
        else:
            assert (reply.statements, reply.citations) == ((), ())
            assert reply.abstention is not None
            assert reply.abstention.message


def test_every_quote_is_a_slice_of_its_article(answers: list[Answer], engine: Engine) -> None:
    for answer in answers:
        reply = answer.reply
        closest = reply.abstention.closest if reply.abstention else ()
        for citation in (*reply.citations, *closest):
            text = engine.document(citation.article.id).text
            start, end = citation.span.start, citation.span.end
            assert citation.quote == text[start:end]
            assert citation.quote
            assert text[:start].endswith(citation.before)
            assert text[end:].startswith(citation.after)


def test_numbers_run_in_order_of_first_use_and_every_marker_resolves(answers: list[Answer]) -> None:
    for answer in answers:
        numbers = [c.number for c in answer.reply.citations]
        assert numbers == list(range(1, len(numbers) + 1))
        markers = [int(m.group(1)) for m in MARKER.finditer(answer.reply.text)]
        assert list(dict.fromkeys(markers)) == numbers


def test_an_answer_says_nothing_but_quotes_and_its_frame(answers: list[Answer]) -> None:
    for answer in answers:
        reply = answer.reply
        for statement in reply.statements:
            quotes = [reply.citations[n - 1].quote for n in statement.citations]
            assert statement.text in [MARKER.sub(r"(\1)", " ".join(q.split())) for q in quotes]
        rest = reply.text
        for statement in reply.statements:
            rest = rest.replace(statement.marked, "")
        if reply.status == "answered":
            phrases = PHRASES[reply_language(reply.language)]
            assert rest.strip() in astuple(phrases)


def test_the_frame_speaks_the_question_s_language(
    answers: list[Answer], gold: list[GoldQuestion]
) -> None:
    for answer, question in zip(answers, gold, strict=True):
        if question.language != "mixed":
            assert answer.reply.language == question.language, question.text
        assert answer.reply.direction == ("rtl" if answer.reply.language == "ar" else "ltr")


def test_answers_do_not_change(
    answers: list[Answer], engine: Engine, gold: list[GoldQuestion]
) -> None:
    for answer, question in zip(answers[::10], gold[::10], strict=True):
        assert engine.ask(Question(question.text, question.history)).reply == answer.reply


def test_threads_may_share_an_engine(
    answers: list[Answer], engine: Engine, gold: list[GoldQuestion]
) -> None:
    asked = [Question(g.text, g.history) for g in gold[:40]]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(engine.ask, asked * 3))
    assert [a.reply for a in together] == [a.reply for a in answers[:40]] * 3


class Counting:
    """The embedded model, counting what it is asked for."""

    def __init__(self) -> None:
        self._encoder = load_encoder(EMBEDDED)
        self.name, self.dimension = self._encoder.name, self._encoder.dimension
        self.max_tokens = self._encoder.max_tokens
        self.calls: list[int] = []

    def encode_questions(self, texts):  # type: ignore[no-untyped-def]
        self.calls.append(len(texts))
        return self._encoder.encode_questions(texts)

    def encode_passages(self, texts, *, progress=None):  # type: ignore[no-untyped-def]
        raise AssertionError("no passage is encoded to answer a question")

    def count_truncated(self, texts):  # type: ignore[no-untyped-def]
        raise AssertionError("nothing is counted to answer a question")


def test_ten_questions_make_ten_encodings_and_no_loads(
    settings: Settings, gold: list[GoldQuestion], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Counting()
    engine = Engine(settings, encoder)
    monkeypatch.setattr("rag.index.local._load", None)
    for question in gold[:10]:
        engine.ask(Question(question.text))
    assert len(encoder.calls) == 10


@pytest.mark.parametrize("blank", ["", "  \n\t ", "\u2003"])
def test_an_empty_question_is_refused(engine: Engine, blank: str) -> None:
    with pytest.raises(BadQuestion, match="empty"):
        engine.ask(Question(blank))


def test_the_longest_question_is_answered_and_a_longer_one_refused(engine: Engine) -> None:
    engine.ask(Question(" " + "ما " * (LONGEST_QUESTION // 3) + " "))
    with pytest.raises(BadQuestion, match="2,001"):
        engine.ask(Question("x" * (LONGEST_QUESTION + 1)))


@pytest.mark.parametrize("wordless", ["😀😀😀", "???", "\u200f\u202e\u200b", "…"])
def test_a_question_without_words_is_told_so(engine: Engine, wordless: str) -> None:
    reply = engine.ask(Question(wordless)).reply
    assert reply.abstention is not None
    assert reply.abstention.reason == "not_a_question"


@pytest.mark.parametrize(
    "odd", ["ما \x00 الذي\x00 حدث في روما؟", "\u202eما الذي حدث\u202c في روما؟", "روما \ud800؟",
            "روما " + "ا" * 1900, '"] {"$ne": 1} \'; DROP TABLE articles; --', "روما [1] [٢]؟"]
)  # fmt: skip
def test_odd_characters_are_harmless(engine: Engine, odd: str) -> None:
    body = answer_body(engine.ask(Question(odd)))
    assert body["status"] in ("answered", "abstained")
    body["question"].encode("utf-8")


def test_filters_restrict_what_is_cited(engine: Engine) -> None:
    question = "ما الذي تفعله داعش على الحدود؟"
    for article in engine.articles():
        hits = engine.search(question, filters=Filters(article_ids=(article.id,)))
        assert {hit.article.id for hit in hits} == {article.id}
    years = Filters(published_from="2021", published_to="2023")
    by_year = engine.search(question, top_k=50, filters=years)
    assert {hit.article.published for hit in by_year} == {"2021", "2023"}
    assert engine.search(question, filters=Filters(languages=("fr",))) == ()
    reply = engine.ask(Question(question, filters=Filters(languages=("fr",)))).reply
    assert reply.abstention is not None
    assert reply.abstention.reason == "nothing_found"


def test_search_gives_slices_best_first_with_their_ranks(engine: Engine) -> None:
    hits = engine.search("تهريب الكبتاغون", top_k=5)
    assert len(hits) == 5
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    for hit in hits:
        assert hit.text == hit.span.of(engine.document(hit.article.id).text)
        assert hit.ranks.dense or hit.ranks.lexical
    everything = engine.search("تهريب", top_k=50)
    assert len({(h.article.id, h.span) for h in everything}) == len(everything)


def test_a_search_may_leave_passages_as_they_were_found(engine: Engine, home: Path) -> None:
    found = Engine.open(Settings(home=home, reranked=0)).search("تهريب الكبتاغون", top_k=20)
    again = engine.search("تهريب الكبتاغون", top_k=20)
    assert {(h.article.id, h.span) for h in found} == {(h.article.id, h.span) for h in again}
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    assert {h.score for h in found}.isdisjoint(h.score for h in again)


def test_no_articles(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    settings = Settings(home=tmp_path / "home")
    build_index(settings, [tmp_path / "empty"])
    reply = Engine.open(settings).ask(Question("ما الذي حدث في روما؟")).reply
    assert reply.abstention is not None
    assert reply.abstention.reason == "no_articles"


def test_an_unknown_article(engine: Engine) -> None:
    with pytest.raises(ArticleNotFound):
        engine.document("nothing")


def test_a_language_model_that_is_not_set_up(engine: Engine) -> None:
    with pytest.raises(ComposerUnavailable):
        engine.ask(Question("ما الذي حدث في روما؟", composer="llm"))


def test_a_model_that_cannot_be_had(settings: Settings, tmp_path: Path) -> None:
    missing = settings.model_copy(update={"embedding_model": str(tmp_path / "nothing")})
    with pytest.raises(IsnadError, match=re.escape(str(tmp_path / "nothing"))):
        Engine.open(missing)


def test_the_body_has_the_contract_s_keys(answers: list[Answer]) -> None:
    answered = next(a for a in answers if a.reply.status == "answered")
    body = answer_body(answered)
    assert list(body) == [
        "id", "conversation_id", "status", "question", "language", "direction", "answer",
        "statements", "citations", "abstention", "composer", "model", "index", "timings_ms",
        "warnings", "writing", "explanation",
    ]  # fmt: skip
    assert list(body["citations"][0]) == [
        "number", "quote", "start", "end", "page", "article", "context", "score", "view_url",
    ]  # fmt: skip
    assert 0 <= body["citations"][0]["score"] <= 1
    assert set(body["timings_ms"]) == {"embed", "search", "compose", "total"}


def test_vectors_are_unit_rows(home: Path) -> None:
    from rag.index import store

    with store.reading(home) as connection:
        for passage in store.passages(connection, list(range(1, 20))):
            rows = np.vstack([passage.vector, passage.part_vectors])
            assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-3)


def _without_times(answer: Answer) -> dict[str, object]:
    return {
        k: v
        for k, v in answer_body(answer).items()
        if k not in ("id", "conversation_id", "timings_ms")
    }


def test_what_is_asked_again_is_answered_alike_under_another_id(
    engine: Engine, gold: list[GoldQuestion]
) -> None:
    for asked in gold[:20]:
        question = Question(asked.text, asked.history)
        first, again = engine.ask(question), engine.ask(question)
        assert again.reply is first.reply
        assert _without_times(again) == _without_times(first)
        assert again.id != first.id
        assert again.conversation_id != first.conversation_id
        assert (again.timings.embed, again.timings.search) == (0, 0)
        assert engine.ask(replace(question, conversation_id="mine")).conversation_id == "mine"
        at_once = engine.asked_before(question)
        assert at_once is not None
        assert at_once.reply is first.reply
        assert at_once.id not in (first.id, again.id)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"top_k": 1},
        {"filters": Filters(languages=("fr",))},
        {"history": (Turn("user", "ماذا جرى في روما؟"),)},
        {"explain": True},
    ],
)
def test_what_is_asked_otherwise_is_answered_anew(
    engine: Engine, otherwise: dict[str, object]
) -> None:
    """The question leans on the turn before it, if there is one."""
    question = Question("ومن شارك فيه؟")
    first = engine.ask(question)
    assert engine.asked_before(replace(question, **otherwise)) is None  # type: ignore[arg-type]
    other = engine.ask(replace(question, **otherwise))  # type: ignore[arg-type]
    assert other.reply is not first.reply
    assert (other.weighed is not None) == ("explain" in otherwise)
    assert engine.ask(question).reply is first.reply


def test_no_answer_outlives_its_generation(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    settings = Settings(home=tmp_path / "home")
    article = tmp_path / "articles" / "a.txt"
    article.write_text("The ministers met in Rome in June to discuss the coalition.")
    build_index(settings, [tmp_path / "articles"])
    engine = Engine.open(settings)
    question = Question("Where did the ministers meet?")
    assert "Rome" in engine.ask(question).reply.text
    article.write_text("The ministers met in Oslo in July to discuss the coalition.")
    build_index(settings, [tmp_path / "articles"])
    assert engine.asked_before(question) is None
    answer = engine.ask(question)
    assert "Oslo" in answer.reply.text
    assert answer.index == engine.info
    engine.close()


def test_none_is_kept_where_none_may_be(settings: Settings) -> None:
    engine = Engine.open(settings.model_copy(update={"kept_answers": 0}))
    question = Question("كم وزيرا شارك في اجتماع روما؟")
    first, again = engine.ask(question), engine.ask(question)
    assert again.reply == first.reply
    assert again.reply is not first.reply
    assert engine.asked_before(question) is None
    engine.close()
