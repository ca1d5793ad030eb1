"""Connections that are used again see what a new one would see."""

import shutil
from pathlib import Path

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.engine import Engine
from rag.errors import IndexMissing
from rag.index import store
from rag.index.build import sync
from rag.index.connections import Connections
from rag.settings import Settings


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "rome.txt").write_text("The ministers met in Rome in June to discuss the coalition.")
    return folder


def test_one_is_used_again_and_two_at_once_are_two(
    tmp_path: Path, articles: Path, encoder: Encoder
) -> None:
    sync(tmp_path / "home", encoder, [articles])
    connections = Connections(tmp_path / "home")
    with connections.reading() as first:
        pass
    with connections.reading() as again, connections.reading() as beside:
        assert again is first
        assert beside is not first
    connections.close()


def test_each_reading_sees_one_state_the_next_what_was_written_since(
    tmp_path: Path, articles: Path, encoder: Encoder
) -> None:
    home = tmp_path / "home"
    sync(home, encoder, [articles])
    connections = Connections(home)
    with connections.reading() as reader:
        before = reader.manifest()
        assert before == store.read_manifest(reader.connection)
        assert store.count_articles(reader.connection) == 1
        (articles / "oil.txt").write_text("The price of oil rose by ten percent after the meeting.")
        sync(home, encoder, [articles])
        assert store.count_articles(reader.connection) == 1
        assert reader.manifest() == before
    with connections.reading() as again:
        assert again is reader
        assert store.count_articles(reader.connection) == 2
        assert before != reader.manifest() == store.read_manifest(reader.connection)
    connections.close()


def test_an_index_that_was_deleted_and_made_again_is_another_one(
    tmp_path: Path, articles: Path, encoder: Encoder
) -> None:
    home = tmp_path / "home"
    sync(home, encoder, [articles])
    engine = Engine(Settings(home=home), encoder)
    assert "Rome" in engine.search("ministers")[0].text
    shutil.rmtree(home)
    with pytest.raises(IndexMissing):
        engine.search("ministers")
    (articles / "rome.txt").write_text("The ministers met in Oslo in July to discuss the weather.")
    sync(home, encoder, [articles])
    assert "Oslo" in engine.search("ministers")[0].text
    engine.close()


def test_one_that_failed_is_not_used_again(
    tmp_path: Path, articles: Path, encoder: Encoder
) -> None:
    sync(tmp_path / "home", encoder, [articles])
    connections = Connections(tmp_path / "home")
    with pytest.raises(ValueError, match="halfway"), connections.reading() as failed:
        raise ValueError("halfway")
    with connections.reading() as reader:
        assert reader is not failed
    connections.close()
