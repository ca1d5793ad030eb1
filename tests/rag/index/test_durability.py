"""What was acknowledged is there after a kill, a flipped bit or a lost file, or is told and mended."""

import random
import shutil
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from killed import rounds

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.corpus.text import analysed
from rag.engine import Engine
from rag.errors import IndexUnavailable
from rag.index import derived, lexical, store
from rag.index.build import sync
from rag.index.doctor import DAMAGED_COPY, examine, repair
from rag.settings import Settings

QUESTIONS = ["Where did the ministers meet?", "How far did the price of oil rise?", "herrings"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> tuple[Path, Path]:
    """A data folder with an index of three articles, and their folder."""
    place = tmp_path_factory.mktemp("original")
    folder = place / "articles"
    folder.mkdir()
    (folder / "rome.txt").write_text("The ministers met in Rome in June to discuss the coalition.")
    (folder / "oil.txt").write_text("The price of oil rose by ten percent after the meeting.")
    (folder / "fish.txt").write_text("Fishing in the north brought in many herrings all winter.")
    sync(place / "home", encoder, [folder])
    store.connect(place / "home", write=True).close()  # the log goes into the file
    return place / "home", folder


@pytest.fixture
def home(original: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(original[0], tmp_path / "home"))


def answers(home: Path, encoder: Encoder) -> list[tuple[str, str | None, str]]:
    engine = Engine(Settings(home=home), encoder)
    hits = [engine.search(question)[0] for question in QUESTIONS]
    return [(hit.text, hit.article.title, hit.article.filename) for hit in hits]


def test_killed_at_any_moment(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "articles").mkdir()
    assert rounds(tmp_path / "home", tmp_path / "articles", encoder, kills=5, seed=1) == []


def files(home: Path) -> list[Path]:
    return sorted(p for p in home.rglob("*") if p.is_file() and p.stat().st_size)


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_bit_is_told_or_mended_or_harmless(
    home: Path, encoder: Encoder, original: tuple[Path, Path], seed: int
) -> None:
    truth = answers(original[0], encoder)
    chance = random.Random(seed)
    path = chance.choice([home / store.FILE, *files(home)])
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    with suppress(IndexUnavailable):
        assert answers(home, encoder) == truth
    repair(home, encoder)
    assert answers(home, encoder) == truth
    assert examine(home, encoder) == []


@pytest.mark.parametrize(
    "part", ["meta.json", ".managed.json", ".store", ".idx", derived.STATE, "words-"]
)
@pytest.mark.parametrize("damage", ["gone", "half", "other"])
def test_a_word_index_that_is_not_whole_is_made_again(
    home: Path, encoder: Encoder, part: str, damage: str
) -> None:
    before = answers(home, encoder)
    for path in [p for p in files(home) if part in str(p.relative_to(home))]:
        if damage == "gone":
            path.unlink()
        elif damage == "half":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        else:
            path.write_bytes(b"other")
    assert answers(home, encoder) == before
    state = derived.read_state(home)
    assert state is not None
    lexical.load(home / state.folder)
    assert examine(home, encoder) == []


@pytest.mark.parametrize("damage", ["half", "other"])
def test_a_store_that_cannot_be_read_is_made_again_from_the_files(
    home: Path, encoder: Encoder, damage: str
) -> None:
    before = answers(home, encoder)
    path = home / store.FILE
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if damage == "half" else b"other" * 1000)
    (finding, *_) = examine(home, encoder)
    assert (finding.what, finding.remedy) == (store.FILE, "rebuild")
    repair(home, encoder)
    assert answers(home, encoder) == before
    assert (home / DAMAGED_COPY).exists()


def test_a_full_disk_is_told_and_nothing_is_lost(
    home: Path, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(home, encoder)
    connect = store.connect

    def full(where: Path, *, write: bool = False) -> sqlite3.Connection:
        connection = connect(where, write=write)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        return connection

    (tmp_path / "new.txt").write_text("The new article tells of many herrings.\n\n" * 4000)
    with monkeypatch.context() as patch:
        patch.setattr(store, "connect", full)
        with pytest.raises(IndexUnavailable, match="disk is full"):
            sync(home, encoder, [tmp_path / "new.txt"])
    assert answers(home, encoder) == before
    assert [o.action for o in sync(home, encoder, [tmp_path / "new.txt"]).outcomes] == ["new"]


def test_what_was_stored_but_not_in_the_word_index_is_caught_up_with(
    home: Path, original: tuple[Path, Path], encoder: Encoder, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(original[1], tmp_path / "articles"))
    (folder / "canal.txt").write_text("The canal was opened in 1869 after ten years of work.")
    behind = shutil.copytree(home, tmp_path / "behind")
    sync(home, encoder, [folder])
    after = answers(home, encoder)
    # The store is the new one, the words are the old ones: as if killed in between.
    store.connect(home, write=True).close()
    shutil.copy(home / store.FILE, behind / store.FILE)
    engine = Engine(Settings(home=behind), encoder)
    assert "1869" in engine.search("canal")[0].text
    assert engine.search("canal")[0].ranks.lexical == 1
    assert answers(behind, encoder) == after


def test_what_a_killed_writer_left_is_in_nobody_s_way(
    home: Path, original: tuple[Path, Path], encoder: Encoder, tmp_path: Path
) -> None:
    state = derived.read_state(home)
    assert state is not None
    meta = home / state.folder / "meta.json"
    before = meta.read_bytes()
    writer = lexical.LexicalWriter(home / state.folder)
    writer.remove([1])
    writer.commit()
    meta.write_bytes(before)  # as if killed when the files were written, the commit not yet
    kept = shutil.copytree(original[1], tmp_path / "kept")
    (original[1] / "rome.txt").unlink()
    try:
        sync(home, encoder, [])
    finally:
        shutil.copytree(kept, original[1], dirs_exist_ok=True)
    after = derived.read_state(home)
    assert after is not None
    assert after.folder == state.folder
    assert [f.what for f in examine(home, encoder)] == [str(original[1] / "rome.txt")]


def test_a_commit_that_was_not_named_is_undone(home: Path, encoder: Encoder) -> None:
    before, state = answers(home, encoder), derived.read_state(home)
    assert state is not None
    writer = lexical.LexicalWriter(home / state.folder)
    writer.add(
        [(99, lexical.fields("", analysed("ministers " * 9)), lexical.labels("none", "en", None))]
    )
    writer.commit()  # as if killed now
    assert answers(home, encoder) == before
    assert derived.read_state(home) == state
    assert examine(home, encoder) == []


def test_readers_go_on_while_one_writes(
    home: Path, original: tuple[Path, Path], encoder: Encoder, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(1500):
        (folder / f"{n}.txt").write_text(f"Town number{n} has {n} towers. It lies in valley{n}.")
    engine = Engine(Settings(home=home), encoder)
    before = engine.info.version
    writer = threading.Thread(target=sync, args=(home, encoder, [folder]))
    writer.start()
    asked = 0
    while writer.is_alive():
        assert "Rome" in engine.search("Where did the ministers meet?")[0].text
        asked += 1
    writer.join()
    assert asked
    assert engine.info.version != before
    assert engine.info.articles == 1503
