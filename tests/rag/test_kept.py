"""What is kept: the last used, so many and no more."""

from rag.kept import Kept


def test_the_longest_unused_goes_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    assert kept.get("a") == 1
    kept.keep("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)


def test_nothing_is_kept_where_nothing_may_be() -> None:
    kept: Kept[str, int] = Kept(0)
    kept.keep("a", 1)
    assert kept.get("a") is None
