"""The text written for the model: what pairs its files make, and that they are sound."""

import json
from collections import Counter
from pathlib import Path

from embeddings.train.data import Pair
from embeddings.train.written import written_sources


def test_a_word_meets_each_of_its_meanings(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.en.tsv").write_text("peace\tسلام|صلح\tpaix\n", "utf8")
    (source,) = written_sources(tmp_path)
    assert source.name == "own.vocabulary"
    assert source.pairs == (
        Pair("peace", "سلام", "en", "ar"),
        Pair("peace", "صلح", "en", "ar"),
        Pair("peace", "paix", "en", "fr"),
        Pair("سلام", "paix", "ar", "fr"),
    )


def test_sentences_meet_each_other_and_their_questions(tmp_path: Path) -> None:
    row = {"ar": "أ", "en": "a", "fr": "à", "q_en": "a?"}
    (tmp_path / "sentences.jsonl").write_text(json.dumps(row), "utf8")
    told, asked = written_sources(tmp_path)
    assert Counter((p.la, p.lb) for p in told.pairs) == Counter(
        [("ar", "en"), ("ar", "fr"), ("en", "fr")]
    )
    assert [(p.a, p.b, p.la) for p in asked.pairs] == [
        ("a?", "أ", "en"),
        ("a?", "a", "en"),
        ("a?", "à", "en"),
    ]
    assert asked.has_passages
    assert not told.has_passages


def test_nothing_written_is_no_source(tmp_path: Path) -> None:
    assert written_sources(tmp_path) == ()


def test_what_is_written_here_can_be_read() -> None:
    counts = {source.name: len(source.pairs) for source in written_sources()}
    assert set(counts) == {"own.vocabulary", "own.translations", "own.asked_questions"}
    assert all(count > 1000 for count in counts.values())
