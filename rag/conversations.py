"""Conversations that visitors of the chat window had, kept in the data folder in a file of its own.

Each belongs to one visitor, who is known by a token of 256 random bits that only his browser has.
Of a token only its SHA-256 is kept, so that the file lets nobody in. Whatever is asked for by
another visitor is not there, as if it had never been.
"""

import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rag.corpus.text import words
from rag.database import opened
from rag.errors import ConversationNotFound, ConversationsUnavailable
from rag.records import Answer

FILE = "conversations.db"
LONGEST_TITLE = 120

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ANSWER = TypeAdapter(Answer)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, title TEXT NOT NULL,
    begun TEXT NOT NULL, changed TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_of_visitor ON conversations (visitor, changed);
CREATE TABLE IF NOT EXISTS turns (
    n INTEGER PRIMARY KEY AUTOINCREMENT, answer_id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    asked TEXT NOT NULL, answer TEXT NOT NULL, words TEXT NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS turns_of_conversation ON turns (conversation);
"""


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation that is kept; ``begun`` and ``changed`` are in ISO 8601 and UTC."""

    id: str
    title: str
    begun: str
    changed: str


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question with its answer as it was given, and when it was asked (ISO 8601, UTC)."""

    asked: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Retention:
    """How many conversations of one visitor are kept, the newest; and for how many days after the
    last question. ``most`` 0 keeps none."""

    most: int
    days: int


def new_visitor() -> str:
    """A token for a visitor who has none: 43 characters that cannot be guessed."""
    return secrets.token_urlsafe(32)


def is_visitor(token: str) -> bool:
    """Whether ``token`` has the form of one of ours: what is shorter could be guessed."""
    return _TOKEN.fullmatch(token) is not None


def keep_answer(home: Path, visitor: str, answer: Answer, retention: Retention) -> None:
    """Keep ``answer`` at the end of its conversation, which is begun where there is none, and let
    go of what `retention` does not keep.

    Raises:
        ConversationNotFound: the conversation is another visitor's.
        ConversationsUnavailable: it cannot be written.
    """
    if not retention.most:
        return
    now, owner = _now(), _owner(visitor)
    title = one_line(answer.question)
    bare = replace(answer, weighed=None)
    with _writing(home) as connection:
        taken = connection.execute(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET changed = excluded.changed WHERE visitor = excluded.visitor",
            (answer.conversation_id, owner, title, now, now),
        )
        if not taken.rowcount:
            raise ConversationNotFound("there is no such conversation")
        connection.execute(
            "INSERT INTO turns (answer_id, conversation, asked, answer, words)"
            " VALUES (?, ?, ?, ?, ?)",
            (answer.id, answer.conversation_id, now, _ANSWER.dump_json(bare), _searched(answer)),
        )
        _let_go(connection, retention)


def kept_conversations(home: Path, visitor: str, search: str = "") -> tuple[KeptConversation, ...]:
    """The visitor's conversations, the last one first; of those, with ``search``, the ones in whose
    title, questions, answers or sources each of its words occurs.

    Raises:
        ConversationsUnavailable: they cannot be read.
    """
    if not (home / FILE).exists():
        return ()
    wanted = words(search)
    with _opened(home) as connection:
        rows = connection.execute(
            "SELECT c.id, c.title, c.begun, c.changed, group_concat(t.words, ' ')"
            " FROM conversations c JOIN turns t ON t.conversation = c.id"
            " WHERE c.visitor = ? GROUP BY c.id ORDER BY c.changed DESC, max(t.n) DESC",
            (_owner(visitor),),
        ).fetchall()
    found = ((KeptConversation(*row[:4]), f"{' '.join(words(row[1]))} {row[4]}") for row in rows)
    return tuple(kept for kept, held in found if all(word in held for word in wanted))


def kept_turns(
    home: Path, visitor: str, conversation_id: str
) -> tuple[KeptConversation, tuple[KeptTurn, ...]]:
    """A conversation of the visitor's and what was asked in it, oldest first.

    Raises:
        ConversationNotFound: there is none with that id, or it is another visitor's.
        ConversationsUnavailable: it cannot be read.
    """
    with _opened(home) as connection:
        row = connection.execute(
            "SELECT id, title, begun, changed FROM conversations WHERE id = ? AND visitor = ?",
            (conversation_id, _owner(visitor)),
        ).fetchone()
        if row is None:
            raise ConversationNotFound("there is no such conversation")
        turns = connection.execute(
            "SELECT asked, answer FROM turns WHERE conversation = ? ORDER BY n", (conversation_id,)
        )
        return KeptConversation(*row), tuple(_turn(*turn) for turn in turns)


def kept_answer(home: Path, visitor: str, answer_id: str) -> KeptTurn:
    """One answer: the visitor's own, or one that its owner has shared.

    Raises:
        ConversationNotFound: there is none with that id, or it is not for this visitor.
        ConversationsUnavailable: it cannot be read.
    """
    with _opened(home) as connection:
        row = connection.execute(
            "SELECT asked, answer FROM turns t JOIN conversations c ON c.id = t.conversation"
            " WHERE answer_id = ? AND (shared OR visitor = ?)",
            (answer_id, _owner(visitor)),
        ).fetchone()
        if row is None:
            raise ConversationNotFound("there is no such answer")
        return _turn(*row)


def share_answer(home: Path, visitor: str, answer_id: str) -> None:
    """Let whoever has the answer's id read it: that one answer, not its conversation.

    Raises:
        ConversationNotFound: the visitor has no such answer.
        ConversationsUnavailable: it cannot be written.
    """
    _change(
        home,
        "UPDATE turns SET shared = 1 WHERE answer_id = ?"
        " AND conversation IN (SELECT id FROM conversations WHERE visitor = ?)",
        (answer_id, _owner(visitor)),
    )


def rename_conversation(home: Path, visitor: str, conversation_id: str, title: str) -> None:
    """Call a conversation of the visitor's ``title``, of which one line is kept; a blank one
    changes nothing.

    Raises:
        ConversationNotFound: there is none with that id, or it is another visitor's.
        ConversationsUnavailable: it cannot be written.
    """
    _change(
        home,
        "UPDATE conversations SET title = coalesce(nullif(?, ''), title)"
        " WHERE id = ? AND visitor = ?",
        (one_line(title), conversation_id, _owner(visitor)),
    )


def delete_conversation(home: Path, visitor: str, conversation_id: str) -> None:
    """Delete a conversation of the visitor's, and the links to its answers with it.

    Raises:
        ConversationNotFound: there is none with that id, or it is another visitor's.
        ConversationsUnavailable: it cannot be written.
    """
    _change(
        home,
        "DELETE FROM conversations WHERE id = ? AND visitor = ?",
        (conversation_id, _owner(visitor)),
    )


def delete_conversations(home: Path, visitor: str) -> None:
    """Delete every conversation of the visitor's.

    Raises:
        ConversationsUnavailable: it cannot be written.
    """
    with _writing(home) as connection:
        connection.execute("DELETE FROM conversations WHERE visitor = ?", (_owner(visitor),))


def delete_from(home: Path, visitor: str, answer_id: str) -> None:
    """Delete an answer of the visitor's and what followed it in its conversation, which goes with
    its last answer.

    Raises:
        ConversationNotFound: the visitor has no such answer.
        ConversationsUnavailable: it cannot be written.
    """
    with _writing(home) as connection:
        row = connection.execute(
            "SELECT n, conversation FROM turns JOIN conversations c ON c.id = conversation"
            " WHERE answer_id = ? AND visitor = ?",
            (answer_id, _owner(visitor)),
        ).fetchone()
        if row is None:
            raise ConversationNotFound("there is no such answer")
        connection.execute("DELETE FROM turns WHERE n >= ? AND conversation = ?", row)
        _drop_empty(connection)


def enforce(home: Path, retention: Retention) -> None:
    """Let go of what ``retention`` does not keep.

    Raises:
        ConversationsUnavailable: it cannot be written.
    """
    if (home / FILE).exists():
        with _writing(home) as connection:
            _let_go(connection, retention)


def one_line(text: str) -> str:
    """``text`` as a title: its first line's worth, nothing in it that is not shown."""
    shown = "".join(c if c.isprintable() else " " for c in text.encode("utf-8", "replace").decode())
    line = " ".join(shown.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def _let_go(connection: sqlite3.Connection, retention: Retention) -> None:
    oldest = datetime.now(UTC) - timedelta(days=retention.days)
    connection.execute("DELETE FROM conversations WHERE changed < ?", (_text(oldest),))
    connection.execute(
        "DELETE FROM conversations WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
        " (PARTITION BY visitor ORDER BY changed DESC, rowid DESC) AS place FROM conversations)"
        " WHERE place > ?)",
        (retention.most,),
    )


def _drop_empty(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM conversations WHERE id NOT IN (SELECT conversation FROM turns)")


def _change(home: Path, statement: str, values: tuple[str, ...]) -> None:
    with _writing(home) as connection:
        if not connection.execute(statement, values).rowcount:
            raise ConversationNotFound("there is no such conversation or answer")


def _searched(answer: Answer) -> str:
    """The words by which an answer is found."""
    sources = (part for c in answer.reply.citations for part in (c.article.title, c.article.author))
    return " ".join(words(" ".join([answer.question, answer.reply.text, *filter(None, sources)])))


def _turn(asked: str, answer: str) -> KeptTurn:
    return KeptTurn(asked, _ANSWER.validate_json(answer))


def _owner(visitor: str) -> str:
    return sha256(visitor.encode()).hexdigest()


def _now() -> str:
    return _text(datetime.now(UTC))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


@contextmanager
def _writing(home: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, which takes its turn at once so that what it reads stays so."""
    with _opened(home) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            yield connection


@contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    try:
        with opened(home / FILE, _SCHEMA) as connection:
            yield connection
    except (sqlite3.Error, OSError, ValidationError) as error:
        cause = str(error).splitlines()[0]
        raise ConversationsUnavailable(
            f"conversations in {home / FILE} cannot be used: {cause}"
        ) from None
