"""From the bytes of files to rows of the store, with nothing but an encoder: no store, no disk.

So it can be done in any process, many at once, and its result is the same wherever it is done. The
words of a passage are found once, and serve its language, its sketch, the word index and the
vocabulary.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from embeddings import Encoder, encode_chunks, is_light
from embeddings.encoder import Vectors
from rag.corpus.chunks import chunks
from rag.corpus.documents import Refused, make_documents
from rag.corpus.extracted import Known, Limits
from rag.corpus.language import passage_language
from rag.corpus.read import are_lines
from rag.corpus.text import Analysis, analysed
from rag.errors import BadArticle
from rag.index import lexical, near
from rag.index.rows import Row, article_row, chunk_row, word_rows
from rag.records import Chunk, Document, Repair

# A longer «word» is no word that anybody asks for.
_LONGEST_WORD = 100
# Words remembered as told already; told again, they are merely known already.
_MOST_MET = 300_000


@dataclass(frozen=True, slots=True)
class File:
    """A file to prepare: its name, its bytes, and what is said of it beside it. A piece of one that
    is lines has ``lines_before`` it."""

    name: str
    data: bytes
    sidecar: Mapping[str, Known]
    lines_before: int | None = None


def pieces(file: File, size: int) -> list[File]:
    """The file itself; or, of lines that are more than ``size`` bytes, pieces of whole lines, each
    at least so long, which can be prepared at once and need not be rows in memory together."""
    if len(file.data) <= size or not are_lines(file.data):
        return [file]
    cut: list[File] = []
    start = before = 0
    while start < len(file.data):
        end = file.data.find(b"\n", start + size) + 1 or len(file.data)
        cut.append(replace(file, data=file.data[start:end], lines_before=before))
        before += file.data.count(b"\n", start, end)
        start = end
    return cut


class PreparedDocument(NamedTuple):
    """A document as rows: of the article, of its chunks, and of the word index beside them.
    ``truncated`` counts the chunks that the model does not read to the end. (A tuple, like what
    holds it: these go from one process to another, which takes a dataclass longer.)"""

    id: str
    repairs: tuple[Repair, ...]
    article: Row
    chunks: list[Row]
    fields: list[lexical.Fields]
    labels: lexical.Labels
    sketch: bytes
    truncated: int


class PreparedFile(NamedTuple):
    """The documents of a file and its lines that hold none; or why nothing of it can be read."""

    documents: list[PreparedDocument]
    refused: list[Refused]
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files in the order given, with their words: rows of them, or only the words where a vector
    costs so much that those in the store already are not to be encoded again."""

    files: list[PreparedFile]
    word_rows: list[Row]
    words: list[str]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document with its chunks, the text of each, its analysis and its language."""

    document: Document
    chunks: list[Chunk]
    texts: list[str]
    analyses: list[Analysis]
    languages: list[str]


class Preparer:
    """Prepares files, and remembers of which words it has given the vectors."""

    def __init__(self, encoder: Encoder, limits: Limits) -> None:
        self.encoder, self._limits = encoder, limits
        self._met: set[str] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent to another process without the words that were met here."""
        return Preparer, (self.encoder, self._limits)

    def prepare(self, files: Sequence[File]) -> Prepared:
        """The rows of ``files``; their chunks are encoded all at once."""
        read = [_read(file, self._limits) for file in files]
        cut = [one for found, _, _ in read for one in found]
        made = iter(self._documents(cut))
        prepared = [
            PreparedFile([next(made) for _ in found], refused, failed)
            for found, refused, failed in read
        ]
        fresh = self._fresh(cut)
        if not is_light(self.encoder):
            return Prepared(prepared, [], fresh)
        return Prepared(prepared, word_rows(fresh, self.encoder.encode_passages(fresh)), [])

    def _fresh(self, cut: Sequence[_Cut]) -> list[str]:
        """The words that were not met before, in order."""
        seen = dict.fromkeys(word for one in cut for some in one.analyses for word in some.words)
        fresh = [word for word in seen if word not in self._met and len(word) <= _LONGEST_WORD]
        if len(self._met) > _MOST_MET:
            self._met.clear()
        self._met.update(fresh)
        return fresh

    def _documents(self, cut: Sequence[_Cut]) -> list[PreparedDocument]:
        """The documents with the vectors of their chunks' texts and parts."""
        texts = [text for one in cut for text in one.texts]
        parts = [
            [(part.start - c.span.start, part.end - c.span.start) for part in c.parts]
            for one in cut
            for c in one.chunks
        ]
        whole, of_parts = encode_chunks(self.encoder, texts, parts)
        ends = accumulate(map(len, parts), initial=0)
        vectors = zip(whole, (of_parts[a:b] for a, b in pairwise(ends)), strict=True)
        return [self._document(one, vectors) for one in cut]

    def _document(self, one: _Cut, vectors: Iterator[tuple[Vectors, Vectors]]) -> PreparedDocument:
        article = one.document.article
        return PreparedDocument(
            id=article.id,
            repairs=article.repairs,
            article=article_row(one.document),
            chunks=[
                chunk_row(chunk, language, text, *next(vectors))
                for chunk, language, text in zip(one.chunks, one.languages, one.texts, strict=True)
            ],
            fields=[lexical.fields(article.title or "", analysis) for analysis in one.analyses],
            labels=lexical.labels(article.id, article.language, article.published),
            sketch=near.sketch(b"".join(analysis.hashes for analysis in one.analyses)),
            truncated=self.encoder.count_truncated(one.texts),
        )


def _read(file: File, limits: Limits) -> tuple[list[_Cut], list[Refused], str]:
    """The documents of a file, cut; the lines that hold none; or why it cannot be read."""
    try:
        found = make_documents(
            file.name, file.data, file.sidecar, limits, lines_before=file.lines_before
        )
        made = list(found)
    except BadArticle as error:
        if file.lines_before is not None:
            return [], [Refused(file.lines_before + 1, str(error))], ""
        return [], [], str(error)
    refused = [one for one in made if isinstance(one, Refused)]
    return [_cut(one) for one in made if isinstance(one, Document)], refused, ""


def _cut(document: Document) -> _Cut:
    found = chunks(document.article.id, document.text)
    texts = [chunk.span.of(document.text) for chunk in found]
    analyses = [analysed(text) for text in texts]
    languages = [
        passage_language(text, document.article.language, analysis.words)
        for text, analysis in zip(texts, analyses, strict=True)
    ]
    return _Cut(document, found, texts, analyses, languages)
