"""Keys: made, found, revoked, and never kept as they are."""

import stat
from hashlib import sha256
from pathlib import Path

import pytest

from rag.errors import BadKey
from rag.keys import KeyRing, add_key, given_keys, made_keys, revoke_key


def test_a_made_key_is_found_until_it_is_revoked(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    assert not ring.required
    text = add_key(tmp_path, "phone", "read")
    found = ring.find(text)
    assert found is not None
    assert (found.name, found.scope) == ("phone", "read")
    assert ring.required
    revoke_key(tmp_path, "phone")
    assert ring.find(text) is None
    assert ring.required, "revoking the last key must not open a running server"
    assert not KeyRing(tmp_path).required


def test_only_the_digest_is_kept_and_only_for_its_owner(tmp_path: Path) -> None:
    text = add_key(tmp_path, "phone", "write")
    (file,) = (tmp_path / "keys").iterdir()
    assert text not in file.read_text()
    assert made_keys(tmp_path)[0].digest == sha256(text.encode()).hexdigest()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_two_keys_are_the_same_and_no_name_is_used_twice(tmp_path: Path) -> None:
    assert add_key(tmp_path, "a", "read") != add_key(tmp_path, "b", "read")
    with pytest.raises(BadKey, match="'a'"):
        add_key(tmp_path, "a", "write")
    assert [(key.name, key.scope) for key in made_keys(tmp_path)] == [("a", "read"), ("b", "read")]


@pytest.mark.parametrize("name", ["", ".", "..", ".a", "a/b", "../a", "a b", "أ", "x" * 65, "a\n"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    for act in (lambda: add_key(tmp_path, name, "read"), lambda: revoke_key(tmp_path, name)):
        with pytest.raises(BadKey):
            act()
    assert not list(tmp_path.iterdir())


def test_a_key_that_is_not_there_cannot_be_revoked(tmp_path: Path) -> None:
    with pytest.raises(BadKey, match="no key 'x'"):
        revoke_key(tmp_path, "x")


def test_keys_of_the_environment(tmp_path: Path) -> None:
    keys = given_keys("0123456789abcdef, write:fedcba9876543210,")
    assert [(key.name, key.scope) for key in keys] == [
        ("environment-1", "read"),
        ("environment-2", "write"),
    ]
    ring = KeyRing(tmp_path, keys)
    assert ring.required
    assert ring.find("fedcba9876543210") == keys[1]
    assert ring.find("write:fedcba9876543210") is None
    assert given_keys("") == ()


def test_a_short_key_is_refused_and_not_shown() -> None:
    with pytest.raises(BadKey) as refused:
        given_keys("0123456789abcdef,hunter2")
    assert "key 2" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_file_that_is_no_key_closes_the_door(tmp_path: Path) -> None:
    add_key(tmp_path, "a", "read")
    (tmp_path / "keys" / "b.json").write_text("{}")
    with pytest.raises(BadKey, match=r"b\.json"):
        KeyRing(tmp_path).find("anything")
