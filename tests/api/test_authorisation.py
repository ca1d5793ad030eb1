"""Who gets in: with which key, sent how, to do what."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from api.app import create_app
from rag.indexing import build_index
from rag.keys import add_key, revoke_key
from rag.settings import Settings

Serving = Callable[[Callable[[], FastAPI]], AbstractContextManager[httpx.Client]]
ASK = {"question": "كم أمرا بالقبض الدولي أصدرت العدالة الجزائرية؟"}
GIVEN = "a-key-from-the-environment"


@dataclass(frozen=True)
class Guarded:
    """A server that asks for a key, and its keys."""

    client: httpx.Client
    home: Path
    read: str
    write: str


@pytest.fixture(scope="module")
def guarded(
    serving: Serving, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    home = tmp_path_factory.mktemp("guarded") / "home"
    build_index(Settings(home=home), [seeds])
    read, write = add_key(home, "reader", "read"), add_key(home, "writer", "write")
    settings = Settings(
        home=home,
        api_keys=SecretStr(GIVEN),
        trusted_hosts="127.0.0.1, Example.org",
        cors_origins="https://page.example",
    )
    with serving(lambda: create_app(settings)) as client:
        while client.get("/readyz").status_code != 200:
            sleep(0.05)
        yield Guarded(client, home, read, write)


def _refused(response: httpx.Response, status: int = 401) -> None:
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/ask"), ("POST", "/search"), ("GET", "/articles"), ("GET", "/articles/x/text"),
     ("GET", "/docs"), ("GET", "/openapi.json"), ("GET", "/nothing"), ("GET", "/docs/assets/x"),
     ("POST", "//ask"), ("GET", "/healthz/"), ("POST", "/articles")],
)  # fmt: skip
def test_nothing_is_told_without_a_key(guarded: Guarded, method: str, path: str) -> None:
    response = guarded.client.request(method, path)
    _refused(response)
    assert response.headers["www-authenticate"] == "Bearer"


def test_who_watches_over_it_needs_none(guarded: Guarded) -> None:
    assert guarded.client.get("/healthz").status_code == 200
    assert guarded.client.get("/readyz").status_code == 200


def test_each_way_of_sending_a_key(guarded: Guarded) -> None:
    for key in (guarded.read, guarded.write, GIVEN):
        for headers in (
            {"Authorization": f"Bearer {key}"},
            {"Authorization": f"bearer  {key}"},
            {"X-API-Key": key},
        ):
            assert guarded.client.post("/ask", json=ASK, headers=headers).status_code == 200
        assert guarded.client.get("/articles", auth=("anyone", key)).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer x", "Basic", "Basic ====", "Basic /////w==", "Digest a=b", "",
     "Bearer " + "x" * 8000, "Bearer \udcff\udcfe", "Bearer ق"],
)  # fmt: skip
def test_what_is_no_key_of_ours_is_refused(guarded: Guarded, header: str) -> None:
    raw = header.encode("utf-8", "surrogateescape")
    _refused(guarded.client.get("/articles", headers=[(b"Authorization", raw)]))
    _refused(guarded.client.get("/articles", headers=[(b"X-API-Key", raw)]))


def test_a_digest_is_no_key(guarded: Guarded) -> None:
    digest = next((guarded.home / "keys").glob("*.json")).read_text().split('"')[11]
    assert len(digest) == 64
    _refused(guarded.client.get("/articles", headers={"X-API-Key": digest}))


def test_a_wrong_key_counts_before_a_right_one(guarded: Guarded) -> None:
    headers = {"Authorization": "Bearer wrong", "X-API-Key": guarded.read}
    _refused(guarded.client.get("/articles", headers=headers))


def test_a_key_added_or_revoked_while_serving(guarded: Guarded) -> None:
    headers = {"X-API-Key": add_key(guarded.home, "guest", "read")}
    assert guarded.client.get("/articles", headers=headers).status_code == 200
    revoke_key(guarded.home, "guest")
    _refused(guarded.client.get("/articles", headers=headers))


def test_only_a_key_that_may_write_changes_articles(guarded: Guarded) -> None:
    for method, path in (("DELETE", "/articles/x"), ("POST", "/articles"), ("PUT", "/articles/x")):
        sent = {"headers": {"X-API-Key": guarded.read}}
        _refused(guarded.client.request(method, path, **sent), 403)
        allowed = guarded.client.request(method, path, headers={"X-API-Key": guarded.write})
        assert allowed.status_code not in (401, 403)


def test_a_page_that_is_opened_asks_for_a_password(guarded: Guarded) -> None:
    response = guarded.client.get("/docs", headers={"Accept": "text/html,*/*;q=0.8"})
    _refused(response)
    assert response.headers["www-authenticate"].startswith("Basic ")


def test_a_page_of_another_site_cannot_act_with_the_remembered_password(guarded: Guarded) -> None:
    auth = ("anyone", guarded.write)
    for site, status in (("cross-site", 401), ("same-site", 401), ("same-origin", 200)):
        headers = {"Sec-Fetch-Site": site}
        sent = guarded.client.post("/ask", json=ASK, auth=auth, headers=headers)
        assert sent.status_code == status


def test_a_host_that_is_none_of_ours_is_refused(guarded: Guarded) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[::1]:80"):
        _refused(guarded.client.get("/healthz", headers={"Host": host}), 421)
    for host in ("example.org", "EXAMPLE.org:8000", "127.0.0.1:1"):
        assert guarded.client.get("/healthz", headers={"Host": host}).status_code == 200


def test_only_named_origins_may_call_from_a_page(guarded: Guarded, client: httpx.Client) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    ours = guarded.client.options("/ask", headers={"Origin": "https://page.example", **asked})
    assert ours.headers["access-control-allow-origin"] == "https://page.example"
    other = guarded.client.options("/ask", headers={"Origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in other.headers
    closed = client.options("/ask", headers={"Origin": "https://page.example", **asked})
    assert "access-control-allow-origin" not in closed.headers


def test_how_to_send_a_key_is_described(guarded: Guarded) -> None:
    schema = guarded.client.get("/openapi.json", headers={"X-API-Key": guarded.read}).json()
    assert set(schema["components"]["securitySchemes"]) == {"bearer", "header"}
    assert {} in schema["security"]
