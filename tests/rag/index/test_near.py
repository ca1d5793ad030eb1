"""The article whose sketch agrees most is found, by looking at them all; sketches agree in about
the part that texts have in common."""

import random
import sqlite3
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus.text import analysed
from rag.index import near, store

PLACES = 12
# Of so few numbers that many sketches agree in some.
SKETCHES = st.lists(
    st.lists(st.integers(0, 2), min_size=PLACES, max_size=PLACES).map(
        lambda numbers: np.array(numbers, "<u4").tobytes()
    ),
    min_size=1,
    max_size=30,
)


def agreeing(one: bytes, other: bytes) -> int:
    """In how many places two sketches agree."""
    return sum(one[at : at + 4] == other[at : at + 4] for at in range(0, len(one), 4))


def sketched(words: Sequence[str]) -> bytes:
    """The sketch of a text of these words."""
    return near.sketch(analysed(" ".join(words)).hashes)


def by_all(known: Sequence[bytes], sketch: bytes) -> str | None:
    """The first of those that agree in most places, if these are nine at least."""
    shared = [agreeing(one, sketch) for one in known]
    most = max(shared, default=0)
    return f"{shared.index(most):02}.txt" if most >= 9 else None


@given(SKETCHES)
@settings(max_examples=200, deadline=None)
def test_the_nearest_sketch_is_found(sketches: list[bytes]) -> None:
    connection = sqlite3.connect(":memory:")
    store.create_schema(connection)
    store.put_file(connection, store.KnownFile("all", "digest", "fingerprint"))
    for n, sketch in enumerate(sketches):
        assert near.nearest(connection, sketch) == by_all(sketches[:n], sketch)
        row = (f"{n:02}", f"{n:02}.txt", "en", *[None] * 5, "{}", "[]", "[]", 0, "text", 0)
        store.put(connection, [("all", row, [])])
        near.put_sketch(connection, f"{n:02}", sketch)
    connection.close()


@pytest.mark.parametrize("common", [0.0, 0.3, 0.6, 0.9, 1.0])
@pytest.mark.parametrize("length", [30, 300])
def test_sketches_agree_in_what_texts_have_in_common(length: int, common: float) -> None:
    chance = random.Random(length + common)
    agreed, shared = [], []
    for _ in range(300):
        one = [f"{chance.getrandbits(60):x}" for _ in range(length)]
        kept = round(length * common)
        other = one[:kept] + [f"{chance.getrandbits(60):x}" for _ in range(length - kept)]
        runs = [set(zip(some, some[1:], some[2:], strict=False)) for some in (one, other)]
        shared.append(len(runs[0] & runs[1]) / len(runs[0] | runs[1]))
        agreed.append(agreeing(sketched(one), sketched(other)) / PLACES)
    assert np.mean(agreed) == pytest.approx(np.mean(shared), abs=0.05)


def test_a_very_short_text_is_like_no_other() -> None:
    assert sketched("what is there to say of ten words or".split()) == b""
