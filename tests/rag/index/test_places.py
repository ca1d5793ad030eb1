"""What an index promises, wherever it is kept: in the data folder, in milvus-lite, on a Milvus
server (where ISNAD_MILVUS_URI names one, whose index is replaced)."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.engine import Engine
from rag.errors import ArticleNotFound, IndexMismatch, IndexMissing
from rag.evaluation.gold import GoldQuestion
from rag.index.build import sync
from rag.index.opened import OpenIndex
from rag.index.places import copied, index_for
from rag.records import Article, Filters, Question
from rag.settings import Settings

pytest.importorskip("pymilvus")

SERVER = os.environ.get("ISNAD_MILVUS_URI", "")
PLACES = [
    "local",
    "milvus-lite",
    pytest.param(
        "server",
        marks=pytest.mark.skipif(
            "://" not in SERVER, reason="ISNAD_MILVUS_URI names no Milvus server"
        ),
    ),
]
ARTICLES = {
    "rome.txt": "The ministers met in Rome in June to discuss the coalition and its budget.",
    "oil.txt": "The price of oil rose by ten percent after the meeting of the producers.",
    "خبز.txt": "ارتفع سعر الخبز في المدينة ثلاث مرات خلال السنة الماضية بسبب الجفاف.",
}

Place = Callable[..., Settings]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Settings with a data folder (another one by its name) and an index at the place to test."""
    monkeypatch.delenv("ISNAD_MILVUS_URI", raising=False)
    uri = {"local": None, "milvus-lite": str(tmp_path / "lite" / "isnad.db"), "server": SERVER}
    if request.param == "server":
        empty_server(SERVER)

    def settings(home: str = "home") -> Settings:
        return Settings(home=tmp_path / home, milvus_uri=uri[request.param])

    return settings


def empty_server(uri: str) -> None:
    from rag.index.milvus import schema
    from rag.index.milvus.client import connected

    with connected(uri) as client:
        for lineage in schema.lineages(client):
            for alias in client.list_aliases(schema.name(lineage, "passages"))["aliases"]:
                client.drop_alias(alias)
            schema.drop(client, lineage)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def index(settings: Settings, encoder: Encoder, *paths: Path, rebuild: bool = False) -> None:
    """As `rag.indexing.build_index`, which loads the encoder anew."""
    with copied(settings):
        sync(settings.home, encoder, paths, rebuild=rebuild)


@contextmanager
def opened(settings: Settings, encoder: Encoder) -> Iterator[Engine]:
    engine = Engine(settings, encoder)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def reading(settings: Settings, encoder: Encoder) -> Iterator[OpenIndex]:
    place = index_for(settings, encoder)
    try:
        with place.reading() as state:
            yield state
    finally:
        place.close()


def found(engine: Engine, question: str, **filters: object) -> list[str]:
    hits = engine.search(question, filters=Filters(**filters))  # type: ignore[arg-type]
    return [hit.article.filename for hit in hits]


def added(engine: Engine, name: str, data: bytes) -> tuple[Article, ...]:
    return engine.add(name, data).articles


# --- the same answers


def test_the_five_articles_answer_the_same(
    place: Place, seeds: Path, engine: Engine, gold: list[GoldQuestion], encoder: Encoder
) -> None:
    """Every eighth question, to the last digit of its reply; BM25 is the same formula over the same
    tokens, so the order is the same too."""
    index(place(), encoder, seeds)
    with opened(place(), encoder) as other:
        assert other.articles() == engine.articles()
        for question in gold[::8]:
            asked = Question(question.text, question.history)
            assert other.ask(asked).reply == engine.ask(asked).reply
            assert found(other, question.text) == found(engine, question.text)


def test_what_is_asked_about_whole_articles(
    place: Place, seeds: Path, engine: Engine, encoder: Encoder
) -> None:
    index(place(), encoder, seeds)
    with opened(place(), encoder) as other:
        for text in ("List the articles", "لخص المقالات", "Which articles mention Iraq?"):
            asked = Question(text)
            assert other.ask(asked).reply == engine.ask(asked).reply
            assert other.ask(asked).reply.citations


