"""How well the text of Arabic PDF files is read: PDF files are made of the five articles in three
ways, read, and compared with what they were made of.

    python -m benchmarks.corpus.pdf

*Recall* is the share of the words that are found, *order* how much of the sequence of words is
kept (the ratio of `difflib.SequenceMatcher`), both over folded words.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from time import perf_counter

import pypdfium2

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from made_pdfs import MAKERS, NotHere  # noqa: E402

from rag.corpus.documents import make_document  # noqa: E402
from rag.corpus.text import words  # noqa: E402


def plain(data: bytes) -> str:
    """PDFium's own order, for comparison."""
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def ours(data: bytes) -> str:
    """As Isnad reads it."""
    return make_document("a.pdf", data).text


def recall(truth: list[str], read: list[str]) -> float:
    """The share of the true words, with their counts, that were read."""
    return (Counter(truth) & Counter(read)).total() / len(truth)


def rows() -> Iterator[str]:
    """A line of the table for each maker and article."""
    for maker, make in MAKERS.items():
        for path in sorted((ROOT / "seeds").glob("*.txt")):
            text = make_document(path.name, path.read_bytes()).text
            with tempfile.TemporaryDirectory() as folder:
                try:
                    data = make(text, Path(folder))
                except NotHere as error:
                    yield f"| {maker} | not made: {error} |"
                    break
            yield f"| {maker} | {path.name[:3]} |" + _measured(text, data)


def _measured(text: str, data: bytes) -> str:
    truth, cells = words(text), []
    readers: tuple[Callable[[bytes], str], ...] = (plain, ours)
    for read in readers:
        started = perf_counter()
        got = words(read(data))
        took = perf_counter() - started
        order = SequenceMatcher(None, truth, got, autojunk=False).ratio()
        cells.append(f" {recall(truth, got):.3f} | {order:.3f} | {took * 1000:.0f} |")
    return "".join(cells)


if __name__ == "__main__":
    print("| made by | article | PDFium: recall | order | ms | Isnad: recall | order | ms |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for row in rows():
        print(row, flush=True)
