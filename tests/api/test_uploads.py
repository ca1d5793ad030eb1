"""Articles come and go over HTTP, and can be asked about, or not, when the call returns."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest
from made_files import PARAGRAPHS, make_docx, make_epub, make_pdf, make_zip

from api.app import create_app
from rag.engine import Engine
from rag.index.backup import backup
from rag.indexing import build_index
from rag.settings import Settings

CANAL = b"The canal was opened in 1869 after ten years of work by thousands of men."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    place = tmp_path_factory.mktemp("uploads")
    (place / "articles").mkdir()
    (place / "articles" / "rome.txt").write_text("The ministers met in Rome in June.")
    settings = Settings(home=place / "home", largest_file_mb=1, most_pages=3)
    build_index(settings, [place / "articles"])
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings, serving: Any) -> Iterator[httpx.Client]:
    with serving(lambda: create_app(settings)) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        yield client


def send(client: httpx.Client, name: str, data: bytes) -> httpx.Response:
    return client.post("/articles", files={"file": (name, data)})


def first(client: httpx.Client, query: str) -> dict[str, Any]:
    hit: dict[str, Any] = client.post("/search", json={"query": query}).json()["hits"][0]
    return hit


def test_an_upload_can_be_asked_about_at_once_and_is_kept(
    client: httpx.Client, settings: Settings
) -> None:
    sent = send(client, "canal.txt", CANAL)
    assert sent.status_code == 200
    (article,) = sent.json()["articles"]
    assert article["id"] == hashlib.sha256(CANAL).hexdigest()[:16]
    assert article["filename"] == "canal.txt"
    assert first(client, "When was the canal opened?")["article"] == article
    assert (settings.home / "uploads" / "canal.txt").read_bytes() == CANAL


def test_a_file_of_the_same_name_replaces(client: httpx.Client) -> None:
    send(client, "bridge.txt", b"The bridge over the strait was closed in 1954.")
    send(client, "bridge.txt", b"The bridge over the strait was painted green.")
    listed = client.get("/articles").json()["articles"]
    assert [a["filename"] for a in listed].count("bridge.txt") == 1
    assert "green" in first(client, "What happened to the bridge over the strait?")["text"]


def test_what_is_indexed_already_is_given_back(client: httpx.Client) -> None:
    (article,) = send(client, "copy.txt", b"The ministers met in Rome in June.").json()["articles"]
    assert article["filename"] == "rome.txt"


def test_what_was_done_with_a_file_is_told(client: httpx.Client) -> None:
    def told(name: str, data: bytes) -> list[tuple[str, str]]:
        outcomes = send(client, name, data).json()["outcomes"]
        return [(one["action"], one["detail"]) for one in outcomes]

    text = b"The lighthouse keeper counted the ships that passed in the winter."
    assert told("keeper.txt", text) == [("new", "")]
    assert told("keeper.txt", text) == [("unchanged", "")]
    assert told("keeper.txt", text + b" Few did.")[0][0] == "changed"
    ((action, detail),) = told("twin.txt", text + b" Few did.")
    assert (action, detail.endswith("keeper.txt")) == ("duplicate", True)
    lines = b'{"text": "The harbour froze twice in that decade."}\nno json\n'
    sent = send(client, "two.jsonl", lines).json()
    done, bad = sent["outcomes"]
    assert (done["action"], bad["action"], "line 2" in bad["detail"]) == ("new", "failed", True)
    client.delete(f"/articles/{sent['articles'][0]['id']}")


def test_what_was_mended_in_a_file_is_told(client: httpx.Client, seeds: Path) -> None:
    data = (seeds / "000_7fb68e90ac535105.txt").read_bytes()
    sent = send(client, "mended.txt", data).json()
    (article,) = sent["articles"]
    kept = client.get(f"/articles/{article['id']}").json()["repairs"]
    assert kept
    assert sent["outcomes"][0]["repairs"] == kept
    client.delete(f"/articles/{article['id']}")


@pytest.mark.parametrize(
    ("name", "data"),
    [("خطة.docx", make_docx(PARAGRAPHS)), ("خطة.epub", make_epub(PARAGRAPHS))],
)
def test_documents(client: httpx.Client, name: str, data: bytes) -> None:
    (article,) = send(client, name, data).json()["articles"]
    assert article["filename"] == name
    assert PARAGRAPHS[0] in client.get(f"/articles/{article['id']}/text").text


def test_a_removed_article_is_gone_and_stays_away(client: httpx.Client, settings: Settings) -> None:
    (article,) = send(client, "tower.txt", b"The tower of the town hall has 199 steps.").json()[
        "articles"
    ]
    removed = client.delete(f"/articles/{article['id']}")
    assert (removed.status_code, removed.json()) == (200, article)
    assert client.get(f"/articles/{article['id']}").status_code == 404
    assert client.delete(f"/articles/{article['id']}").status_code == 404
    assert "199" not in first(client, "How many steps has the tower?")["text"]
    assert not (settings.home / "uploads" / "tower.txt").exists()
    # One of a folder, whose file is its owner's, stays away too, until it is named.
    rome = first(client, "Where did the ministers meet?")["article"]
    assert client.delete(f"/articles/{rome['id']}").status_code == 200
    folder = settings.home.parent / "articles"
    assert (folder / "rome.txt").exists()
    for paths, expected in (([folder], set()), ([folder / "rome.txt"], {"rome.txt"})):
        build_index(settings, paths)
        names = {a["filename"] for a in client.get("/articles").json()["articles"]}
        assert names & {"rome.txt"} == expected


@pytest.mark.parametrize(
    ("name", "data", "status", "kind", "detail"),
    [
        ("a.txt", b"", 422, "no-text", "empty"),
        ("a.txt", b"... 123", 422, "no-text", "no words"),
        ("..", CANAL, 422, "bad-article", "no name"),
        ("a.bin", b"\x7fELF\x02\x01\x01" + bytes(400), 415, "unknown-kind", "not a text file"),
        ("a.zip", make_zip({"a": "b"}), 415, "unknown-kind", "neither a Word"),
        ("a.pdf", b"%PDF-1.7 and nothing more", 422, "bad-article", "damaged PDF"),
        ("a.pdf", make_pdf([""]), 422, "no-text", "scanned images"),
        ("a.pdf", make_pdf(["Words."], password="secret"), 422, "encrypted", "its password"),
        ("a.pdf", make_pdf([""] * 4), 413, "too-large", "has 4 pages; at most 3"),
        ("a.txt", b"word " * 300_000, 413, None, "larger than"),
    ],
)
def test_what_cannot_be_taken_is_a_problem(
    client: httpx.Client,
    settings: Settings,
    name: str,
    data: bytes,
    status: int,
    kind: str | None,
    detail: str,
) -> None:
    before = sorted((settings.home / "uploads").glob("*"))
    refused = send(client, name, data)
    assert refused.status_code == status
    assert refused.json()["type"] == (f"urn:isnad:problem:{kind}" if kind else "about:blank")
    assert refused.headers["content-type"] == "application/problem+json"
    assert detail in refused.json()["detail"]
    assert sorted((settings.home / "uploads").glob("*")) == before


def test_a_body_that_is_no_form(client: httpx.Client) -> None:
    assert client.post("/articles", json={"text": "x"}).status_code == 415
    assert client.post("/articles", files={"other": ("a.txt", CANAL)}).status_code == 422


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.txt", "C:\\x.txt", "/etc/x.txt", ".x.txt"])
def test_a_name_cannot_lead_out(client: httpx.Client, settings: Settings, name: str) -> None:
    text = f"Nothing is kept under {name!r} but here.".encode()
    (article,) = send(client, name, text).json()["articles"]
    assert article["filename"] == "x.txt"
    assert (settings.home / "uploads" / "x.txt").read_bytes() == text


def test_a_bad_replacement_leaves_the_good_one(client: httpx.Client) -> None:
    send(client, "harbour.txt", b"The harbour has nine berths for ferries.")
    assert send(client, "harbour.txt", bytes(400)).status_code == 415
    assert "nine berths" in first(client, "How many berths has the harbour?")["text"]


def test_a_moved_data_folder_keeps_its_uploads(client: httpx.Client, settings: Settings) -> None:
    send(client, "canal.txt", CANAL)
    moved = settings.model_copy(update={"home": settings.home.parent / "moved"})
    backup(settings.home, moved.home)
    report = build_index(moved, [])
    assert {o.action for o in report.outcomes if o.path.startswith("uploads")} <= {
        "unchanged",
        "duplicate",
    }
    engine = Engine.open(moved)
    assert "1869" in engine.search("When was the canal opened?")[0].text


def test_uploads_at_the_same_time(client: httpx.Client) -> None:
    texts = {f"town{n}.txt": f"The town of Nr{n} has {n} gates.".encode() for n in range(100, 108)}
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda item: send(client, *item).status_code, texts.items()))
    assert sent == [200] * 8
    for n in range(100, 108):
        assert f"town{n}.txt" == first(client, f"gates of Nr{n}")["article"]["filename"]


def test_the_first_file_makes_the_index(tmp_path: Any, serving: Any) -> None:
    """A file that is no article makes none."""
    with serving(lambda: create_app(Settings(home=tmp_path / "home"))) as client:
        while "isnad index" not in client.get("/readyz").json()["detail"]:
            sleep(0.05)
        assert send(client, "music.bin", b"\x00\x01\x02").status_code in (415, 422)
        assert client.get("/readyz").status_code == 503
        (article,) = send(client, "canal.txt", CANAL).json()["articles"]
        assert client.get("/readyz").json()["index"]["articles"] == 1
        assert first(client, "When was the canal opened?")["article"] == article
