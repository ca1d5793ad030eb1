import pytest

from rag.search.fusion import fuse


def test_reciprocal_rank_fusion_by_its_definition() -> None:
    fused = fuse([(1, 0.9), (2, 0.8), (3, 0.1)], [(2, 12.0), (4, 3.0)])
    assert [item for item, _ in fused] == [2, 1, 4, 3]
    assert dict(fused) == pytest.approx(
        {1: 1 / (60 + 1), 2: 1 / (60 + 2) + 1 / (60 + 1), 3: 1 / (60 + 3), 4: 1 / (60 + 2)}
    )


def test_equal_scores_go_by_id() -> None:
    assert [item for item, _ in fuse([(9, 1.0)], [(4, 1.0)])] == [4, 9]


def test_nothing_fused_is_nothing() -> None:
    assert fuse([], []) == []
