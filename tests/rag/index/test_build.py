"""The index stays in line with the files, and a failure leaves the old one whole."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.engine import Engine
from rag.errors import (
    BadArticle,
    IndexBusy,
    IndexMismatch,
    IndexMissing,
    IndexUnavailable,
)
from rag.index import lock, store
from rag.index.build import Report, sync
from rag.settings import Settings


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "rome.txt").write_text("The ministers met in Rome in June to discuss the coalition.")
    (folder / "oil.txt").write_text("The price of oil rose by ten percent after the meeting.")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def actions(report: Report) -> dict[str, str]:
    return {Path(outcome.path).name: outcome.action for outcome in report.outcomes}


def first_hit(home: Path, encoder: Encoder, question: str) -> str:
    return Engine(Settings(home=home), encoder).search(question)[0].text


def test_new_then_unchanged(articles: Path, home: Path, encoder: Encoder) -> None:
    assert actions(sync(home, encoder, [articles])) == {"rome.txt": "new", "oil.txt": "new"}
    report = sync(home, encoder, [articles])
    assert actions(report) == {"rome.txt": "unchanged", "oil.txt": "unchanged"}
    assert (report.articles, report.chunks) == (2, 2)


def test_changed_moved_gone(articles: Path, home: Path, encoder: Encoder) -> None:
    sync(home, encoder, [articles])
    (articles / "rome.txt").write_text("The ministers met in Paris instead.")
    (articles / "oil.txt").rename(articles / "price.txt")
    assert actions(sync(home, encoder, [articles])) == {"rome.txt": "changed", "price.txt": "moved"}
    assert "Paris" in first_hit(home, encoder, "Where did the ministers meet?")
    (articles / "rome.txt").unlink()
    assert actions(sync(home, encoder, [articles])) == {
        "rome.txt": "gone",
        "price.txt": "unchanged",
    }
    assert "oil" in first_hit(home, encoder, "Where did the ministers meet?")


def test_only_what_lies_below_the_path_is_looked_for(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    beside = [articles.with_name("articles.txt"), articles.with_name("articles0")]
    beside[0].write_text("Herrings were caught in the north.")
    beside[1].mkdir()
    (beside[1] / "mill.txt").write_text("The mill of the district was built of stone.")
    sync(home, encoder, [articles, *beside])
    for path in (beside[0], beside[1] / "mill.txt", articles / "oil.txt"):
        path.unlink()
    assert actions(sync(home, encoder, [articles])) == {"rome.txt": "unchanged", "oil.txt": "gone"}
    told = actions(sync(home, encoder, [articles.parent]))
    assert told == {"rome.txt": "unchanged", "articles.txt": "gone", "mill.txt": "gone"}


def test_passages_are_counted_without_looking_at_them(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    def counted() -> tuple[int, int]:
        with store.reading(home) as connection:
            (rows,) = connection.execute("SELECT count(*) FROM chunks").fetchone()
            return store.count_chunks(connection), rows

    sync(home, encoder, [articles])
    assert counted() == (2, 2)
    (articles / "rome.txt").write_text("The ministers met. " * 200)
    (articles / "oil.txt").unlink()
    sync(home, encoder, [articles])
    assert counted() == (counted()[1], counted()[1])
    assert counted() != (2, 2)
    sync(home, encoder, [articles], rebuild=True)
    assert counted() == (counted()[1], counted()[1])


def test_a_moved_article_goes_by_its_new_name(articles: Path, home: Path, encoder: Encoder) -> None:
    sync(home, encoder, [articles])
    before = {a.id for a in Engine(Settings(home=home), encoder).articles()}
    (articles / "oil.txt").rename(articles / "price.txt")
    sync(home, encoder, [articles])
    after = Engine(Settings(home=home), encoder).articles()
    assert {a.id for a in after} == before
    assert [a.filename for a in after] == ["price.txt", "rome.txt"]


def test_twins_that_part_and_meet_again(articles: Path, home: Path, encoder: Encoder) -> None:
    rome = (articles / "rome.txt").read_text()
    (articles / "zwin.txt").write_text(rome)
    assert actions(sync(home, encoder, [articles]))["zwin.txt"] == "duplicate"
    # The first one changes: its old text is still there, in the copy.
    (articles / "rome.txt").write_text("The ministers met in Paris instead.")
    report = sync(home, encoder, [articles])
    assert actions(report) == {"rome.txt": "changed", "oil.txt": "unchanged", "zwin.txt": "new"}
    assert report.articles == 3
    # The copy becomes one of the other: nothing of its own is left of it.
    (articles / "zwin.txt").write_text("The ministers met in Paris instead.")
    report = sync(home, encoder, [articles])
    assert actions(report)["zwin.txt"] == "duplicate"
    assert report.articles == 2


def test_without_paths_those_of_before(articles: Path, home: Path, encoder: Encoder) -> None:
    sync(home, encoder, [articles])
    (articles / "new.txt").write_text("A new article about fishing in the north.")
    assert actions(sync(home, encoder, []))["new.txt"] == "new"


def test_nothing_to_index(home: Path, encoder: Encoder) -> None:
    with pytest.raises(BadArticle, match="nothing to index"):
        sync(home, encoder, [])


def test_a_changed_sidecar_changes_the_article(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    sync(home, encoder, [articles])
    (articles / "metadata.json").write_text(
        '{"rome.txt": {"author": {"value": "J. Doe", "provenance": "stated"}}}'
    )
    assert actions(sync(home, encoder, [articles]))["rome.txt"] == "changed"
    authors = {a.filename: a.author for a in Engine(Settings(home=home), encoder).articles()}
    assert authors == {"rome.txt": "J. Doe", "oil.txt": None}


def test_bad_files_are_told_and_the_rest_is_indexed(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    (articles / "empty.txt").write_bytes(b"")
    (articles / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (articles / "twin.txt").write_bytes((articles / "rome.txt").read_bytes())
    report = sync(home, encoder, [articles, articles / "nothing.txt"])
    assert actions(report) == {
        "nothing.txt": "failed", "binary.txt": "failed", "empty.txt": "failed",
        "rome.txt": "new", "oil.txt": "new", "twin.txt": "duplicate",
    }  # fmt: skip
    causes = {Path(o.path).name: o.detail for o in report.outcomes if o.action == "failed"}
    assert "empty" in causes["empty.txt"]
    assert "not a text file" in causes["binary.txt"]
    assert report.failed
    assert report.articles == 2


def test_a_file_that_turned_bad_keeps_its_last_good_text(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    sync(home, encoder, [articles])
    (articles / "rome.txt").write_bytes(b"\x00" * 50)
    assert actions(sync(home, encoder, [articles]))["rome.txt"] == "failed"
    assert "Rome" in first_hit(home, encoder, "Where did the ministers meet?")


def test_a_file_of_many_articles(articles: Path, home: Path, encoder: Encoder) -> None:
    lines = [
        {"text": "The canal was opened in 1869 after ten years of work.", "title": "Canal"},
        {"words": "of no article"},
        {"text": "Herrings were caught in the north all through the winter."},
        {"text": (articles / "rome.txt").read_text()},
    ]
    file = articles / "news.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    report = sync(home, encoder, [articles])
    told = [(o.action, o.detail) for o in report.outcomes if o.path == str(file)]
    assert told == [("new", ""), ("failed", "line 2: no string called text in it")]
    assert report.articles == 5
    assert "1869" in first_hit(home, encoder, "When was the canal opened?")
    # A copy of it holds nothing new; without the first one it is where the articles are.
    shutil.copy(file, articles / "copy.jsonl")
    assert actions(sync(home, encoder, [articles]))["copy.jsonl"] == "duplicate"
    file.unlink()
    assert actions(sync(home, encoder, [articles]))["copy.jsonl"] == "moved"
    (articles / "copy.jsonl").write_text(json.dumps(lines[2]))
    report = sync(home, encoder, [articles])
    assert (actions(report)["copy.jsonl"], report.articles) == ("changed", 3)


def test_every_passage_has_its_own_language(
    articles: Path, home: Path, encoder: Encoder, seeds: Path
) -> None:
    (path,) = seeds.glob("004_*.txt")
    english = "The border was crossed by the fighters of the group in the summer of that year. " * 4
    (articles / "both.txt").write_text(path.read_text("utf-8") + "\n\n" + english)
    sync(home, encoder, [articles])
    with store.reading(home) as connection:
        languages = store.chunk_languages(connection, range(1, 100))
        texts = {chunk: text for chunk, _, text, _ in store.chunk_texts(connection)}
    assert {languages[chunk] for chunk, text in texts.items() if "border" in text} == {"en"}
    assert {languages[chunk] for chunk, text in texts.items() if "داعش" in text} == {"ar"}


def test_near_duplicates_are_told(
    articles: Path, home: Path, encoder: Encoder, seeds: Path
) -> None:
    (path,) = seeds.glob("003_*.txt")
    text = path.read_text("utf-8")
    (articles / "a.txt").write_text(text)
    (articles / "b.txt").write_text(text.replace("روما", "باريس", 2) + "\nأضيفت جملة أخيرة هنا.")
    report = sync(home, encoder, [articles])
    told = {Path(o.path).name: (o.action, o.detail) for o in report.outcomes}
    assert told == {
        "a.txt": ("new", ""), "b.txt": ("new", "nearly the same as a.txt"),
        "oil.txt": ("new", ""), "rome.txt": ("new", ""),
    }  # fmt: skip


class Renamed:
    """The embedded model under another name, or failing half way."""

    def __init__(self, encoder: Encoder, *, name: str = "other-model", fails: bool = False) -> None:
        self._encoder, self._fails = encoder, fails
        self.name, self.dimension, self.max_tokens = name, encoder.dimension, encoder.max_tokens

    def encode_questions(self, texts):  # type: ignore[no-untyped-def]
        return self._encoder.encode_questions(texts)

    def encode_passages(self, texts, *, progress=None):  # type: ignore[no-untyped-def]
        if self._fails and any("fishing" in text for text in texts):
            raise KeyboardInterrupt
        return self._encoder.encode_passages(texts, progress=progress)

    def count_truncated(self, texts):  # type: ignore[no-untyped-def]
        return self._encoder.count_truncated(texts)


def test_another_model_is_refused_and_rebuilding_helps(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    sync(home, encoder, [articles])
    other = Renamed(encoder)
    for refused in (lambda: Engine(Settings(home=home), other), lambda: sync(home, other, [])):
        with pytest.raises(IndexMismatch) as told:
            refused()
        assert encoder.name in str(told.value)
        assert "other-model" in str(told.value)
        assert "isnad index --rebuild" in str(told.value)
    assert set(actions(sync(home, other, [], rebuild=True)).values()) == {"new"}
    assert "Rome" in first_hit(home, other, "Where did the ministers meet?")


@pytest.mark.parametrize("key", ["schema", "text_treatment", "dimension"])
def test_another_layout_is_refused(articles: Path, home: Path, encoder: Encoder, key: str) -> None:
    sync(home, encoder, [articles])
    connection = sqlite3.connect(home / store.FILE)
    connection.execute("UPDATE manifest SET value = '999' WHERE key = ?", (key,))
    connection.commit()
    connection.close()
    with pytest.raises(IndexMismatch, match="999"):
        Engine(Settings(home=home), encoder)


@pytest.mark.parametrize("damage", ["DELETE FROM manifest WHERE key = 'stamp'",
                                    "UPDATE manifest SET value = 'x' WHERE key = 'generation'"])  # fmt: skip
def test_a_manifest_of_no_known_layout_is_refused_and_rebuilding_helps(
    articles: Path, home: Path, encoder: Encoder, damage: str
) -> None:
    sync(home, encoder, [articles])
    connection = sqlite3.connect(home / store.FILE)
    connection.execute(damage)
    connection.commit()
    connection.close()
    with pytest.raises(IndexMismatch, match="index layout 0"):
        Engine(Settings(home=home), encoder)
    sync(home, encoder, [articles], rebuild=True)
    assert "Rome" in first_hit(home, encoder, "Where did the ministers meet?")


def test_an_interrupted_run_leaves_the_old_index(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    sync(home, encoder, [articles])
    (articles / "rome.txt").write_text("The ministers met in Paris instead.")
    (articles / "zzz.txt").write_text("An article about fishing.")
    with pytest.raises(KeyboardInterrupt):
        sync(home, Renamed(encoder, name=encoder.name, fails=True), [articles])
    assert "Rome" in first_hit(home, encoder, "Where did the ministers meet?")
    assert sync(home, encoder, [articles]).articles == 3
    assert "Paris" in first_hit(home, encoder, "Where did the ministers meet?")
    assert len(list(home.glob("words-*"))) == 1


def test_an_open_engine_sees_what_was_indexed_meanwhile(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    sync(home, encoder, [articles])
    engine = Engine(Settings(home=home), encoder)
    before = engine.info
    (articles / "fish.txt").write_text("Fishing in the north brought in many herrings.")
    sync(home, encoder, [articles])
    assert "herrings" in engine.search("Which fish were caught in the north?")[0].text
    assert (engine.info.articles, engine.info.version) != (before.articles, before.version)


def test_an_index_that_is_made_again_is_another_one(
    articles: Path, home: Path, encoder: Encoder
) -> None:
    sync(home, encoder, [articles])
    engine = Engine(Settings(home=home), encoder)
    assert "Rome" in engine.search("Where did the ministers meet?")[0].text
    shutil.rmtree(home)
    (articles / "oil.txt").unlink()
    (articles / "rome.txt").write_text("The ministers met in Paris instead.")
    sync(home, encoder, [articles])
    assert "Paris" in engine.search("Where did the ministers meet?")[0].text
    assert engine.info.articles == 1


@pytest.fixture
def locked(articles: Path, home: Path, encoder: Encoder) -> Iterator[Path]:
    sync(home, encoder, [articles])
    with lock.writing(home):
        yield home


def test_a_second_writer_is_told_and_readers_go_on(
    locked: Path, articles: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE_S", 0.1)
    with pytest.raises(IndexBusy, match="another process"):
        sync(locked, encoder, [articles])
    assert "Rome" in first_hit(locked, encoder, "Where did the ministers meet?")


def test_no_index_yet(home: Path, encoder: Encoder) -> None:
    with pytest.raises(IndexMissing, match="isnad index"):
        Engine(Settings(home=home), encoder)


def test_a_data_folder_that_cannot_be_written(
    articles: Path, tmp_path: Path, encoder: Encoder
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnavailable, match="cannot be used"):
        sync(tmp_path / "file" / "home", encoder, [articles])


def test_a_store_that_is_none_is_named(articles: Path, home: Path, encoder: Encoder) -> None:
    sync(home, encoder, [articles])
    (home / store.FILE).write_bytes(b"damaged" * 300)
    with pytest.raises(IndexUnavailable, match="isnad doctor"):
        Engine(Settings(home=home), encoder)
