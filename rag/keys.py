"""API keys: ``read`` is for asking, ``write`` for changing the articles too.

Made keys lie in the data folder, a file each, so that adding and revoking need no lock. Of a key
only its SHA-256 is kept: it holds 256 random bits, so that there is nothing to guess and a slow
hash would protect nothing more.
"""

import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from rag.errors import BadKey

Scope = Literal["read", "write"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
SHORTEST = 16

_FOLDER = "keys"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key: ``digest`` is the SHA-256 of its UTF-8 text, in hexadecimal."""

    name: str
    scope: Scope
    digest: str
    created: str


def add_key(home: Path, name: str, scope: Scope) -> str:
    """Make a key and keep its digest. The key itself is given back and nowhere kept.

    Raises:
        BadKey: the name is taken or cannot be one.
    """
    path = _path(home, name)
    text = "isnad_" + secrets.token_urlsafe(32)
    key = Key(name, scope, _digest(text), datetime.now(UTC).isoformat(timespec="seconds"))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = path.with_name(f".{secrets.token_hex(8)}")
    whole.touch(mode=0o600)
    whole.write_text(json.dumps(asdict(key)), "utf-8")
    try:
        os.link(whole, path)  # whole or not at all, and never over another one
    except FileExistsError:
        raise BadKey(f"there is a key {name!r} already; revoke it or take another name") from None
    finally:
        whole.unlink()
    return text


def revoke_key(home: Path, name: str) -> None:
    """Take a key back: a running server refuses it from its next request on.

    Raises:
        BadKey: there is none of that name.
    """
    try:
        _path(home, name).unlink()
    except FileNotFoundError:
        raise BadKey(f"there is no key {name!r}; `isnad keys list` names them") from None


def made_keys(home: Path) -> tuple[Key, ...]:
    """The keys in the data folder, by name.

    Raises:
        BadKey: one of the files there is none of ours.
    """
    read = (_read(file) for file in sorted((home / _FOLDER).glob("[!.]*.json")))
    return tuple(key for key in read if key is not None)


def _read(file: Path) -> Key | None:
    """The key in ``file``, or none where it has just been revoked."""
    try:
        return Key(**json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise BadKey(f"{file} holds no key; remove it") from None


def given_keys(text: str) -> tuple[Key, ...]:
    """The keys in ``ISNAD_API_KEYS``: separated by commas, ``write:`` before those that may write.

    Raises:
        BadKey: one is too short to be safe. The message does not hold it.
    """
    return tuple(_given(part.strip(), n) for n, part in enumerate(text.split(","), 1) if part)


def _given(part: str, n: int) -> Key:
    scope: Scope = "write" if part.startswith("write:") else "read"
    text = part.removeprefix(f"{scope}:")
    if len(text) < SHORTEST:
        raise BadKey(f"key {n} in ISNAD_API_KEYS is shorter than {SHORTEST} characters")
    return Key(f"environment-{n}", scope, _digest(text), "")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _path(home: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise BadKey("a key's name is 1 to 64 letters, digits, dots, dashes and underscores")
    return home / _FOLDER / f"{name}.json"


def _state(folder: Path) -> tuple[int, list[str]] | None:
    """What changes when a key is added or revoked; names too, since clocks tick in milliseconds."""
    try:
        return folder.stat().st_mtime_ns, os.listdir(folder)
    except FileNotFoundError:
        return None


class KeyRing:
    """The keys a server takes. Those in the data folder count as they are there now."""

    def __init__(self, home: Path, given: Iterable[Key] = ()) -> None:
        self._home = home
        self._folder = home / _FOLDER
        self._given = tuple(given)
        self._seen: tuple[int, list[str]] | None = None
        self._keys: tuple[Key, ...] = self._given
        self._ever = False

    @property
    def required(self) -> bool:
        """Whether a key is needed: there is one, or was since the start.

        Revoking the last one closes a running server, it does not open it.
        """
        self._ever = self._ever or bool(self._current())
        return self._ever

    def find(self, text: str) -> Key | None:
        """The key with that text. Takes as long whichever it is, and where it is none."""
        digest = _digest(text)
        found = [key for key in self._current() if hmac.compare_digest(key.digest, digest)]
        return found[0] if found else None

    def _current(self) -> tuple[Key, ...]:
        now = _state(self._folder)
        if now != self._seen:
            self._keys = self._given + made_keys(self._home)
            self._seen = now
        return self._keys
