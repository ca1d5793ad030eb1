"""The promises of the contract, on one body of an answer."""

import re
from collections.abc import Callable
from typing import Any

from rag.records import MARKER


def hold(body: dict[str, Any], text_of: Callable[[str], str]) -> None:
    """Assert them; ``text_of`` gives the canonical text of an article by its id."""
    markers = [match.group() for match in MARKER.finditer(body["answer"])]
    closest = body["abstention"]["closest"] if body["abstention"] else []
    for quoted in (*body["citations"], *closest):
        text = text_of(quoted["article"]["id"])
        start, end = quoted["start"], quoted["end"]
        assert quoted["quote"] == text[start:end]
        assert quoted["quote"].strip()
        assert text[:start].endswith(quoted["context"]["before"])
        assert text[end:].startswith(quoted["context"]["after"])
        assert quoted["view_url"] == f"/articles/{quoted['article']['id']}?start={start}&end={end}"
    assert all("number" not in quoted for quoted in closest)
    if body["status"] == "answered":
        assert body["statements"]
        assert all(statement["citations"] for statement in body["statements"])
        used = [n for statement in body["statements"] for n in statement["citations"]]
        assert markers == [f"[{n}]" for n in used]
        numbers = [citation["number"] for citation in body["citations"]]
        assert numbers == list(range(1, len(numbers) + 1)) == list(dict.fromkeys(used))
        for statement in body["statements"]:
            assert not MARKER.search(statement["text"])
            assert statement["text"] in body["answer"]
    else:
        assert (body["statements"], body["citations"], markers) == ([], [], [])
        assert body["abstention"]["message"]
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\u200b-\u200f\u202a-\u202e\ud800-\udfff]", body["answer"]
    )