def test_vectors_words_and_texts_are_those_of_the_data_folder(
    place: Place, folder: Path, encoder: Encoder
) -> None:
    index(place(), encoder, folder)
    local = Settings(home=place().home)
    with reading(place(), encoder) as state, reading(local, encoder) as truth:
        ids = [passage for passage, _ in truth.nearest(np.eye(256, dtype=np.float32)[0], 9)]
        assert len(ids) == len(ARTICLES)
        for one, other in zip(state.passages(ids), truth.passages(ids), strict=True):
            assert (one.chunk, one.before, one.text, one.after, one.article_end) == (
                other.chunk, other.before, other.text, other.after, other.article_end,
            )  # fmt: skip
            assert np.array_equal(one.vector, other.vector)
            assert np.array_equal(one.part_vectors, other.part_vectors)
        assert state.languages(ids) == truth.languages(ids)
        assert state.idf(["rome", "سعر", "never"]) == pytest.approx(
            truth.idf(["rome", "سعر", "never"])
        )
        words = ["ministers", "الخبز", "never"]
        assert state.word_vectors(words)[0] == truth.word_vectors(words)[0] == [0, 1]
        assert np.array_equal(state.word_vectors(words)[1], truth.word_vectors(words)[1])
        assert state.sounding(["rm", "mnstrs", "bdgt"]) == truth.sounding(["rm", "mnstrs", "bdgt"])
        assert state.background.mean == pytest.approx(truth.background.mean)
        assert state.info == truth.info


# --- adding and removing


def test_what_is_added_is_found_when_the_call_returns(
    place: Place, folder: Path, encoder: Encoder
) -> None:
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine, opened(place(), encoder) as reader:
        before = reader.info
        (article,) = added(
            engine, "fish.txt", b"The herring fleet of the north came home in August."
        )
        for one in (engine, reader):
            assert found(one, "When did the herring fleet come home?")[0] == "fish.txt"
            assert one.document(article.id).article == article
            assert one.info.articles == before.articles + 1
            assert one.info.version != before.version


def test_what_is_replaced_is_found_as_it_is_now(
    place: Place, folder: Path, encoder: Encoder
) -> None:
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine:
        (before,) = added(engine, "fish.txt", b"The herring fleet came home in August.")
        (after,) = added(engine, "fish.txt", b"The herring fleet stayed at sea until October.")
        texts = [hit.text for hit in engine.search("herring fleet")]
        assert "The herring fleet stayed at sea until October." in texts
        assert "The herring fleet came home in August." not in texts
        with pytest.raises(ArticleNotFound):
            engine.document(before.id)
        assert engine.document(after.id).text.endswith("October.")


def test_what_is_removed_is_gone_when_the_call_returns(
    place: Place, folder: Path, encoder: Encoder
) -> None:
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine, opened(place(), encoder) as reader:
        rome = next(a for a in engine.articles() if a.filename == "rome.txt")
        assert found(reader, "Where did the ministers meet?")[0] == "rome.txt"
        engine.remove(rome.id)
        for one in (engine, reader):
            assert "rome.txt" not in found(one, "Where did the ministers meet?")
            assert rome not in one.articles()
            with pytest.raises(ArticleNotFound):
                one.document(rome.id)
        index(place(), encoder, folder)
        assert "rome.txt" not in found(reader, "Where did the ministers meet?")


def test_changed_moved_and_gone_files(place: Place, folder: Path, encoder: Encoder) -> None:
    index(place(), encoder, folder)
    (folder / "oil.txt").rename(folder / "petrol.txt")
    (folder / "rome.txt").unlink()
    (folder / "خبز.txt").write_text("انخفض سعر الخبز في المدينة بعد أن هطل المطر أخيرا.", "utf-8")
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine:
        assert sorted(a.filename for a in engine.articles()) == ["petrol.txt", "خبز.txt"]
        assert found(engine, "How far did the price of oil rise?")[0] == "petrol.txt"
        assert engine.search("سعر الخبز")[0].text.startswith("انخفض")
        assert engine.info.chunks == 2


# --- what a search is restricted to


@pytest.fixture
def dated(tmp_path: Path) -> Path:
    """Articles of a few dates, known to the year, to the month and to the day, and without one."""
    folder = tmp_path / "dated"
    folder.mkdir()
    for date in ("2021", "2021-05", "2021-05-20", "2022-01-03", "undated"):
        text = f"The harbour was opened again after the storm of number {date}."
        known = f"---\npublished: {date}\n---\n" if date != "undated" else ""
        (folder / f"{date}.md").write_text(known + text, "utf-8")
    return folder


