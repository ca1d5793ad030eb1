"""What the index in a data folder keeps of what was read is what the store has."""

from pathlib import Path

from embeddings import EMBEDDED, load_encoder
from rag.index import store
from rag.index.local import LocalIndex


def test_languages_are_those_of_the_store_whether_asked_before_or_not(home: Path) -> None:
    with store.reading(home) as connection:
        ids = [*store.chunk_ids(connection, after=0, most=50), 1_000_000]
        expected = store.chunk_languages(connection, ids)
    assert 1_000_000 not in expected
    local = LocalIndex(home, load_encoder(EMBEDDED))
    with local.reading() as index:
        assert index.languages(ids[:20]) == {i: expected[i] for i in ids[:20]}
        assert index.languages(ids) == index.languages(ids) == expected
    local.close()
