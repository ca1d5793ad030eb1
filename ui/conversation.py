"""What one visitor has asked and been told, as the window keeps it."""

from dataclasses import dataclass, replace

from rag.records import MARKER, Answer, Citation, Turn
from ui.texts import Language


@dataclass(frozen=True, slots=True)
class Notice:
    """A word of ours in the place of an answer: what went wrong, and what can be done."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Growing:
    """An answer on its way: its ``text`` as far as it may be shown, with every citation that the
    text uses; empty while nothing is there yet. ``stopped``: no more will come."""

    language: str
    text: str = ""
    citations: tuple[Citation, ...] = ()
    stopped: bool = False

    def stop(self) -> "Growing":
        """What stays when it is stopped: whole statements, since what is cut off has no source."""
        ends = [match.end() for match in MARKER.finditer(self.text)]
        text = self.text[: ends[-1]] if ends else ""
        return replace(self, text=text, citations=self.citations if ends else (), stopped=True)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it."""

    question: str
    told: Answer | Notice | Growing

    @property
    def answer(self) -> Answer | None:
        """The engine's answer, if it gave one."""
        return self.told if isinstance(self.told, Answer) else None

    @property
    def passages(self) -> tuple[Citation, ...]:
        """What can be read in its article: what is cited, or is only close to the question."""
        if isinstance(self.told, Growing):
            return self.told.citations
        reply = self.answer.reply if self.answer else None
        if reply and reply.abstention:
            return reply.abstention.closest
        return reply.citations if reply else ()


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

    def settled(self) -> "Conversation":
        """The conversation with an answer that is still on its way stopped."""
        last = self.exchanges[-1] if self.exchanges else None
        if last is None or not isinstance(last.told, Growing) or last.told.stopped:
            return self
        return self.before(len(self.exchanges) - 1).told(replace(last, told=last.told.stop()))

    def before(self, exchange: int) -> "Conversation":
        """The conversation as it was before its exchange of that number, from 0."""
        return replace(self, exchanges=self.exchanges[:exchange])
