"""One article file to its documents: bytes -> text -> repaired canonical text with metadata."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rag.corpus.extracted import Extracted, Known, Limits
from rag.corpus.language import language_of
from rag.corpus.metadata import merged, stated_in
from rag.corpus.read import Part, read_parts
from rag.corpus.repair import LOST, UNSOUND, repair
from rag.errors import BadArticle
from rag.records import Article, Document


@dataclass(frozen=True, slots=True)
class Refused:
    """A line of a file that holds no article, why, and which ``kind`` of fault that is."""

    line: int
    cause: str
    kind: type[BadArticle] = BadArticle


def article_id(data: bytes) -> str:
    """The id of an article: 16 hex digits of the SHA-256 of its file's bytes, so that the same
    content keeps its id wherever it lies and however often it is indexed."""
    return hashlib.sha256(data).hexdigest()[:16]


def make_documents(
    filename: str,
    data: bytes,
    sidecar: Mapping[str, Known] | None = None,
    limits: Limits = Limits(),
    *,
    lines_before: int | None = None,
) -> Iterator[Document | Refused]:
    """The documents in ``data``, the bytes of the article file called ``filename``, or those in a
    piece of JSON Lines that has ``lines_before`` it.

    Raises:
        BadArticle: they cannot be read as articles; the message is the cause alone.
    """
    for part in read_parts(data, limits, lines_before=lines_before):
        if isinstance(part.read, BadArticle):
            yield Refused(part.line, str(part.read), type(part.read))
        else:
            yield _document(filename, part, part.read, sidecar or {})


def make_document(
    filename: str, data: bytes, sidecar: Mapping[str, Known] | None = None
) -> Document:
    """The first document in ``data``.

    Raises:
        BadArticle: there is none.
    """
    first = next(make_documents(filename, data, sidecar))
    if isinstance(first, Refused):
        raise first.kind(first.cause)
    return first


def _document(filename: str, part: Part, read: Extracted, sidecar: Mapping[str, Known]) -> Document:
    text, repairs = repair(read.text, whole_paragraphs=read.whole_paragraphs)
    known = merged(sidecar, read.known, stated_in(text))
    article = Article(
        id=article_id(part.data),
        filename=filename,
        language=language_of(text),
        provenance={field: value.provenance for field, value in known.items()},
        repairs=read.repairs + repairs,
        page_starts=page_starts(read, text),
        **{field: UNSOUND.sub(LOST, value.value) for field, value in known.items()},
    )
    return Document(article, text)


def page_starts(read: Extracted, text: str) -> tuple[int, ...]:
    """Where the pages begin in ``text``, the repaired one. A repair changes white space, and
    letters one for one, so a page begins behind as many letters as it did before."""
    if not read.page_starts:
        return ()
    letters = [n for n, char in enumerate(text) if not char.isspace()]
    starts, seen, last = [], 0, 0
    for start in read.page_starts:
        seen += len("".join(read.text[last:start].split()))
        last = start
        starts.append(letters[seen] if seen < len(letters) else len(text))
    return tuple(starts)
