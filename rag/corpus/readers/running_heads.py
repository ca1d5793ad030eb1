"""What is printed at the top and foot of every page: it is layout, and stands in mid-sentence where
a sentence runs over pages."""

import re
from collections import Counter

_LONGEST = 100
_DEEPEST = 2
_FEWEST_PAGES = 3
# A page of fewer lines may be all there is to it.
_FEWEST_LINES = 6
_NUMBER = re.compile(r"\d+")


def without_running_heads(pages: list[str]) -> tuple[list[str], list[int]]:
    """The pages without the lines that most of them begin or end with but for numbers, and how
    many lines each has lost."""
    lost = [0] * len(pages)
    split = [[line for line in page.split("\n") if line.strip()] for page in pages]
    for _ in range(_DEEPEST):
        for end in (0, -1):
            _strip(split, end, lost)
    texts = (
        "\n".join(lines) if count else page
        for page, lines, count in zip(pages, split, lost, strict=True)
    )
    return list(texts), lost


def _strip(pages: list[list[str]], end: int, lost: list[int]) -> None:
    """Take the repeated line off one end of the pages that have it."""
    full = [lines for lines in pages if len(lines) >= _FEWEST_LINES]
    counts = Counter(_key(lines[end]) for lines in full if _may_be_head(lines[end]))
    repeated = {k for k, n in counts.items() if n >= max(_FEWEST_PAGES, len(full) / 2)}
    for at, lines in enumerate(pages):
        if len(lines) >= _FEWEST_LINES and _key(lines[end]) in repeated:
            del lines[end]
            lost[at] += 1


def _may_be_head(line: str) -> bool:
    """A line that ends in a stop is text, whatever it repeats."""
    return len(line) <= _LONGEST and not line.rstrip().endswith((".", "!", "?", "؟", "…"))


def _key(line: str) -> str:
    return " ".join(_NUMBER.sub("#", line).split())
