"""Questions as they are searched: names and numbers across scripts, translations, context."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.index.build import sync
from rag.index.local import LocalIndex
from rag.index.opened import OpenIndex
from rag.search.matching import Matcher
from rag.search.retrieval import make_query, retrieve

ARTICLES = {
    "churchill.txt": "ألقى ونستون تشرشل خطابا طويلا أمام الصيادين في الميناء القديم مساء الأحد.",
    "shakespeare.txt": "عرضت الفرقة مسرحية من أعمال شكسبير في ساحة البلدة وحضرها جمهور كبير.",
    "bread.txt": "ارتفع سعر الخبز في المدينة ثلاث مرات خلال السنة الماضية بسبب الجفاف.",
}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[OpenIndex]:
    folder, home = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("home")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    sync(home, encoder, [Path(folder)])
    with LocalIndex(home, encoder).reading() as index:
        yield index


def first(index: OpenIndex, encoder: Encoder, question: str) -> str:
    found = retrieve(index, make_query(question, index, encoder), top_k=3)
    return found[0].article.filename


@pytest.mark.parametrize(
    ("question", "filename"),
    [
        ("Churchill", "churchill.txt"),
        ("a play by Shakespeare", "shakespeare.txt"),
        ("pourquoi le prix du pain a-t-il augmenté ?", "bread.txt"),
        ("shkoun yalli hka ma3 siyadin fel mina, tshershel?", "churchill.txt"),
    ],
)
def test_words_find_their_like_in_the_other_script(
    index: OpenIndex, encoder: Encoder, question: str, filename: str
) -> None:
    assert first(index, encoder, question) == filename


def test_a_name_is_heard_and_an_unknown_word_translated(index: OpenIndex, encoder: Encoder) -> None:
    query = make_query("Did Shakespeare buy bread?", index, encoder)
    assert "شكسبير" in query.heard
    assert "الخبز" in [word for word, _ in query.translated]
    assert all(0 < weight <= 1 for _, weight in query.translated)
    assert "Shakespeare" in query.terms


def test_a_word_that_the_index_has_is_not_translated(index: OpenIndex, encoder: Encoder) -> None:
    assert make_query("الخبز", index, encoder).translated == []


def test_the_context_finds_and_the_question_chooses(index: OpenIndex, encoder: Encoder) -> None:
    query = make_query("والسبب؟", index, encoder, context="لماذا ارتفع سعر الخبز؟")
    assert query.content[: query.own] == ["والسبب"]
    text = ARTICLES["bread.txt"]
    matcher = Matcher(query, [text], index)
    assert matcher.cover_whole(text) > 0.5
    own = Matcher(make_query("والسبب؟", index, encoder), [text], index)
    assert matcher.cover(text) == pytest.approx(own.cover(text))


def test_matches_by_hand(index: OpenIndex, encoder: Encoder) -> None:
    text = ARTICLES["bread.txt"]
    query = make_query("سعر الخبز", index, encoder)
    matches = Matcher(query, [text], index).matches(["ارتفع", "سعر", "الخبز", "في"])
    assert matches.strengths == pytest.approx([1, 1])
    assert matches.shares.sum() == pytest.approx(1)
    assert matches.places.tolist() == [1, 2]
    assert (matches.cover, matches.certain, matches.likely, matches.density) == pytest.approx(
        (1, 1, 1, 1)
    )
    nothing = Matcher(query, [text], index).matches([])
    assert (nothing.cover, nothing.density) == (0, 0)
    assert np.all(nothing.strengths == 0)
