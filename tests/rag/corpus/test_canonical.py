"""The canonical texts of the five articles, their quotable parts and passages stay as they are:
ids, gold questions and the fitted ranking stand on them."""

import hashlib
from pathlib import Path

import pytest

from rag.corpus.chunks import chunks
from rag.corpus.documents import make_document
from rag.corpus.sentences import paragraphs, quotable

CANONICAL = {
    "000": ("fd0b3880b323a99d", "36701df2ba82aa49", "ea23124cf4fbdaa9"),
    "001": ("a4684d664b094113", "c9f28b6cfaabb4c3", "9324ae2353a8ec78"),
    "002": ("cd1da829b27dcb55", "56102c63e5859375", "73791bbbc71b1a14"),
    "003": ("ae85c4267368131c", "0e65f572d139b96c", "77832039f6490ce9"),
    "004": ("fc4fcfd8996ba0b7", "05e7918f17c67476", "9e76c5dcd7ac842c"),
}


def digest(value: object) -> str:
    return hashlib.sha256(str(value).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", sorted(CANONICAL))
def test_text_parts_and_passages(seeds: Path, name: str) -> None:
    (path,) = seeds.glob(f"{name}_*.txt")
    document = make_document(path.name, path.read_bytes())
    text = document.text
    parts = [(s.start, s.end) for line in paragraphs(text) for s in quotable(text, line)]
    passages = [
        (c.span.start, c.span.end, [(p.start, p.end) for p in c.parts])
        for c in chunks(document.article.id, text)
    ]
    assert (digest(text), digest(parts), digest(passages)) == CANONICAL[name]
