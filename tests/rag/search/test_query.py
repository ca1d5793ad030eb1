"""Questions as they are searched: names and numbers across scripts, translations, context."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.index.build import sync
from rag.index.local import LocalIndex
from rag.index.opened import OpenIndex
from rag.search.dictionary import bare_words, names_within
from rag.search.matching import CERTAIN, LIKELY, Matcher, bag_of, texts_of
from rag.search.prepared import prepared
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


def test_what_is_written_onto_an_arabic_word_is_taken_off_where_the_rest_is_known(
    index: OpenIndex,
) -> None:
    glued = {"lmdina": "mdina", "felmadina": "madina", "wshakespeare": "shakespeare"}
    kept = ["mdina", "shakespeare", "london", "lamba", "w", "l3"]
    assert bare_words([*glued, *kept], index) == glued | {word: word for word in kept}


def test_a_name_of_two_words_is_known_by_the_one_that_tells_it_apart(index: OpenIndex) -> None:
    names = ["Shakespeareullah", "Abdelmadina", "Abdessiyadin", "Khobzeddine", "Tchurchilluddin"]
    within = ["shakespeare", "madina", "ssiyadin", "khobz", "tchurchill"]
    assert names_within([name.lower() for name in names], index) == within
    kept = ["abdallah", "mullah", "sardine", "jeddine", "abdu", "abdomadina", "الله", "madina"]
    assert names_within(kept, index) == kept


def test_arabic_in_latin_letters_is_asked_without_its_function_words(
    index: OpenIndex, encoder: Encoder
) -> None:
    asked = "3lach tla3 lkhobz felmadina dyalkom w 9addech?"
    query = make_query(asked, index, encoder, context="سعر الخبز")
    assert query.content[: query.own] == ["tla3", "khobz", "madina", "dyalkom"]
    assert query.content[query.own :] == ["سعر", "الخبز"]


def test_a_name_is_heard_and_an_unknown_word_translated(index: OpenIndex, encoder: Encoder) -> None:
    query = make_query("Did Shakespeare buy bread?", index, encoder)
    assert "شكسبير" in dict(query.heard)
    assert "الخبز" in [word for word, _ in query.translated]
    assert all(0 < weight <= 1 for _, weight in query.translated)
    assert "Shakespeare" in query.terms


def test_a_word_that_the_index_has_is_not_translated(index: OpenIndex, encoder: Encoder) -> None:
    assert make_query("الخبز", index, encoder).translated == []


def test_the_context_finds_and_the_question_chooses(index: OpenIndex, encoder: Encoder) -> None:
    query = make_query("والسبب؟", index, encoder, context="لماذا ارتفع سعر الخبز؟")
    assert query.content[: query.own] == ["والسبب"]
    bag = bag_of([ARTICLES["bread.txt"]], index)
    texts = [texts_of(bag, [ARTICLES["bread.txt"]])]
    matcher = Matcher(query, [bag], texts, index)
    (whole,) = matcher.covers(matcher.strengths)
    assert whole > 0.5
    own = Matcher(make_query("والسبب؟", index, encoder), [bag], texts, index)
    assert matcher.own_covers(matcher.strengths) == pytest.approx(own.covers(own.strengths))


def test_matches_by_hand(index: OpenIndex, encoder: Encoder) -> None:
    bread, churchill = (bag_of([ARTICLES[name]], index) for name in ("bread.txt", "churchill.txt"))
    asked = make_query("سعر الخبز", index, encoder)
    there = ["ارتفع سعر الخبز في", "الخبز ارتفع سعر", "", "لا سعر"]
    texts = [texts_of(churchill, ["سعر"]), texts_of(bread, there)]
    matcher = Matcher(asked, [churchill, bread], texts, index)
    (one,) = matcher.cover_stems([{"سعر"}])
    assert 0 < one < 1
    # Nothing of that bag, in order, apart, empty, one word of two.
    assert matcher.strengths.tolist() == [[0, 0], [1, 1], [1, 1], [0, 0], [1, 0]]
    shares = [0, 1, 1, 0, pytest.approx(one)]
    assert matcher.own_covers(matcher.strengths).tolist() == shares
    for least in (CERTAIN, LIKELY):
        assert matcher.own_covers(matcher.strengths, least=least).tolist() == shares
    assert matcher.own_covers(np.array([[0.5, 0.7]]), least=LIKELY) == [1]
    densities = matcher.densities(np.arange(5))
    assert densities.tolist() == [0, 1, pytest.approx(2 / 3), 0, 0]
    assert matcher.densities(np.array([2, 1])).tolist() == densities[[2, 1]].tolist()


def test_a_text_without_words_matches_nothing(index: OpenIndex, encoder: Encoder) -> None:
    bag = bag_of(["", "…"], index)
    matcher = Matcher(make_query("سعر الخبز", index, encoder), [bag], [texts_of(bag, [""])], index)
    assert matcher.strengths.tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("asked", "there", "alike"),
    [
        ("Tchaikovsky", "تشايكوفسكي", 1),
        # One sign more, of six: wcntn, wcngtn.
        ("Washington", "واشنطن", 1 - 1.5 / 6),
        # Fewer than three signs tell nothing; nor do words of one script, though they sound alike.
        ("Saad", "سعد", 0),
        ("Blinken", "Blnkn", 0),
    ],
)
def test_words_of_two_scripts_match_by_sound(
    index: OpenIndex, encoder: Encoder, asked: str, there: str, alike: float
) -> None:
    """Also those of a title, which may stand in no passage."""
    query = make_query(asked, index, encoder)
    query = replace(query, content_vectors=np.zeros_like(query.content_vectors))
    bags = [bag_of([text], index) for text in ("خبز", f"خبز {there}")]
    matcher = Matcher(query, bags, [texts_of(bag, [" ".join(bag.places)]) for bag in bags], index)
    assert matcher.strengths.tolist() == [[0], [pytest.approx(alike)]]


def test_what_is_made_of_a_passage_is_kept_for_that_passage_alone(
    index: OpenIndex, encoder: Encoder
) -> None:
    query = make_query("سعر الخبز", index, encoder)
    (first,), (again,) = (retrieve(index, query, top_k=1) for _ in range(2))
    assert again.passage is first.passage
    assert prepared(again.passage, again.article, index) is prepared(
        first.passage, first.article, index
    )
    cut = replace(first.passage, chunk=replace(first.passage.chunk, parts=()))
    assert prepared(cut, first.article, index).parts == ()
    assert (
        len(prepared(first.passage, first.article, index).parts)
        == len(first.passage.chunk.parts)
        > 0
    )
