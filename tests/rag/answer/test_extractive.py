"""Which parts are quoted: the likely ones, each once, in the order one reads."""

import pytest

from rag.answer.compose import abstain, compose, disagree
from rag.answer.extractive import in_reading_order, quoted, weigh, weigh_sides
from rag.answer.phrases import PHRASES, Language
from rag.records import Article, Evidence, Ranks, Span

A = Article("a", "a.txt", "en")
B = Article("b", "b.txt", "en")


def part(
    probability: float,
    start: int,
    quote: str,
    article: Article = A,
    after: str = "",
    **features: float,
) -> Evidence:
    span = Span(start, start + len(quote))
    return Evidence(article, span, quote, "", after, probability, Ranks(1, 1), features)


def select(evidence: list[Evidence], *, most: int) -> list[Evidence]:
    return in_reading_order(quoted(weigh(evidence, answerable=True, most=most)))


FISH = "Fishing boats left the harbour at dawn."
OIL = "The price of oil rose by ten percent."
VOTE = "Parliament voted on the law in March."


def test_parts_near_the_best_are_quoted_in_reading_order() -> None:
    evidence = [
        part(0.4, 500, OIL),
        part(0.2, 100, FISH),
        part(0.17, 0, VOTE, B),
        part(0.03, 9, "x"),
    ]
    chosen = select(evidence, most=4)
    assert [e.quote for e in chosen] == [FISH, OIL, VOTE]


def test_at_most_as_many_as_asked() -> None:
    evidence = [part(0.3, 0, OIL), part(0.3, 100, FISH), part(0.3, 200, VOTE)]
    assert len(select(evidence, most=2)) == 2


def test_no_more_than_it_takes_to_be_fairly_sure() -> None:
    sure = [part(0.96, 0, OIL), part(0.5, 100, FISH)]
    assert [e.quote for e in select(sure, most=4)] == [OIL]
    unsure = [part(0.55, 0, OIL), part(0.41, 100, FISH), part(0.3, 200, VOTE)]
    assert [e.quote for e in select(unsure, most=4)] == [OIL, FISH]


def test_nothing_where_the_articles_do_not_answer() -> None:
    weighed = weigh([part(0.9, 0, OIL), part(0.1, 99, FISH)], answerable=False, most=4)
    assert [one.decision for one in weighed] == ["unlikely"] * 2
    assert quoted(weighed) == []
    assert select([], most=4) == []


def test_what_says_the_same_is_said_once() -> None:
    again = "In short, the price of oil rose by ten percent."
    chosen = select([part(0.5, 0, OIL), part(0.4, 90, again, B)], most=4)
    assert [e.quote for e in chosen] == [OIL]


def test_clauses_that_follow_each_other_are_one_quote() -> None:
    first = part(0.5, 0, "It rose by ten percent", after=", because the meeting failed.")
    second = part(0.4, 24, "because the meeting failed.")
    (joined,) = select([first, second], most=4)
    assert joined.quote == "It rose by ten percent, because the meeting failed."
    assert len(joined.span) == len(joined.quote)
    assert joined.probability == 0.5


def test_a_sentence_beside_a_quote_joins_it_where_one_elsewhere_is_left_out() -> None:
    after = " " + FISH
    quoted_one = part(0.5, 0, OIL, after=after)
    beside = part(0.1, len(OIL) + 1, FISH)
    (joined,) = select([quoted_one, beside], most=1)
    assert joined.quote == f"{OIL} {FISH}"
    assert joined.quote == f"{OIL}{after}"[joined.span.start : joined.span.end]
    elsewhere = part(0.1, 900, FISH)
    assert [e.quote for e in select([quoted_one, elsewhere], most=4)] == [OIL]


