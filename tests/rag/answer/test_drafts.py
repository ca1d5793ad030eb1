"""Sentences split off a text while it is being written."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.drafts import Draft, drafts

WRITTEN = (
    "<think>Passage 1 says so.\nHm.</think>The canal opened in 1869 [1]. It is 19.3 km long.[2][3] "
    "In 2.5 years Dr. Smith left. [1, 2] **Bold** stays 【4†source】.\n- First item [1]\n"
    "2. Second «item» [^2].\n\nعبر الحدود ١٬٢٠٠ مقاتل [١]. وكان ذلك عام 2019 [2]\nQui ? Paul [1]."
)
SENTENCES = [
    Draft("The canal opened in 1869.", (1,), True),
    Draft("It is 19.3 km long.", (2, 3), False),
    Draft("In 2.5 years Dr. Smith left.", (1, 2), False),
    Draft("Bold stays.", (4,), False),
    Draft("First item", (1,), True),
    Draft("Second «item».", (2,), True),
    Draft("عبر الحدود ١٬٢٠٠ مقاتل.", (1,), True),
    Draft("وكان ذلك عام 2019", (2,), False),
    Draft("Qui ?", (), True),
    Draft("Paul.", (1,), False),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 1000])
def test_however_the_text_comes_its_sentences_are_the_same(size: int) -> None:
    pieces = [WRITTEN[n : n + size] for n in range(0, len(WRITTEN), size)]
    assert list(drafts(pieces)) == SENTENCES


def test_a_sentence_is_given_as_soon_as_the_next_one_has_begun() -> None:
    given: list[Draft] = []

    def pieces() -> Iterator[str]:
        yield "One sentence is here [1]. And the "
        assert given == []
        yield "next one has begun by now, "
        assert given == [Draft("One sentence is here.", (1,), True)]
        yield "so it goes."

    for draft in drafts(pieces()):
        given.append(draft)
    assert len(given) == 2


def test_what_breaks_off_loses_its_last_sentence() -> None:
    def pieces() -> Iterator[str]:
        yield "One sentence is here [1]. The other one did not"
        raise ConnectionError

    given: list[Draft] = []
    with pytest.raises(ConnectionError):
        given.extend(drafts(pieces()))
    assert [draft.text for draft in drafts(["One sentence is here [1]. The other did not"])] == [
        "One sentence is here.",
        "The other did not",
    ]


def test_a_sentence_without_end_is_lost() -> None:
    assert list(drafts(["word " * 500, ". Then it ends well [1]."])) == [
        Draft("Then it ends well.", (1,), False)
    ]


def test_thoughts_that_never_end_are_no_sentences() -> None:
    assert list(drafts(["<think>All of this.\n", "Is thought only. [1]"])) == []


@given(
    st.text(alphabet=st.sampled_from("ab .!?[]【】1٣\n-*#<think>/،؟"), max_size=80),
    st.integers(1, 9),
)
def test_any_text_can_be_split_anywhere(text: str, size: int) -> None:
    pieces = [text[n : n + size] for n in range(0, len(text), size)]
    for draft in drafts(pieces):
        assert "\n" not in draft.text
        assert draft.text == " ".join(draft.text.split())
