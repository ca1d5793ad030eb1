"""Which parts are quoted: the likely ones, each once, in the order one reads."""

import pytest

from rag.answer.citations import statement
from rag.answer.compose import compose
from rag.answer.extractive import select
from rag.records import Article, Evidence, Ranks, Span

A = Article("a", "a.txt", "en")
B = Article("b", "b.txt", "en")


def part(
    probability: float, start: int, quote: str, article: Article = A, after: str = ""
) -> Evidence:
    span = Span(start, start + len(quote))
    return Evidence(article, span, quote, "", after, probability, Ranks(1, 1))


FISH = "Fishing boats left the harbour at dawn."
OIL = "The price of oil rose by ten percent."
VOTE = "Parliament voted on the law in March."


def test_parts_near_the_best_are_quoted_in_reading_order() -> None:
    evidence = [
        part(0.4, 500, OIL),
        part(0.2, 100, FISH),
        part(0.1, 0, VOTE, B),
        part(0.03, 9, "x"),
    ]
    chosen = select(evidence, threshold=0.3, most=4)
    assert [e.quote for e in chosen] == [FISH, OIL, VOTE]


def test_at_most_as_many_as_asked() -> None:
    evidence = [part(0.3, 0, OIL), part(0.3, 100, FISH), part(0.3, 200, VOTE)]
    assert len(select(evidence, threshold=0.3, most=2)) == 2


def test_no_more_than_it_takes_to_be_fairly_sure() -> None:
    sure = [part(0.85, 0, OIL), part(0.5, 100, FISH)]
    assert [e.quote for e in select(sure, threshold=0.3, most=4)] == [OIL]
    unsure = [part(0.5, 0, OIL), part(0.4, 100, FISH), part(0.3, 200, VOTE)]
    assert [e.quote for e in select(unsure, threshold=0.3, most=4)] == [OIL, FISH]


def test_nothing_below_the_threshold() -> None:
    assert select([part(0.29, 0, OIL)], threshold=0.3, most=4) == []
    assert select([], threshold=0.3, most=4) == []


def test_what_says_the_same_is_said_once() -> None:
    again = "In short, the price of oil rose by ten percent."
    chosen = select([part(0.5, 0, OIL), part(0.4, 90, again, B)], threshold=0.3, most=4)
    assert [e.quote for e in chosen] == [OIL]


def test_clauses_that_follow_each_other_are_one_quote() -> None:
    first = part(0.5, 0, "It rose by ten percent", after=", because the meeting failed.")
    second = part(0.4, 24, "because the meeting failed.")
    (joined,) = select([first, second], threshold=0.3, most=4)
    assert joined.quote == "It rose by ten percent, because the meeting failed."
    assert len(joined.span) == len(joined.quote)
    assert joined.probability == 0.5


@pytest.mark.parametrize("own", ["[3]", "[٣]", "[ 3 ]", "[1, 2]"])
def test_what_looks_like_a_marker_in_a_source_does_not_in_a_reply(own: str) -> None:
    evidence = part(0.9, 0, f"As shown before {own}, it rose.")
    reply = compose("en", [evidence], threshold=0.3, most=3)
    assert reply.status == "answered"
    assert own not in reply.text
    assert reply.citations[0].quote == f"As shown before {own}, it rose."


def test_a_statement_stands_on_one_line() -> None:
    assert statement(part(0.9, 0, "broken\nover  lines"), 1).text == "broken over lines"


def test_an_abstention_offers_what_is_near_without_numbers() -> None:
    reply = compose("fr", [part(0.1, 0, OIL), part(0.05, 99, FISH)], threshold=0.3, most=3)
    assert reply.status == "abstained"
    assert reply.abstention is not None
    assert [c.quote for c in reply.abstention.closest] == [OIL, FISH]
    assert all(c.number is None for c in reply.abstention.closest)
    assert reply.language == "fr"
