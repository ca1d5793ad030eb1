"""What a conversation remembers, and what stays of an answer that is stopped."""

from rag.records import Article, Citation, Span
from ui.conversation import Conversation, Exchange, Growing, Notice

CITATION = Citation(1, "quote", Span(0, 5), Article("a", "a.txt", "en"), "", "", 0.9)


def test_what_is_cut_off_by_stopping_goes_since_it_has_no_source() -> None:
    growing = Growing("en", "They say:\n\nquote [1]\n\nan other that is not", (CITATION,))
    assert growing.stop() == Growing("en", "They say:\n\nquote [1]", (CITATION,), stopped=True)
    assert Growing("en", "They say:\n\nquo").stop() == Growing("en", stopped=True)


def test_only_what_is_still_on_its_way_is_settled() -> None:
    told = Conversation().told(Exchange("q", Notice("n", "en")))
    assert told.settled() == told
    assert Conversation().settled() == Conversation()
    growing = told.told(Exchange("r", Growing("en", "one [1] two", (CITATION,))))
    settled = growing.settled()
    assert settled.exchanges[0] == told.exchanges[0]
    assert settled.exchanges[1].told == Growing("en", "one [1]", (CITATION,), stopped=True)
    assert settled.settled() == settled


def test_what_the_engine_never_saw_is_no_history() -> None:
    conversation = Conversation().told(Exchange("q", Notice("n", "en")))
    assert conversation.told(Exchange("r", Growing("en"))).history == ()
