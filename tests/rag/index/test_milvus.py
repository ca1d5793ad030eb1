"""What is of Milvus alone: who may write, killed and unfinished copies, copying back, its terms."""

import math
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.engine import Engine
from rag.errors import IndexMissing, IndexUnavailable, IsnadError
from rag.index import store
from rag.index.build import sync
from rag.index.places import copied, migrate
from rag.index.report import Report
from rag.indexing import check_index, repair_index
from rag.records import Article, Filters
from rag.settings import Settings

pytest.importorskip("pymilvus")

from rag.index.milvus import filters, schema, sparse, write
from rag.index.milvus.client import connected

ARTICLES = {
    "rome.txt": "The ministers met in Rome in June to discuss the coalition and its budget.",
    "oil.txt": "The price of oil rose by ten percent after the meeting of the producers.",
    "fish.txt": "Fishing in the north brought in many herrings all winter, it is said.",
}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("ISNAD_MILVUS_URI", raising=False)
    return Settings(home=tmp_path / "home", milvus_uri=str(tmp_path / "isnad.db"))


def index(settings: Settings, encoder: Encoder, *paths: Path, rebuild: bool = False) -> Report:
    """As `rag.indexing.build_index`, which loads the encoder anew."""
    with copied(settings):
        return sync(settings.home, encoder, paths, rebuild=rebuild)


def elsewhere(settings: Settings, name: str) -> Settings:
    """The same Milvus with another data folder."""
    return settings.model_copy(update={"home": settings.home.with_name(name)})


def files_found(settings: Settings, encoder: Encoder, question: str) -> list[str]:
    engine = Engine(settings, encoder)
    try:
        return [hit.article.filename for hit in engine.search(question)]
    finally:
        engine.close()


# --- one writes


def test_a_process_without_the_data_folder_reads_and_does_not_write(
    settings: Settings, folder: Path, encoder: Encoder
) -> None:
    index(settings, encoder, folder)
    reader = elsewhere(settings, "reader")
    engine = Engine(reader, encoder)
    try:
        assert engine.search("the price of oil")[0].article.filename == "oil.txt"
        before = engine.info
        for attempt in (
            lambda: engine.add("new.txt", b"Something new was written about the harbour today."),
            lambda: engine.remove(engine.articles()[0].id),
            lambda: index(reader, encoder, folder),
            lambda: index(reader, encoder, folder, rebuild=True),
        ):
            with pytest.raises(IndexUnavailable, match="isnad migrate local"):
                attempt()
        assert engine.info == before
        assert not reader.home.exists()
    finally:
        engine.close()


def test_a_folder_whose_copy_another_one_has_taken_over_writes_no_more(
    settings: Settings, folder: Path, encoder: Encoder
) -> None:
    index(settings, encoder, folder)
    other = elsewhere(settings, "other")
    migrate(other, "local")
    (folder / "rome.txt").unlink()
    index(other, encoder, folder)
    (folder / "oil.txt").unlink()
    with pytest.raises(IndexUnavailable, match="another data folder"):
        index(settings, encoder, folder)


def test_the_doctor_tells_of_the_copy_too(
    settings: Settings, folder: Path, encoder: Encoder
) -> None:
    def wrong(where: Settings) -> list[tuple[str, str]]:
        return [(finding.what, finding.wrong) for finding in check_index(where)]

    sync(settings.home, encoder, [folder])
    assert wrong(settings) == [("the copy in Milvus", "is missing")]
    repair_index(settings)
    assert wrong(settings) == []
    (folder / "rome.txt").unlink()
    sync(settings.home, encoder, [folder])
    assert wrong(settings) == [("the copy in Milvus", "is behind the store")]
    repair_index(settings)
    assert wrong(settings) == []
    other = elsewhere(settings, "other")
    sync(other.home, encoder, [folder])
    assert wrong(other) == [("the copy in Milvus", "is of another data folder")]
    assert wrong(other.model_copy(update={"milvus_uri": None})) == []


