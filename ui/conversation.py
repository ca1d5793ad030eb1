"""What one visitor has asked and been told, as the window keeps it."""

from dataclasses import dataclass, replace

from rag.records import Answer, Turn
from ui.texts import Language


@dataclass(frozen=True, slots=True)
class Notice:
    """A word of ours in the place of an answer: what went wrong, and what can be done."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it."""

    question: str
    told: Answer | Notice

    @property
    def answer(self) -> Answer | None:
        """The engine's answer, if it gave one."""
        return self.told if isinstance(self.told, Answer) else None


@dataclass(frozen=True, slots=True)
class Conversation:
    """``id`` is the engine's, once it has answered."""

    id: str | None = None
    exchanges: tuple[Exchange, ...] = ()

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns as the engine takes them: it never saw what only has a notice."""
        return tuple(
            turn
            for exchange in self.exchanges
            if exchange.answer
            for turn in (
                Turn("user", exchange.question),
                Turn("assistant", exchange.answer.reply.text),
            )
        )

    def told(self, exchange: Exchange) -> "Conversation":
        """The conversation with one more exchange at its end."""
        known = exchange.answer.conversation_id if exchange.answer else self.id
        return replace(self, id=known, exchanges=(*self.exchanges, exchange))

    def before(self, exchange: int) -> "Conversation":
        """The conversation as it was before its exchange of that number, from 0."""
        return replace(self, exchanges=self.exchanges[:exchange])
