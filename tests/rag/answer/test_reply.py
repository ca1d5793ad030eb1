"""Always cites is a property of the type: a reply that does not cannot be constructed."""

from typing import Any

import pytest

from rag.records import Abstention, Article, Citation, Reply, Span, Statement

ARTICLE = Article("a", "a.txt", "en")


def citation(number: int | None) -> Citation:
    return Citation(number, "Words.", Span(0, 6), ARTICLE, "", "", 0.9)


ONE = Statement("Words.", (1,))
ABSTENTION = Abstention("nothing_found", "Nothing.")


def test_a_cited_reply() -> None:
    two = Statement("More.", (2, 1))
    Reply("answered", "en", "So: Words. [1] More. [2][1]", (ONE, two), (citation(1), citation(2)))


@pytest.mark.parametrize(
    "bad",
    [
        {"status": "answered", "text": "Words."},
        {"status": "answered", "text": "Words.", "statements": (Statement("Words.", ()),)},
        {"status": "answered", "text": "Words. [1]", "statements": (ONE,)},
        {"status": "answered", "text": "Words.", "statements": (ONE,), "citations": (citation(1),)},
        {"status": "answered", "text": "W [2]", "statements": (Statement("W", (2,)),),
         "citations": (citation(2),)},
        {"status": "answered", "text": "Words. [1] [7]", "statements": (ONE,),
         "citations": (citation(1),)},
        {"status": "answered", "text": "Words [١] [1]", "statements": (ONE,),
         "citations": (citation(1),)},
        {"status": "answered", "text": "W [1]", "statements": (ONE,),
         "citations": (citation(1), citation(2))},
        {"status": "abstained", "text": "Nothing."},
        {"status": "abstained", "text": "See [1].", "abstention": ABSTENTION},
        {"status": "abstained", "text": "W [1]", "abstention": ABSTENTION, "statements": (ONE,),
         "citations": (citation(1),)},
        {"status": "smalltalk", "text": "Hello [1]"},
        {"status": "smalltalk", "text": "Hello", "abstention": ABSTENTION},
    ],
)  # fmt: skip
def test_an_uncited_reply_cannot_be_made(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Reply(language="en", **bad)
