"""What a visitor asked is kept for that visitor, and for nobody else."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.conversations import (
    FILE,
    Retention,
    delete_conversation,
    delete_conversations,
    delete_from,
    enforce,
    is_visitor,
    keep_answer,
    kept_answer,
    kept_conversations,
    kept_turns,
    new_visitor,
    rename_conversation,
    share_answer,
)
from rag.engine import Engine
from rag.errors import ConversationNotFound, ConversationsUnavailable
from rag.records import Answer, Question, Reply

ALL = Retention(1000, 365)
ME, OTHER = "m" * 43, "o" * 43
QUESTIONS = (
    "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟",
    "Who won the 2022 World Cup?",
    "hello",
    "What is Captagon of Assad?",
)


@pytest.fixture(scope="module")
def answers(engine: Engine) -> list[Answer]:
    """One of each status, each in a conversation of its own."""
    made = [engine.ask(Question(question)) for question in QUESTIONS]
    assert {answer.reply.status for answer in made} == {"answered", "abstained", "smalltalk"}
    return made


def _smalltalk(template: Answer, question: str, conversation: str, answer_id: str) -> Answer:
    reply = Reply("smalltalk", "en", "Hello!")
    return replace(
        template, id=answer_id, question=question, conversation_id=conversation, reply=reply
    )


def test_what_is_kept_is_what_was_answered(tmp_path: Path, answers: list[Answer]) -> None:
    for answer in answers:
        keep_answer(tmp_path, ME, answer, ALL)
    kept = kept_conversations(tmp_path, ME)
    assert [one.title for one in kept] == list(reversed(QUESTIONS))
    for answer in answers:
        summary, turns = kept_turns(tmp_path, ME, answer.conversation_id)
        assert [turn.answer for turn in turns] == [answer]
        assert summary.begun == summary.changed == turns[0].asked
        assert kept_answer(tmp_path, ME, answer.id).answer == answer


def test_the_candidates_of_an_explanation_are_not_kept(tmp_path: Path, engine: Engine) -> None:
    answer = engine.ask(Question(QUESTIONS[0], explain=True))
    assert answer.weighed
    keep_answer(tmp_path, ME, answer, ALL)
    assert kept_answer(tmp_path, ME, answer.id).answer == replace(answer, weighed=None)


def test_nobody_can_reach_anothers(tmp_path: Path, answers: list[Answer]) -> None:
    answer = answers[0]
    keep_answer(tmp_path, ME, answer, ALL)
    assert kept_conversations(tmp_path, OTHER) == ()
    following = replace(answer, id="another")
    for reach in (
        lambda: kept_turns(tmp_path, OTHER, answer.conversation_id),
        lambda: kept_answer(tmp_path, OTHER, answer.id),
        lambda: share_answer(tmp_path, OTHER, answer.id),
        lambda: rename_conversation(tmp_path, OTHER, answer.conversation_id, "mine"),
        lambda: delete_conversation(tmp_path, OTHER, answer.conversation_id),
        lambda: delete_from(tmp_path, OTHER, answer.id),
        lambda: keep_answer(tmp_path, OTHER, following, ALL),
    ):
        with pytest.raises(ConversationNotFound):
            reach()
    _, turns = kept_turns(tmp_path, ME, answer.conversation_id)
    assert [turn.answer for turn in turns] == [answer]


def test_a_shared_answer_is_all_that_others_see(tmp_path: Path, answers: list[Answer]) -> None:
    first = answers[0]
    second = replace(answers[1], conversation_id=first.conversation_id)
    for answer in (first, second):
        keep_answer(tmp_path, ME, answer, ALL)
    share_answer(tmp_path, ME, first.id)
    assert kept_answer(tmp_path, OTHER, first.id).answer == first
    for reach in (kept_answer, kept_turns):
        with pytest.raises(ConversationNotFound):
            reach(tmp_path, OTHER, second.id)
    delete_conversation(tmp_path, ME, first.conversation_id)
    with pytest.raises(ConversationNotFound):
        kept_answer(tmp_path, OTHER, first.id)


def test_the_file_lets_nobody_in(tmp_path: Path, answers: list[Answer]) -> None:
    token = new_visitor()
    keep_answer(tmp_path, token, answers[0], ALL)
    assert token.encode() not in b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_visitors_tokens_are_told_from_what_could_be_guessed() -> None:
    made = {new_visitor() for _ in range(100)}
    assert len(made) == 100
    assert all(map(is_visitor, made))
    assert not any(map(is_visitor, ["", "1", "m" * 42, "m" * 44, "m" * 42 + "é", "m" * 43 + "\n"]))


@pytest.mark.parametrize(
    ("search", "found"),
    [("", True), ("القبض", True), ("ألقَبْض الدّولي", True), ("قبض كبتاغون", False), ("الجزائر", True),
     ("%", True), ("captagon", False), ("' OR 1=1", False)],
)  # fmt: skip
def test_a_search_reads_words_as_the_index_does(
    tmp_path: Path, answers: list[Answer], search: str, found: bool
) -> None:
    keep_answer(tmp_path, ME, answers[0], ALL)
    assert bool(kept_conversations(tmp_path, ME, search)) == found


def test_a_search_finds_sources_later_turns_and_names(
    tmp_path: Path, answers: list[Answer]
) -> None:
    first = answers[0]
    later = replace(answers[1], conversation_id=first.conversation_id)
    for answer in (first, later):
        keep_answer(tmp_path, ME, answer, ALL)
    source = first.reply.citations[0].article.title
    assert source
    rename_conversation(tmp_path, ME, first.conversation_id, "Ma  recherche\u202e\n<b>")
    for search in (source, "world cup", "recherche", f"recherche {source}"):
        assert [one.title for one in kept_conversations(tmp_path, ME, search)] == [
            "Ma recherche <b>"
        ]


def test_a_name_is_one_line_and_never_blank(tmp_path: Path, answers: list[Answer]) -> None:
    answer = answers[0]
    keep_answer(tmp_path, ME, answer, ALL)
    rename_conversation(tmp_path, ME, answer.conversation_id, " \n\u200f ")
    assert kept_turns(tmp_path, ME, answer.conversation_id)[0].title == answer.question
    rename_conversation(tmp_path, ME, answer.conversation_id, "x" * 10_000)
    assert kept_turns(tmp_path, ME, answer.conversation_id)[0].title == "x" * 119 + "…"


def test_what_is_deleted_is_gone_from_the_disk(tmp_path: Path, answers: list[Answer]) -> None:
    kept, deleted = (
        _smalltalk(answers[2], f"secret-{name}", name, name) for name in ("one", "two")
    )
    for answer in (kept, deleted):
        keep_answer(tmp_path, ME, answer, ALL)
    delete_conversation(tmp_path, ME, "two")
    assert [one.id for one in kept_conversations(tmp_path, ME)] == ["one"]
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"secret-one" in held
    assert b"secret-two" not in held


def test_all_of_a_visitor_s_are_deleted_and_no_other_s(
    tmp_path: Path, answers: list[Answer]
) -> None:
    for visitor, name in ((ME, "a"), (ME, "b"), (OTHER, "c")):
        keep_answer(tmp_path, visitor, _smalltalk(answers[2], name, name, name), ALL)
    delete_conversations(tmp_path, ME)
    assert kept_conversations(tmp_path, ME) == ()
    assert [one.id for one in kept_conversations(tmp_path, OTHER)] == ["c"]


def test_an_answer_goes_with_all_that_followed_it(tmp_path: Path, answers: list[Answer]) -> None:
    turns = [_smalltalk(answers[2], f"q{n}", "c", f"a{n}") for n in range(4)]
    for answer in turns:
        keep_answer(tmp_path, ME, answer, ALL)
    delete_from(tmp_path, ME, "a2")
    assert [turn.answer.id for turn in kept_turns(tmp_path, ME, "c")[1]] == ["a0", "a1"]
    delete_from(tmp_path, ME, "a0")
    assert kept_conversations(tmp_path, ME) == ()


def test_the_newest_of_each_visitor_are_kept(tmp_path: Path, answers: list[Answer]) -> None:
    for n in range(5):
        for visitor in (ME, OTHER):
            answer = _smalltalk(answers[2], f"q{n}", f"{visitor}{n}", f"{visitor}{n}")
            keep_answer(tmp_path, visitor, answer, Retention(3, 365))
    for visitor in (ME, OTHER):
        assert [one.title for one in kept_conversations(tmp_path, visitor)] == ["q4", "q3", "q2"]


def test_what_is_older_is_let_go(tmp_path: Path, answers: list[Answer]) -> None:
    for answer in answers[:2]:
        keep_answer(tmp_path, ME, answer, ALL)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        connection.execute(
            "UPDATE conversations SET changed = '2020-01-01T00:00:00.000+00:00' WHERE id = ?",
            (answers[0].conversation_id,),
        )
    enforce(tmp_path, Retention(1000, 36_500))
    assert len(kept_conversations(tmp_path, ME)) == 2
    enforce(tmp_path, ALL)
    assert [one.title for one in kept_conversations(tmp_path, ME)] == [answers[1].question]


def test_none_are_kept_where_none_are_wanted(tmp_path: Path, answers: list[Answer]) -> None:
    none = Retention(0, 365)
    enforce(tmp_path, none)
    keep_answer(tmp_path, ME, answers[0], none)
    assert list(tmp_path.iterdir()) == []
    keep_answer(tmp_path, ME, answers[0], ALL)
    enforce(tmp_path, none)
    assert kept_conversations(tmp_path, ME) == ()


def test_many_at_once_are_all_kept(tmp_path: Path, answers: list[Answer]) -> None:
    made = [_smalltalk(answers[2], f"q{n}", f"c{n % 7}", f"a{n}") for n in range(70)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda answer: keep_answer(tmp_path, ME, answer, ALL), made))
    kept = [kept_turns(tmp_path, ME, f"c{n}")[1] for n in range(7)]
    assert {turn.answer.id for turns in kept for turn in turns} == {f"a{n}" for n in range(70)}


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, answers: list[Answer]) -> None:
    (tmp_path / FILE).write_bytes(b"no database, and long enough to be looked at as one" * 50)
    with pytest.raises(ConversationsUnavailable, match="cannot be used"):
        keep_answer(tmp_path, ME, answers[0], ALL)
