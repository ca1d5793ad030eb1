"""The article whose sketch is nearest is the one that shares most hashes, by looking at them all."""

import sqlite3
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index import near, store

# Of so few hashes that many sketches share some.
SKETCHES = st.lists(
    st.sets(st.integers(0, 24), min_size=1, max_size=12).map(sorted), min_size=1, max_size=30
)


def by_all(known: Sequence[Sequence[int]], hashes: Sequence[int]) -> str | None:
    """The first of those that share most of the hashes, if that is at least 70 % of them."""
    shared = [len(set(sketch) & set(hashes)) for sketch in known]
    most = max(shared, default=0)
    return f"{shared.index(most):02}.txt" if most >= 0.7 * len(hashes) else None


@given(SKETCHES)
@settings(max_examples=200, deadline=None)
def test_the_nearest_sketch_is_found(sketches: list[list[int]]) -> None:
    connection = sqlite3.connect(":memory:")
    store.create_schema(connection)
    store.put_file(connection, store.KnownFile("all", "digest", "fingerprint"))
    for n, sketch in enumerate(sketches):
        assert near.nearest(connection, sketch) == by_all(sketches[:n], sketch)
        row = (f"{n:02}", f"{n:02}.txt", "en", *[None] * 5, "{}", "[]", "[]", 0, "text", 0)
        store.put(connection, "all", row, [])
        near.put_sketch(connection, f"{n:02}", sketch)
    connection.close()
