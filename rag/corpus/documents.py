"""One article file to its document: bytes -> text -> repaired canonical text with metadata."""

import hashlib
from collections.abc import Mapping

from rag.corpus.language import language_of
from rag.corpus.metadata import Known, merged, stated_in
from rag.corpus.read import decode
from rag.corpus.repair import repair
from rag.records import Article, Document


def article_id(data: bytes) -> str:
    """The id of an article: 16 hex digits of the SHA-256 of its file's bytes, so that the same
    content keeps its id wherever it lies and however often it is indexed."""
    return hashlib.sha256(data).hexdigest()[:16]


def make_document(
    filename: str, data: bytes, sidecar: Mapping[str, Known] | None = None
) -> Document:
    """The document in ``data``, the bytes of the article file called ``filename``.

    Raises:
        BadArticle: they cannot be read as an article; the message is the cause alone.
    """
    text, repairs = repair(decode(data))
    known = merged(sidecar or {}, stated_in(text))
    article = Article(
        id=article_id(data),
        filename=filename,
        language=language_of(text),
        provenance={field: value.provenance for field, value in known.items()},
        repairs=repairs,
        **{field: value.value for field, value in known.items()},
    )
    return Document(article, text)
