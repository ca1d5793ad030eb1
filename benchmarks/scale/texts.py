"""Real text for large indexes: articles made of the records of public data sets, in order.

The folder holds `.txt.xz` files (a paragraph a line) and `.jsonl.xz` files (records whose fields
``p``, ``a``, ``b`` or ``text`` are text). Records that follow each other in one file and language
make an article of about 2,000 characters; a text that was met before is left out. Where the real
text runs out, articles are made of real sentences drawn anew, so that any size can be had.
"""

import json
import lzma
import random
import re
from collections.abc import Iterator
from pathlib import Path

_ARTICLE = 2_000
_SHORTEST = 60
_KEPT_SENTENCES = 400_000
_SENTENCE = re.compile(r"[^.!?؟\n]{40,300}[.!?؟]")


def articles(data: Path, seed: int = 1) -> Iterator[tuple[str, bool]]:
    """Articles without end, each a text and whether it is one as it was written."""
    sentences: list[str] = []
    chance = random.Random(seed)
    for text in _real(data):
        yield text, True
        if len(sentences) < _KEPT_SENTENCES:
            sentences += _SENTENCE.findall(text)
    while True:
        yield " ".join(chance.choices(sentences, k=16)), False


def _real(data: Path) -> Iterator[str]:
    for path in sorted(data.rglob("*.xz"), key=lambda p: (p.parent.name != "text", p.name)):
        yield from _joined(_records(path))


def _joined(records: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Records put together by language to articles."""
    open_ones: dict[str, list[str]] = {}
    for language, text in records:
        some = open_ones.setdefault(language, [])
        some.append(text)
        if sum(map(len, some)) >= _ARTICLE:
            yield "\n\n".join(some)
            some.clear()
    yield from ("\n\n".join(some) for some in open_ones.values() if some)


def _records(path: Path) -> Iterator[tuple[str, str]]:
    """The language, as far as it is told, and the text of each record long enough to be one."""
    met: set[int] = set()
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            for language, text in _texts(line, path.name.endswith(".jsonl.xz")):
                clean = " ".join(text.split())
                if len(clean) >= _SHORTEST and hash(clean) not in met:
                    met.add(hash(clean))
                    yield language, clean


def _texts(line: str, is_json: bool) -> Iterator[tuple[str, str]]:
    if not is_json:
        yield "", line
        return
    record = json.loads(line)
    for field, language in (("p", "lp"), ("a", "la"), ("b", "lb"), ("text", "language")):
        if isinstance(record.get(field), str):
            yield str(record.get(language, "")), record[field]
