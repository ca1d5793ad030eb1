"""The command as a user types it: a real process, its two streams, its exit status."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from pydantic import SecretStr

from rag.cli_serve import _environment, _listen, is_loopback, protect
from rag.errors import Unprotected
from rag.feedback import keep_feedback
from rag.keys import add_key
from rag.settings import Settings

Isnad = Callable[..., "subprocess.CompletedProcess[str]"]
COMMAND = [sys.executable, "-c", "from rag.cli import main; main()"]


@pytest.fixture
def isnad(tmp_path: Path) -> Isnad:
    def run(*arguments: str, home: Path = tmp_path / "home") -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "ISNAD_HOME": str(home),
            "COLUMNS": "160",
            "PYTHONPATH": os.getcwd(),
        }
        return subprocess.run(
            [*COMMAND, *arguments], capture_output=True, text=True, env=environment, cwd=tmp_path,
            check=False, timeout=300,
        )  # fmt: skip

    return run


def test_index_articles_ask(isnad: Isnad, seeds: Path) -> None:
    first = isnad("index", str(seeds))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.count("new") == 5
    assert "private_use_letters ×91" in first.stdout
    assert "5 files unchanged" in isnad("index").stdout
    listed = isnad("articles")
    assert listed.returncode == 0
    assert listed.stdout.count(".txt") == 5


def test_ask_prints_the_answer_with_numbered_sources(isnad: Isnad, home: Path) -> None:
    asked = isnad("ask", "كم وزيرا شارك في اجتماع روما؟", home=home)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "[1]" in asked.stdout
    assert re.search(r"^\[1\] .*\.txt:\d+-\d+\)$", asked.stdout, re.MULTILINE)


def test_ask_json_is_the_body_and_nothing_else(isnad: Isnad, home: Path) -> None:
    body = json.loads(isnad("ask", "--json", "كم وزيرا شارك في اجتماع روما؟", home=home).stdout)
    assert body["status"] == "answered"
    assert body["answer"].count("[1]") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["ask", "   "], 2, "empty"),
        (["ask", "x" * 2001], 2, "2,001"),
        (["ask"], 2, "Missing argument"),
        (["eval", "nothing.jsonl"], 2, "nothing.jsonl"),
        (["index"], 2, "nothing to index"),
        (["index", "nothing"], 1, "no such file"),
        (["fly"], 2, "No such command"),
        (["serve", "--port", "99999"], 1, "ISNAD_PORT"),
    ],
)
def test_bad_input_is_one_clear_line(
    isnad: Isnad, home: Path, tmp_path: Path, arguments: list[str], status: int, complaint: str
) -> None:
    used = tmp_path / "home" if arguments[0] == "index" else home
    ran = isnad(*arguments, home=used)
    assert ran.returncode == status
    assert complaint in ran.stderr
    assert "Traceback" not in ran.stderr


def test_no_index_says_how_to_make_one(isnad: Isnad) -> None:
    ran = isnad("ask", "anything at all")
    assert ran.returncode == 1
    assert "isnad index" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_bad_file_is_reported_and_the_rest_indexed(isnad: Isnad, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text("The ministers met in Rome in June to discuss the coalition.")
    (folder / "bad\nname.txt").write_bytes(bytes(range(256)))
    ran = isnad("index", str(folder))
    assert ran.returncode == 1
    assert "1 articles" in ran.stdout
    assert "bad name.txt: not a text file" in ran.stderr


@pytest.mark.parametrize("largest_file", [5_000, 60_000, 150_000, 400_000])
def test_a_full_disk_is_told_and_nothing_is_lost(
    isnad: Isnad, seeds: Path, tmp_path: Path, largest_file: int
) -> None:
    """Writing fails at another place each time: the store, the vectors, the words."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "rome.txt").write_text("The ministers met in Rome in June to discuss the coalition.")
    assert isnad("index", str(folder)).returncode == 0
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file},) * 2); "
    # Coverage would write a file of its own from that process, which is limited too.
    uncounted = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    full = subprocess.run(
        [sys.executable, "-c", limit + COMMAND[2], "index", str(folder), str(seeds)],
        capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path,
        env=uncounted | {"ISNAD_HOME": str(tmp_path / "home"), "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    assert full.returncode == 1
    assert full.stderr.startswith("isnad: ")
    assert full.stderr.count("\n") == 1
    assert "Rome" in isnad("ask", "Where did the ministers meet?").stdout
    assert "6 articles" in isnad("index", str(seeds)).stdout


def test_index_if_missing_does_nothing_the_second_time(isnad: Isnad, seeds: Path) -> None:
    assert "new" in isnad("index", "--if-missing", str(seeds)).stdout
    assert isnad("index", "--if-missing", str(seeds)).stdout == ""


def test_eval_prints_the_table(isnad: Isnad, home: Path, seeds: Path) -> None:
    rows = json.loads(isnad("eval", "--json", str(seeds / "questions.jsonl"), home=home).stdout)
    assert rows["all"]["questions"] == 150
    assert sum(r["questions"] for name, r in rows.items() if name.startswith("lang ")) == 150
    assert sum(r["questions"] for name, r in rows.items() if name.startswith("kind ")) == 150
    assert "hit any" in isnad("eval", str(seeds / "questions.jsonl"), home=home).stdout


def test_every_setting_is_named_in_help(isnad: Isnad) -> None:
    helps = " ".join(
        isnad(c, "--help").stdout for c in ("ask", "index", "articles", "eval", "serve")
    )
    for name in Settings.model_fields:
        assert f"ISNAD_{name.upper()}" in helps
    assert isnad("--help").returncode == 0
    assert isnad("--version").stdout.strip().count(".") == 2


def test_a_bad_variable_is_named(isnad: Isnad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISNAD_MAX_STATEMENTS", "many")
    ran = isnad("ask", "anything")
    assert ran.returncode == 1
    assert "ISNAD_MAX_STATEMENTS" in ran.stderr


def test_serve_on_a_port_in_use(isnad: Isnad, home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = isnad("serve", "--port", str(taken.getsockname()[1]), home=home)
    assert ran.returncode == 1
    assert "in use" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_serve_prints_its_address_and_answers(home: Path, tmp_path: Path) -> None:
    environment = os.environ | {"ISNAD_HOME": str(home), "PYTHONPATH": os.getcwd()}
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, env=environment, cwd=tmp_path,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address
            assert _ready(address.group() + "readyz")
            with urlopen(address.group()) as page:
                assert b"gradio" in page.read()
        finally:
            server.terminate()
        assert server.wait(20) in (0, -15)


def _ready(url: str) -> bool:
    for _ in range(300):
        try:
            with urlopen(url) as reply:
                if reply.status == 200:
                    return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def test_a_kill_at_any_moment_loses_nothing(isnad: Isnad, seeds: Path, tmp_path: Path) -> None:
    """Killed while indexing, at moments spread over a run: what was there answers, and goes on."""
    folder, home = tmp_path / "articles", tmp_path / "home"
    shutil.copytree(seeds, folder)
    assert isnad("index", str(folder)).returncode == 0
    environment = os.environ | {"ISNAD_HOME": str(home), "PYTHONPATH": os.getcwd()}
    for n in range(8):
        (folder / f"new-{n}.txt").write_text(
            f"Article {n} says that the ministers met {n} times. " * 40
        )
        with subprocess.Popen(
            [*COMMAND, "index", str(folder)], env=environment, stdout=subprocess.DEVNULL
        ) as writing:
            time.sleep(0.3 + 0.1 * n)
            writing.kill()
        body = json.loads(isnad("ask", "--json", "كم وزيرا شارك في اجتماع روما؟").stdout)
        assert body["status"] == "answered"
        assert 5 <= body["index"]["articles"] <= 6 + n
    assert "13 articles" in isnad("index", str(folder)).stdout
    assert len(list(home.glob("words-*"))) == 1


def test_serve_is_not_open_to_other_machines(isnad: Isnad, home: Path) -> None:
    for host in ("0.0.0.0", "::", "some.host"):
        ran = isnad("serve", "--host", host, "--port", "0", home=home)
        assert ran.returncode == 2
        assert "isnad keys add" in ran.stderr
        assert ran.stderr.count("\n") == 1
    assert is_loopback("127.8.0.1")
    assert is_loopback("::1")


def test_small_parts_of_a_response_are_sent_at_once() -> None:
    """Asyncio sets TCP_NODELAY on connections whose socket names its protocol, and on no other."""
    with _listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_keys_are_made_listed_and_revoked(isnad: Isnad) -> None:
    made = isnad("keys", "add", "phone", "--scope", "write")
    assert made.returncode == 0
    assert re.fullmatch(r"isnad_[\w-]{43}\n", made.stdout)
    listed = isnad("keys", "list").stdout
    assert "phone" in listed
    assert "write" in listed
    assert made.stdout.strip() not in listed
    assert isnad("keys", "add", "other", "--if-none").stdout == ""
    assert isnad("keys", "add", "phone").returncode == 2
    assert isnad("keys", "revoke", "phone").returncode == 0
    assert "phone" not in isnad("keys", "list").stdout
    assert isnad("keys", "revoke", "phone").returncode == 2


def test_one_key_of_any_kind_is_enough_to_serve(tmp_path: Path) -> None:
    for settings in (
        Settings(home=tmp_path),
        Settings(home=tmp_path, host="0.0.0.0", insecure=True),
        Settings(home=tmp_path, host="0.0.0.0", api_keys=SecretStr("0123456789abcdef")),
    ):
        protect(settings)
    with pytest.raises(Unprotected):
        protect(Settings(home=tmp_path, host="0.0.0.0"))
    add_key(tmp_path, "a", "read")
    protect(Settings(home=tmp_path, host="0.0.0.0"))


def test_feedback_is_listed(isnad: Isnad, tmp_path: Path) -> None:
    assert json.loads(isnad("feedback", "--json").stdout) == []
    keep_feedback(tmp_path / "home", "a1", "down", "no\n[bold]answer")
    keep_feedback(tmp_path / "home", "a2", "up", None)
    assert [f["answer_id"] for f in json.loads(isnad("feedback", "--json").stdout)] == ["a1", "a2"]
    shown = isnad("feedback").stdout
    assert re.search(r"down +a1 +no \[bold\]answer", shown)


def test_backup_is_opened_as_it_is(isnad: Isnad, seeds: Path, home: Path, tmp_path: Path) -> None:
    copied = isnad("backup", str(tmp_path / "copy"), home=home)
    assert (copied.returncode, copied.stderr) == (0, "")
    assert not list((tmp_path / "copy").glob("words*"))
    question = "كم وزيرا شارك في اجتماع روما؟"
    answer = json.loads(isnad("ask", "--json", question, home=home).stdout)
    restored = json.loads(isnad("ask", "--json", question, home=tmp_path / "copy").stdout)
    assert restored["citations"] == answer["citations"]
    again = isnad("backup", str(tmp_path / "copy"), home=home)
    assert again.returncode == 1
    assert "there already" in again.stderr


def test_doctor_says_what_it_would_do_and_does_it(isnad: Isnad, tmp_path: Path) -> None:
    folder, home = tmp_path / "articles", tmp_path / "home"
    folder.mkdir()
    (folder / "rome.txt").write_text("The ministers met in Rome in June to discuss the coalition.")
    (folder / "oil.txt").write_text("The price of oil rose by ten percent after the meeting.")
    isnad("index", str(folder))
    well = isnad("doctor")
    assert (well.returncode, well.stdout) == (0, "nothing is wrong\n")
    (folder / "oil.txt").unlink()
    (folder / "new.txt").write_text("The canal was opened in 1869.")
    (folder / "rome.txt").write_text("The ministers met in Paris instead.")
    told = isnad("doctor")
    assert told.returncode == 1
    for what, wrong in (
        ("oil.txt", "is gone"),
        ("new.txt", "not indexed"),
        ("rome.txt", "changed"),
    ):
        assert re.search(rf"{what}\s+.*{wrong}", told.stdout), told.stdout
    assert "Rome" in isnad("ask", "Where did the ministers meet?").stdout
    (home / "isnad.db").write_bytes(b"other" * 1000)
    assert "rebuild" in isnad("doctor").stdout
    mended = isnad("doctor", "--repair")
    assert mended.returncode == 0, mended.stderr
    assert "Paris" in isnad("ask", "Where did the ministers meet?").stdout


def test_watching_indexes_what_changes(isnad: Isnad, tmp_path: Path) -> None:
    folder, report = tmp_path / "articles", tmp_path / "report.txt"
    folder.mkdir()
    (folder / "rome.txt").write_text("The ministers met in Rome in June to discuss the coalition.")
    environment = os.environ | {"ISNAD_HOME": str(tmp_path / "home"), "PYTHONPATH": os.getcwd()}
    with report.open("w") as output, subprocess.Popen(
        [*COMMAND, "index", "--watch", str(folder)], env=environment, cwd=tmp_path, stdout=output
    ) as watching:  # fmt: skip
        number = 0
        while "2 articles" not in report.read_text() and watching.poll() is None:
            # Written until it is noticed: the watch may begin a moment after the first report.
            if "1 articles" in report.read_text():
                (folder / "canal.txt").write_text(f"The canal was opened in 1869. Note {number}.")
                number += 1
            time.sleep(0.3)
        watching.terminate()
    assert "2 articles" in report.read_text()
    assert "1869" in isnad("ask", "When was the canal opened?").stdout


@pytest.mark.parametrize(
    ("host", "said", "limit", "names"),
    [
        ("127.0.0.1", None, None, "localhost,127.0.0.1,::1,127.0.0.1"),
        ("0.0.0.0", None, "600/minute", None),
        ("0.0.0.0", "off", "off", None),
        ("0.0.0.0", "5/second", "5/second", None),
    ],
)
def test_what_an_address_makes_of_what_was_not_said(
    host: str, said: str | None, limit: str | None, names: str | None
) -> None:
    settings = Settings(host=host, rate_limit=said, api_keys=SecretStr("a-key-of-some-length"))
    handed = _environment(settings)
    assert handed["ISNAD_HOST"] == host
    assert handed.get("ISNAD_RATE_LIMIT") == limit
    assert handed.get("ISNAD_TRUSTED_HOSTS") == names
    assert "ISNAD_API_KEYS" not in handed
