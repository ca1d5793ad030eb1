"""Vectors of passages and words: exact while few, then an approximate base that the store corrects."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.engine import Engine
from rag.index import store, vectors
from rag.index.build import remove, sync
from rag.index.local import LocalIndex
from rag.index.vectors import PASSAGES, WORDS, read_base
from rag.records import Filters
from rag.settings import Settings

KINDS = "ships harbours bridges canals mills forests deserts rivers castles markets".split()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


def write_articles(folder: Path, first: int, count: int) -> None:
    folder.mkdir(exist_ok=True)
    for n in range(first, first + count):
        kind = KINDS[n % len(KINDS)]
        text = f"The {kind} of district {n} number {n * n}. They were seen in year {1000 + n}."
        (folder / f"{n:04}.txt").write_text(text)


@pytest.fixture
def place(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A data folder whose index has a base, and its articles."""
    monkeypatch.setattr(vectors, "MOST_EXACT", 50)
    write_articles(tmp_path / "articles", 0, 200)
    sync(tmp_path / "home", encoder, [tmp_path / "articles"])
    return tmp_path / "home", tmp_path / "articles"


def base(home: Path, kind: vectors.Kind = PASSAGES) -> vectors.Base | None:
    with store.reading(home) as connection:
        manifest = store.read_manifest(connection)
        assert manifest is not None
        return read_base(home, kind, manifest.lineage)


def nearest(home: Path, encoder: Encoder, question: str, k: int = 10) -> list[int]:
    (vector,) = encoder.encode_questions([question])
    with LocalIndex(home, encoder).reading() as index:
        return [chunk for chunk, _ in index.nearest(vector, k)]


def truly_nearest(home: Path, encoder: Encoder, question: str, k: int = 10) -> list[int]:
    (vector,) = encoder.encode_questions([question])
    with store.reading(home) as connection:
        blocks = list(store.chunk_vectors(connection, encoder.dimension))
    ids = np.concatenate([i for i, _ in blocks])
    cosines = np.concatenate([rows @ vector for _, rows in blocks])
    return ids[np.lexsort((ids, -cosines))][:k].tolist()


def mean_cosine(home: Path, encoder: Encoder) -> float:
    with store.reading(home) as connection:
        rows = np.concatenate([r for _, r in store.chunk_vectors(connection, encoder.dimension)])
    return float((rows @ rows.T)[np.triu_indices(len(rows), 1)].mean())


QUESTIONS = [f"Where are the {kind} of district {n}?" for n, kind in enumerate(KINDS)]


def test_few_are_searched_exactly(tmp_path: Path, encoder: Encoder) -> None:
    write_articles(tmp_path / "articles", 0, 40)
    sync(tmp_path / "home", encoder, [tmp_path / "articles"])
    assert base(tmp_path / "home") is None
    for question in QUESTIONS:
        found = nearest(tmp_path / "home", encoder, question)
        assert found == truly_nearest(tmp_path / "home", encoder, question)


def test_a_base_finds_what_it_says_it_finds(place: tuple[Path, Path], encoder: Encoder) -> None:
    home, _ = place
    made = base(home)
    assert made is not None
    assert (made.count, made.last) == (200, 200)
    assert made.recall >= 0.97
    shares = [
        len({*nearest(home, encoder, q)} & {*truly_nearest(home, encoder, q)}) / 10
        for q in QUESTIONS
    ]
    assert np.mean(shares) >= 0.9
    words = base(home, WORDS)
    assert words is not None
    assert words.recall >= 0.95


def test_what_is_new_is_found_beside_the_base_and_then_taken_into_it(
    place: tuple[Path, Path], encoder: Encoder
) -> None:
    home, articles = place
    before = base(home)
    engine = Engine(Settings(home=home), encoder)
    (articles / "new.txt").write_text("Herrings were caught in the north through the winter.")
    sync(home, encoder, [articles])
    assert base(home) == before
    assert engine.search("herrings")[0].ranks.dense == 1
    write_articles(articles, 200, 60)
    sync(home, encoder, [articles])
    after = base(home)
    assert before is not None
    assert after is not None
    assert (after.count, after.made_for) == (261, before.made_for)
    assert after.recall >= 0.97
    assert engine.search("herrings")[0].ranks.dense == 1
    assert len(list(home.glob("vectors-passages-*"))) == 1


def test_what_comes_bit_by_bit_is_found_as_what_comes_at_once(
    tmp_path: Path, encoder: Encoder
) -> None:
    home, articles = tmp_path / "home", tmp_path / "articles"
    write_articles(articles, 0, 20)
    sync(home, encoder, [articles])
    index = LocalIndex(home, encoder)
    for n in range(20, 33):
        write_articles(articles, n, 1)
        (articles / f"{n - 20:04}.txt").unlink()
        sync(home, encoder, [articles])
        with index.reading():
            pass
    for question in QUESTIONS:
        (vector,) = encoder.encode_questions([question])
        with index.reading() as state:
            found = [chunk for chunk, _ in state.nearest(vector, 50)]
            assert state.background.mean == pytest.approx(mean_cosine(home, encoder))
        assert found == truly_nearest(home, encoder, question, 50)
        assert len(found) == 20


def test_what_is_removed_is_not_found(place: tuple[Path, Path], encoder: Encoder) -> None:
    home, _ = place
    engine = Engine(Settings(home=home), encoder)
    first = engine.search("The ships of district 0")[0]
    remove(home, encoder, first.article.id)
    assert first.article not in [hit.article for hit in engine.search("The ships of district 0")]
    assert engine.info.articles == 199


def test_many_removed_make_a_new_base(place: tuple[Path, Path], encoder: Encoder) -> None:
    home, articles = place
    for path in sorted(articles.iterdir())[:60]:
        path.unlink()
    sync(home, encoder, [])
    made = base(home)
    assert made is not None
    assert made.count == 140


@pytest.mark.parametrize("damage", ["gone", "half", "flipped"])
def test_a_damaged_base_is_done_without(
    place: tuple[Path, Path], encoder: Encoder, damage: str
) -> None:
    home, articles = place
    made = base(home)
    assert made is not None
    file = home / made.folder / "codes.faiss"
    data = bytearray(file.read_bytes())
    if damage == "gone":
        shutil.rmtree(home / made.folder)
    elif damage == "half":
        file.write_bytes(data[: len(data) // 2])
    else:
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    for question in QUESTIONS:
        assert nearest(home, encoder, question) == truly_nearest(home, encoder, question)
    write_articles(articles, 200, 1)
    sync(home, encoder, [])
    assert base(home) is not None


def test_filters_hold_in_a_base(place: tuple[Path, Path], encoder: Encoder) -> None:
    home, _ = place
    (vector,) = encoder.encode_questions(["The ships of district 0"])
    with LocalIndex(home, encoder).reading() as index:
        ids = tuple(article.id for article in index.listing()[:7])
        filters = Filters(article_ids=ids)
        found = index.passages([chunk for chunk, _ in index.nearest(vector, 10, filters)])
        assert {passage.chunk.article_id for passage in found} == set(ids)