LET_THROUGH: list[tuple[dict[str, object], set[str]]] = [
    ({"published_from": "2021-05"}, {"2021", "2021-05", "2021-05-20", "2022-01-03"}),
    ({"published_from": "2021-06"}, {"2021", "2022-01-03"}),
    ({"published_to": "2021"}, {"2021", "2021-05", "2021-05-20"}),
    ({"published_to": "2021-05-19"}, {"2021", "2021-05"}),
    ({"published_from": "2021-05-21", "published_to": "2021-05-30"}, {"2021", "2021-05"}),
    ({"languages": ("en",), "published_from": "2022"}, {"2022-01-03"}),
    ({"languages": ("ar",)}, set()),
    ({"article_ids": ("no such", '"] or id > 0 or article in ["')}, set()),
]


def test_filters(place: Place, dated: Path, encoder: Encoder) -> None:
    index(place(), encoder, dated)
    with opened(place(), encoder) as engine:
        for filters, dates in LET_THROUGH:
            names = set(found(engine, "When was the harbour opened?", **filters))
            assert names == {f"{date}.md" for date in dates}, filters


def test_one_article_alone(place: Place, folder: Path, encoder: Encoder) -> None:
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine:
        (oil,) = (a for a in engine.articles() if a.filename == "oil.txt")
        assert found(engine, "the ministers", article_ids=(oil.id,)) == ["oil.txt"]


def test_ids_that_no_article_has(place: Place, folder: Path, encoder: Encoder) -> None:
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine:
        for id_ in ('"', "a' or '", "\\", "\u0000", "x" * 1000, "", "مقال"):
            with pytest.raises(ArticleNotFound):
                engine.document(id_)


# --- the whole index


def test_rebuilding_takes_the_old_one_s_place(place: Place, folder: Path, encoder: Encoder) -> None:
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine:
        before, hits = engine.info, engine.search("the price of oil")
        index(place(), encoder, rebuild=True)
        assert engine.info.version != before.version
        assert (engine.info.articles, engine.info.chunks) == (before.articles, before.chunks)
        assert [h.text for h in engine.search("the price of oil")] == [h.text for h in hits]
        index(place(), encoder, rebuild=True)
        assert found(engine, "the price of oil")[0] == "oil.txt"


def test_an_empty_index_abstains(place: Place, tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "none").mkdir()
    index(place(), encoder, tmp_path / "none")
    with opened(place(), encoder) as engine:
        reply = engine.ask(Question("Where did the ministers meet?")).reply
        assert reply.abstention is not None
        assert reply.abstention.reason == "no_articles"
        assert engine.search("ministers") == ()
        assert engine.articles() == ()


def test_no_index_yet(place: Place, encoder: Encoder) -> None:
    with pytest.raises(IndexMissing, match="isnad index"):
        Engine(place(), encoder)


def test_another_model_is_refused(place: Place, folder: Path, encoder: Encoder) -> None:
    index(place(), encoder, folder)
    with pytest.raises(IndexMismatch, match="another-model"):
        Engine(place(), Renamed(encoder))


class Renamed:
    """The encoder under another name."""

    name = "another-model"

    def __init__(self, encoder: Encoder) -> None:
        self.dimension = encoder.dimension
        self.encode_questions = encoder.encode_questions
        self.encode_passages = encoder.encode_passages
        self.count_truncated = encoder.count_truncated


def test_a_long_article_and_a_passage_of_many_sentences(
    place: Place, tmp_path: Path, encoder: Encoder
) -> None:
    """A text, and vectors of a passage's parts, of more bytes than Milvus takes in one field."""
    folder = tmp_path / "long"
    folder.mkdir()
    short = "لا! " * 60 + "نعم أنت! " + "لا! " * 60
    long = "\n".join([" ".join(["وقد قيل في هذا الأمر كلام كثير منذ زمن"] * 9) + "."] * 120)
    (folder / "long.txt").write_text(f"{short}\n{long}", "utf-8")
    index(place(), encoder, folder)
    with opened(place(), encoder) as engine:
        (article,) = engine.articles()
        whole = engine.document(article.id).text
        assert len(whole.encode()) > 65_535
        hit = engine.search("نعم أنت")[0]
        assert hit.text == hit.span.of(whole)
        assert "نعم أنت!" in hit.text
    with reading(place(), encoder) as state:
        most = max(state.passages_of(article.id, 99), key=lambda passage: len(passage.part_vectors))
        assert most.part_vectors.astype(np.float16).nbytes * 4 / 3 > 65_535
        assert np.allclose(np.linalg.norm(most.part_vectors, axis=1), 1, atol=1e-3)
