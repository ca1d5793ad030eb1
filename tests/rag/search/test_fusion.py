import pytest

from rag.search.fusion import fuse


def test_standard_scores_are_summed_by_their_definition() -> None:
    # Means 2 and 20, spreads 1 and 10: standard scores 1 and -1 in each list.
    fused = fuse([(1, 3.0), (2, 1.0)], [(2, 30.0), (3, 10.0)])
    assert dict(fused) == pytest.approx({1: 0.5 * 1 + 0.5 * -1, 2: 0.5 * -1 + 0.5 * 1, 3: -1})


def test_weights_are_per_item() -> None:
    fused = fuse([(1, 3.0), (2, 1.0)], [(2, 30.0), (1, 10.0)], lexical_weight={1: 0.2, 2: 0.9}.get)  # type: ignore[arg-type]
    assert fused == [
        (2, pytest.approx(0.9 * 1 + 0.1 * -1)),
        (1, pytest.approx(0.2 * -1 + 0.8 * 1)),
    ]


def test_equal_scores_go_by_id() -> None:
    assert [item for item, _ in fuse([(9, 1.0)], [(4, 1.0)])] == [4, 9]


def test_one_list_or_none() -> None:
    assert [item for item, _ in fuse([], [(7, 9.0), (2, 3.0)])] == [7, 2]
    assert fuse([], []) == []
