"""Measures by their definition, on hand-made replies."""

import json
from pathlib import Path

import pytest

from rag.errors import BadGold
from rag.evaluation.gold import GoldQuestion, Support, read_gold
from rag.evaluation.metrics import Judged, folded, hits, scores
from rag.evaluation.run import judge, table
from rag.records import Article, Citation, Reply, Span, Statement


def test_folding_maps_private_letters_and_drops_marks_and_spaces() -> None:
    assert folded("ف\ue915 عام\n\u00a02019ُ") == "فيعام2019"


@pytest.mark.parametrize(
    ("quote", "support", "hit"),
    [
        ("abcdefgh", "xxabcdyy", True),  # a run of 4, half of 8
        ("abcdefgh", "xxabcyyy", False),  # a run of 3
        ("ab", "a long text with ab in it", True),
        ("", "abc", False),
        ("في المنطقة", "ف\ue915 المنطقة", True),
    ],
)
def test_a_hit_is_a_shared_run_of_half_the_shorter(quote: str, support: str, hit: bool) -> None:
    assert hits(quote, support) is hit


def judged(
    answerable: bool, answered: bool, *citations: bool, support: tuple[bool, ...] = ()
) -> Judged:
    return Judged("en", "fact", answerable, answered, citations, support)


def test_scores_by_hand() -> None:
    got = scores(
        [
            judged(True, True, True, False, support=(True, False)),
            judged(True, True, False, True, support=(True,)),
            judged(True, False, support=(False,)),
            judged(False, False),
            judged(False, True, False),
            judged(False, True, True),  # cites what contradicts a false premise
        ]
    )
    assert got.questions == 6
    assert got.hit_first == pytest.approx(1 / 3, abs=1e-4)
    assert got.hit_any == pytest.approx(2 / 3, abs=1e-4)
    assert got.support_recall == pytest.approx(2 / 4)
    assert got.citation_precision == pytest.approx(2 / 4)
    assert got.refusal_precision == pytest.approx(1 / 2)
    assert got.refusal_recall == pytest.approx(2 / 3, abs=1e-4)
    assert got.wrongly_refused == pytest.approx(1 / 3, abs=1e-4)


def test_nothing_to_count_is_no_score() -> None:
    assert scores([judged(False, False)]).hit_any is None
    assert scores([]).refusal_recall is None


def _reply(quote: str, filename: str) -> Reply:
    article = Article("id", filename, "en")
    citation = Citation(1, quote, Span(0, len(quote)), article, "", "", 0.9)
    return Reply("answered", "en", "x [1]", (Statement("x", (1,)),), (citation,))


def test_a_quote_counts_only_in_its_own_article() -> None:
    question = GoldQuestion("1", "en", "fact", "?", True, (Support("a.txt", "the very words"),))
    assert judge(question, _reply("the very words", "a.txt")).citation_hits == (True,)
    assert judge(question, _reply("the very words", "b.txt")).citation_hits == (False,)
    assert judge(question, _reply("the very words", "b.txt")).support_hits == (False,)


def test_the_table_counts_every_question_in_each_grouping() -> None:
    rows = table([judged(True, True, True), judged(False, False)])
    assert rows["all"].questions == rows["lang en"].questions == rows["kind fact"].questions == 2


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("", "no questions"),
        ("{", "line 1"),
        ('{"id": "1"}', "line 1: missing 'lang'"),
        ("[1]", "line 1"),
    ],
)
def test_a_malformed_gold_file_is_refused(tmp_path: Path, lines: str, complaint: str) -> None:
    (tmp_path / "gold.jsonl").write_text(lines)
    with pytest.raises(BadGold, match=complaint):
        read_gold(tmp_path / "gold.jsonl")


def test_a_missing_or_binary_gold_file(tmp_path: Path) -> None:
    with pytest.raises(BadGold, match="No such file"):
        read_gold(tmp_path / "nothing.jsonl")
    (tmp_path / "gold.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadGold, match="UTF-8"):
        read_gold(tmp_path / "gold.jsonl")


def test_every_seed_quote_stands_in_its_file(seeds: Path) -> None:
    for line in (seeds / "questions.jsonl").read_text("utf-8").splitlines():
        for support in json.loads(line)["support"]:
            assert support["quote"] in (seeds / support["file"]).read_text("utf-8")