def test_a_path_that_another_process_has_open_is_told(settings: Settings, encoder: Encoder) -> None:
    program = (
        "import sys, time; from rag.index.milvus.client import connect;"
        "connect(sys.argv[1]); print('open', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(settings.milvus_uri)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(IndexUnavailable, match="one process in at a time"):
            Engine(settings, encoder)
    finally:
        other.kill()
        other.communicate()


def test_a_server_that_is_not_there(encoder: Encoder, tmp_path: Path) -> None:
    nobody = Settings(home=tmp_path, milvus_uri="http://someone:secret@127.0.0.1:9/db")
    with pytest.raises(IndexUnavailable) as told:
        Engine(nobody, encoder)
    assert str(told.value) == "Milvus cannot be reached; is the server up?"


def test_a_path_of_another_kind(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match=r"ending in \.db"):
        Engine(Settings(home=tmp_path, milvus_uri=str(tmp_path / "index")), encoder)


def test_the_extra_is_named_where_it_is_missing(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['pymilvus'] = None\n"
        "from rag.cli import main; sys.argv[1:] = ['articles']; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"ISNAD_MILVUS_URI": "http://127.0.0.1:9", "ISNAD_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert "isnad[milvus]" in ran.stderr


# --- killed and unfinished


_CHILD = """
import sys
from pathlib import Path
from embeddings import EMBEDDED, load_encoder
from rag.index.build import sync
from rag.index.places import copied
from rag.settings import Settings
home, uri, folder, first = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
encoder = load_encoder(EMBEDDED)
for n in range(first, first + 1000):
    fresh = folder.with_name("fresh.part")
    fresh.write_text(f"The harbour of town number{n} was opened in year{n}. It has {n} berths.")
    fresh.replace(folder / f"{n % 20:03}.txt")
    with copied(Settings(home=home, milvus_uri=uri)):
        sync(home, encoder, [folder])
    print(n, flush=True)
"""


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The same with Milvus in a process of its own, which outlives whoever writes to it. Killed in
    the middle of a file, milvus-lite itself may leave one that it cannot read: it promises nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    place = ("--data-dir", str(tmp_path / "served"), "--host", "127.0.0.1", "--port", str(port))
    command = (str(Path(sys.executable).with_name("milvus-lite")), "server", *place)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            yield settings.model_copy(update={"milvus_uri": f"http://127.0.0.1:{port}"})
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    pytest.fail(f"milvus-lite's server ended with {server.returncode}")


def index_and_kill(settings: Settings, folder: Path, first: int, wait_s: float) -> list[int]:
    """Index number ``first`` and those after it, kill ``wait_s`` seconds after the third; which
    were said to be indexed."""
    arguments = [str(settings.home), str(settings.milvus_uri), str(folder), str(first)]
    process = subprocess.Popen(
        [sys.executable, "-c", _CHILD, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(3)]
    time.sleep(wait_s)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    # A last line that was cut off by the kill is no word given.
    return said + [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def test_what_was_acknowledged_is_there_after_a_kill(
    served: Settings, tmp_path: Path, encoder: Encoder
) -> None:
    folder = tmp_path / "harbours"
    folder.mkdir()
    last, chance = -1, random.Random(1)
    for _ in range(3):
        said = index_and_kill(served, folder, last + 1, chance.random() / 2)
        last = said[-1]
        reader = elsewhere(served, "reader")
        for n in said[-20:]:
            assert f"{n % 20:03}.txt" in files_found(reader, encoder, f"number{n} year{n}")[:2]
    index(served, encoder, folder)
    engine, truth = Engine(served, encoder), Engine(Settings(home=served.home), encoder)
    try:
        assert engine.articles() == truth.articles()
        assert engine.info == truth.info
        for n in range(last - 5, last + 1):
            hits = [(h.text, h.ranks) for h in engine.search(f"number{n} year{n}")]
            assert hits == [(h.text, h.ranks) for h in truth.search(f"number{n} year{n}")]
    finally:
        engine.close()


class Unplugged(Exception):
    """Somebody pulled the plug."""


@pytest.mark.parametrize("after", [0, 2, 4])
def test_an_unfinished_copy_is_searched_by_nobody_and_gone_on_with(
    settings: Settings,
    folder: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    for n in range(8):
        text = f"Lighthouse number {n} of the coast was lit in year {1900 + n} by its keeper."
        (folder / f"{n}.txt").write_text(text)
    index(settings, encoder, folder)
    monkeypatch.setattr(write, "_PASSAGES_A_BATCH", 2)
    monkeypatch.setattr(write, "_TOKENS_AT_ONCE", 10)

    def unplug(done: int, total: int) -> None:
        if done >= after and total == 11:
            raise Unplugged

    before = files_found(settings, encoder, "lighthouse number 5")
    local = Settings(home=settings.home)
    index(local, encoder, rebuild=True)
    with pytest.raises(Unplugged):
        migrate(settings, "milvus", progress=unplug)
    assert files_found(settings, encoder, "lighthouse number 5") == before
    begun: list[int] = []
    migrate(settings, "milvus", progress=lambda done, total: begun.append(total - done))
    assert len(begun) == 1 + math.ceil((11 - after) / 2)
    assert files_found(settings, encoder, "lighthouse number 5") == files_found(
        local, encoder, "lighthouse number 5"
    )
    with connected(str(settings.milvus_uri)) as client:
        assert len(schema.lineages(client)) == 2  # this one, and the one before it
    (folder / "0.txt").unlink()
    index(settings, encoder, folder)
    with connected(str(settings.milvus_uri)) as client:
        assert len(schema.lineages(client)) == 1


# --- there and back


def rows_of(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a store, by table, but for the logs of what came and went, and the numbers of
    words."""
    with closing(sqlite3.connect(home / store.FILE)) as connection:
        connection.execute("PRAGMA query_only = ON")
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in ("changed", "dropped")
        ]
        columns = {"vocabulary": "word, sound, vector"}
        return {
            table: sorted(
                connection.execute(f"SELECT {columns.get(table, '*')} FROM {table}"), key=repr
            )
            for table in tables
        }


def test_an_index_goes_there_and_back_and_on(
    settings: Settings, folder: Path, encoder: Encoder
) -> None:
    index(settings, encoder, folder)
    engine = Engine(settings, encoder)
    engine.add("sent.txt", b"A letter was sent to the harbour master on a Friday.")
    engine.remove(next(a.id for a in engine.articles() if a.filename == "fish.txt"))
    engine.close()
    back = elsewhere(settings, "back")
    migrate(back, "local")
    assert rows_of(back.home) == rows_of(settings.home)
    assert (back.home / "uploads" / "sent.txt").read_bytes().startswith(b"A letter")
    local = Settings(home=back.home)
    question = "When was the letter sent?"
    assert files_found(local, encoder, question) == files_found(settings, encoder, question)
    report = index(back, encoder, folder)
    assert {outcome.action for outcome in report.outcomes} <= {"unchanged", "removed"}
    (folder / "new.txt").write_text("A new bridge was built over the river in the spring.")
    index(back, encoder, folder)
    assert files_found(back, encoder, "When was the bridge built?")[0] == "new.txt"
    assert "fish.txt" not in files_found(back, encoder, "herrings")


def test_what_cannot_be_copied_is_told(
    settings: Settings, folder: Path, tmp_path: Path, encoder: Encoder
) -> None:
    with pytest.raises(IndexMissing, match="no index in Milvus"):
        migrate(settings, "local")
    with pytest.raises(IndexMissing):
        migrate(settings, "milvus")
    with pytest.raises(IsnadError, match="ISNAD_MILVUS_URI"):
        migrate(Settings(home=tmp_path), "milvus")
    index(settings, encoder, folder)
    with pytest.raises(IndexUnavailable, match="holds an index already"):
        migrate(settings, "local")


# --- its terms


def test_weights_times_what_is_asked_is_bm25_by_its_definition() -> None:
    passages = [
        {"stems": ["oil", "rose", "oil"], "title": ["oil"]},
        {"stems": ["bread", "rose"], "title": ["bread", "price"]},
    ]
    means = sparse.mean_lengths(passages)
    assert means == {"stems": 2.5, "title": 1.5}
    weights = sparse.passage_weights(passages[0], means)
    k1, b = 1.2, 0.75
    oil = 2 * (k1 + 1) / (2 + k1 * (1 - b + b * 3 / 2.5))
    assert weights[sparse.term("stems", "oil")] == pytest.approx(oil)
    assert sparse.term("stems", "oil") != sparse.term("title", "oil")
    assert sparse.idf(2, 1) == pytest.approx(math.log(1 + (2 - 1 + 0.5) / (1 + 0.5)))


def test_long_passages_are_as_long_as_tantivy_has_them(tmp_path: Path) -> None:
    """Its byte holds lengths up to 40 as they are, then in steps."""
    fields = [{"stems": ["x"] * n} for n in (39, 40, 41, 42, 57, 59, 60)]
    weighed = [
        sparse.passage_weights(f, {"stems": 40.0})[sparse.term("stems", "x")] for f in fields
    ]
    lengths = [39, 40, 40, 42, 56, 56, 60]
    times = [len(f["stems"]) for f in fields]
    assert weighed == [
        pytest.approx(t * 2.2 / (t + 1.2 * (0.25 + 0.75 * length / 40)))
        for t, length in zip(times, lengths, strict=True)
    ]


def test_an_article_s_day_is_as_wide_as_it_is_known() -> None:
    def days(published: str | None) -> tuple[object, object]:
        fields = filters.filtered_fields(Article("a1", "a.txt", "ar", published=published))
        return fields["earliest"], fields["latest"]

    assert days("2021") == (20210000, 20219999)
    assert days("2021-05") == (20210500, 20210599)
    assert days("2021-05-20") == (20210520, 20210520)
    assert days(None) == (0, 0)


def test_conditions() -> None:
    assert filters.expression(Filters()) == ""
    assert filters.expression(Filters(article_ids=("a1", '"x'))) == 'article in ["a1"]'
    assert filters.expression(Filters(languages=('"x',))) is None
