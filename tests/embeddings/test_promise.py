"""One promise, every encoder: the embedded model and transformer models of three kinds."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings import Encoder, encode_chunks

KINDS = ["embedded", "reference", "plain", "e5", "prompted"]
ODD = [
    "",
    "   \n\t",
    "🕊️🇹🇳👩‍👩‍👧",
    "\x00",
    "a\x00b",
    "\ud800",
    "سلام \udfff عليكم",
    "ا" * 10_000,
    "\u202eabc\u202c",
    "漢字",
    "َُِّ",
]


@pytest.fixture(params=KINDS)
def encoder(request: pytest.FixtureRequest, get_encoder: Callable[[str], Encoder]) -> Encoder:
    return get_encoder(request.param)


def check_rows(rows: np.ndarray, *, count: int, encoder: Encoder) -> None:
    assert rows.dtype == np.float32
    assert rows.shape == (count, encoder.dimension)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(count), abs=1e-5)


def test_is_an_encoder(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder)
    assert encoder.name
    assert encoder.dimension > 0
    assert encoder.max_tokens is None or encoder.max_tokens > 0


def test_no_texts(encoder: Encoder) -> None:
    check_rows(encoder.encode_questions([]), count=0, encoder=encoder)
    check_rows(encoder.encode_passages([]), count=0, encoder=encoder)
    assert encoder.count_truncated([]) == 0


def test_odd_texts_give_unit_rows(encoder: Encoder) -> None:
    check_rows(encoder.encode_questions(ODD), count=len(ODD), encoder=encoder)
    check_rows(encoder.encode_passages(ODD), count=len(ODD), encoder=encoder)
    assert 0 <= encoder.count_truncated(ODD) <= len(ODD)


def test_same_text_same_vector_in_any_company(encoder: Encoder) -> None:
    texts = ["peace in the city", "ما هي مدينة", "a"]
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode_passages(texts), alone, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(texts[::-1])[::-1], alone, atol=1e-5)


def test_chunks_have_the_vectors_of_their_texts_and_parts(encoder: Encoder) -> None:
    chunks = [
        ["A heading\n\n", "Peace came to the city. ", "", "It was late."],
        ["", "انتهت الحرب في المدينة.", "", "وعاد الناس إلى بيوتهم."],
        ["", "Peace."],
        ["no part of it is quoted"],
        [""],
    ]
    # Every other piece is a part, but for the white space at its ends.
    texts, parts = ["".join(pieces) for pieces in chunks], []
    for pieces in chunks:
        ends = [sum(map(len, pieces[:n])) for n in range(len(pieces))]
        parts.append([(end, end + len(pieces[n].strip())) for n, end in enumerate(ends) if n % 2])
    whole, of_parts = encode_chunks(encoder, texts, parts)
    spoken = [text[a:b] for text, some in zip(texts, parts, strict=True) for a, b in some]
    np.testing.assert_allclose(whole, encoder.encode_passages(texts), atol=1e-5)
    np.testing.assert_allclose(of_parts, encoder.encode_passages(spoken), atol=1e-5)
    none, nothing = encode_chunks(encoder, [], [])
    assert none.shape == nothing.shape == (0, encoder.dimension)


def test_progress_counts_up_to_all(encoder: Encoder) -> None:
    texts = ["war and peace"] * 1100 if encoder.max_tokens is None else ["peace"] * 300
    heard: list[int] = []
    rows = encoder.encode_passages(texts, progress=heard.append)
    assert len(heard) > 1
    assert heard == sorted(set(heard))
    assert heard[-1] == len(rows) == len(texts)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_gives_a_unit_row(encoder: Encoder, texts: list[str]) -> None:
    check_rows(encoder.encode_questions(texts), count=len(texts), encoder=encoder)
