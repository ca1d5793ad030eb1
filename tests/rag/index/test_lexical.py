"""BM25 over our own tokens: inflection and misspelling do not part words."""

import math
from pathlib import Path
from typing import Any

import pytest

from rag.corpus.text import analysed, stem, words
from rag.errors import IndexUnavailable
from rag.index import lexical
from rag.records import Filters

CHUNKS = [
    (1, "", "ضبطت الأجهزة كميات من المخدرات على الحدود"),
    (2, "", "اجتمع وزراء الخارجية في روما"),
    (3, "Smuggling", "The ministers met in Rome to discuss the coalition"),
    (4, "", "La réunion des ministres à Rome"),
]

LABELS = {
    1: lexical.labels("a", "ar", "2021"),
    2: lexical.labels("b", "ar", "2021-04"),
    3: lexical.labels("c", "en", "2022-05-03"),
    4: lexical.labels("d", "fr", None),
}


def write(folder: Path, chunks: list[tuple[int, str, str]], remove: tuple[int, ...] = ()) -> None:
    writer = lexical.LexicalWriter(folder)
    for chunk_id, title, text in chunks:
        writer.add([(chunk_id, lexical.fields(title, analysed(text)), LABELS[chunk_id])])
    writer.remove(remove)
    writer.commit()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> lexical.LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical")
    write(folder, CHUNKS)
    return lexical.load(folder)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("مخدرات", 1),
        ("ومخدّرات", 1),
        ("وزيرا الخارجيه", 2),
        ("ministerial coalitions", 3),
        ("smuggling", 3),
        ("reunion ministre", 4),
    ],
)
def test_the_chunk_that_shares_the_words_is_first(
    index: lexical.LexicalIndex, question: str, first: int
) -> None:
    assert lexical.search(index, words(question), 4)[0][0] == first


def test_scores_fall_and_nothing_shared_is_nothing_found(index: lexical.LexicalIndex) -> None:
    found = lexical.search(index, words("the ministers in Rome"), 4)
    assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
    assert all(score > 0 for _, score in found)
    assert lexical.search(index, words("quantum"), 4) == []
    assert lexical.search(index, [], 4) == []


def test_only_the_allowed(index: lexical.LexicalIndex) -> None:
    found = lexical.search(index, words("rome ministers ministres"), 4, Filters(("b", "d")))
    assert [i for i, _ in found] == [4]
    assert lexical.search(index, words("rome"), 4, Filters(("nobody's",))) == []


@pytest.mark.parametrize(
    ("filters", "let_through"),
    [
        ({}, {1, 2, 3, 4}),
        ({"languages": ("ar", "fr")}, {1, 2, 4}),
        ({"languages": ("ar",), "article_ids": ("b", "c")}, {2}),
        ({"published_from": "2021"}, {1, 2, 3}),
        ({"published_from": "2021-04-30"}, {1, 2, 3}),
        ({"published_from": "2021-05"}, {1, 3}),
        ({"published_to": "2021"}, {1, 2}),
        ({"published_to": "2021-03"}, {1}),
        ({"published_to": "2022-05"}, {1, 2, 3}),
        ({"published_to": "2022-05-02"}, {1, 2}),
        ({"published_from": "2021-04-15", "published_to": "2021-04-20"}, {1, 2}),
    ],
)
def test_filters(
    index: lexical.LexicalIndex, filters: dict[str, Any], let_through: set[int]
) -> None:
    of_each = words("مخدرات وزراء coalition réunion")
    found = lexical.search(index, of_each, 4, Filters(**filters))
    assert {i for i, _ in found} == let_through
    unfiltered = dict(lexical.search(index, of_each, 4))
    assert all(score == pytest.approx(unfiltered[i]) for i, score in found)


def test_words_that_look_like_query_syntax_are_words(index: lexical.LexicalIndex) -> None:
    assert lexical.search(index, words('+"AND" title:(x) OR -NOT ~^*'), 4) == []


def test_idf_by_its_definition(index: lexical.LexicalIndex) -> None:
    assert lexical.idf(index, stem("rome")) == pytest.approx(
        math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    )
    assert lexical.idf(index, "quantum") == pytest.approx(math.log(1 + (4 - 0 + 0.5) / (0 + 0.5)))


def test_an_empty_index(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert lexical.search(lexical.load(tmp_path), ["rome"], 4) == []


def test_chunks_come_and_go(tmp_path: Path) -> None:
    write(tmp_path, CHUNKS[:2])
    write(tmp_path, CHUNKS[2:], remove=(1, 3, 99))
    found = lexical.load(tmp_path)
    assert [i for i, _ in lexical.search(found, words("rome"), 4)] == [4]
    assert lexical.search(found, words("مخدرات"), 4) == []
    assert lexical.idf(found, stem("rome")) >= 0


def test_in_memory_it_is_the_same(index: lexical.LexicalIndex) -> None:
    question = words("the ministers in Rome")
    in_memory = lexical.in_memory((*chunk, LABELS[chunk[0]]) for chunk in CHUNKS)
    assert lexical.search(in_memory, question, 4) == lexical.search(index, question, 4)


def test_a_missing_or_damaged_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="word index cannot be read"):
        lexical.load(tmp_path)
    write(tmp_path, CHUNKS)
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(IndexUnavailable, match="word index cannot be read"):
        lexical.load(tmp_path)