def test_no_quote_grows_without_end() -> None:
    sentence = "Word " * 40 + "end."
    first = part(0.5, 0, sentence, after=" " + sentence)
    second = part(0.3, len(sentence) + 1, sentence.replace("Word", "More"), after=" " + sentence)
    third = part(0.2, 2 * len(sentence) + 2, sentence.replace("Word", "Last"))
    (joined,) = select([first, second, third], most=1)
    assert joined.span == Span(0, 2 * len(sentence) + 1)


def test_why_a_candidate_was_not_quoted() -> None:
    evidence = [
        part(0.5, 0, OIL),
        part(0.29, 900, "Again: the price of oil rose by ten percent."),
        part(0.1, 300, FISH),
    ]
    weighed = weigh(evidence, answerable=True, most=4)
    assert [w.decision for w in weighed] == ["used", "repeated", "runner_up"]
    sure = weigh([part(0.96, 0, OIL), part(0.5, 99, FISH)], answerable=True, most=4)
    assert [w.decision for w in sure] == ["used", "enough"]


@pytest.mark.parametrize(("most", "told"), [(2, 2), (3, 3), (4, 4)])
def test_both_sides_are_told_within_the_limit(most: int, told: int) -> None:
    sides = [
        [part(0.3, 0, OIL), part(0.3, 900, FISH), part(0.3, 1900, VOTE)],
        [part(0.3, 0, "Rain fell all night.", B), part(0.3, 900, "Snow lay on the hills.", B)],
    ]
    chosen = in_reading_order(quoted(weigh_sides(sides, most=most)))
    assert len(chosen) == told
    assert {one.article.id for one in chosen} == {"a", "b"}


@pytest.mark.parametrize("own", ["[3]", "[٣]", "[ 3 ]", "[1, 2]"])
def test_what_looks_like_a_marker_in_a_source_does_not_in_a_reply(own: str) -> None:
    evidence = part(0.9, 0, f"As shown before {own}, it rose.")
    reply = compose("en", [evidence])
    assert reply.status == "answered"
    assert own not in reply.text
    assert reply.citations[0].quote == f"As shown before {own}, it rose."


def figure(quote: str, article: Article, **features: float) -> Evidence:
    told = {"words": 0.8, "number_asked_and_there": 1.0} | features
    return part(0.4, 0, quote, article, **told)


def test_two_articles_with_two_figures_disagree() -> None:
    ten, eleven = "Ten boats sank.", "In the storm 11 boats sank."
    assert disagree([figure(ten, A), figure(eleven, B)])
    assert compose("en", [figure(ten, A), figure(eleven, B)]).text.startswith("The articles do not")
    assert not disagree([figure(ten, A), figure("10 boats sank in all.", B)])
    assert not disagree([figure(ten, A), figure(eleven, A)])
    assert not disagree([figure(ten, A), figure(eleven, B, words=0.2)])
    assert not disagree([figure(ten, A), figure(eleven, B, number_asked_and_there=0.0)])


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_a_reply_that_is_likely_wrong_says_that_it_is_unsure(language: Language) -> None:
    phrases = PHRASES[language]
    unsure = compose(language, [part(0.11, 0, OIL), part(0.08, 900, FISH)])
    assert unsure.text.startswith(phrases.unsure)
    assert [s.citations for s in unsure.statements] == [(1,), (2,)]
    assert not compose(language, [part(0.21, 0, OIL)]).text.startswith(phrases.unsure)


def test_a_statement_stands_on_one_line() -> None:
    reply = compose("en", [part(0.9, 0, "broken\nover  lines")])
    assert reply.statements[0].text == "broken over lines"


def test_an_abstention_offers_what_is_near_without_numbers() -> None:
    near = [part(0.1, 0, OIL), part(0.05, 99, FISH)]
    reply = abstain("fr", "not_supported", near, ["prix", "[1]"])
    assert reply.status == "abstained"
    assert reply.abstention is not None
    assert reply.text.startswith("J'ai cherché : prix · (1).")
    assert [c.quote for c in reply.abstention.closest] == [OIL, FISH]
    assert all(c.number is None for c in reply.abstention.closest)
    assert reply.language == "fr"
