"""What a sentence claims, taken apart: its words, quantities, denials, quotations and sources."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.answer.grounding.polarity import Denial, denials
from rag.corpus.quantities import Quantity, quantities, values
from rag.corpus.sentences import quotable
from rag.corpus.stopwords import STOPWORDS
from rag.corpus.text import words
from rag.corpus.tokens import Token, tokens
from rag.records import Span

# What is put in quotation marks; single ones are apostrophes too.
_QUOTED = re.compile(r"«([^«»]+)»|“([^“”]+)”|\"([^\"]+)\"|„([^„“]+)“|‹([^‹›]+)›")
# Up to this many words in marks are a name or a wry word, not somebody's words.
_SHORT_QUOTATION = 3
_SOURCE = re.compile(
    r"(?<!\w)(?:according to|as reported by|selon|d['’]après|(?:[وف]?(?:بحسب|حسب|وفق))"
    r"|(?:[وف]?وفقا?ً?ا? ل)|نقلا? ?ً?ا? عن|استنادا? ?ً?ا? إلى)\s*((?:[^\s,،;؛:.!?؟]+\s*){1,6})",
    re.IGNORECASE,
)
_AND = frozenset(("و", "ف"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence taken apart. ``words`` are all its folded words in order, ``content`` the places
    of those that carry its meaning, ``vectors`` (len(content), dim) their vectors."""

    text: str
    words: tuple[str, ...]
    content: tuple[int, ...]
    vectors: NDArray[np.float32]
    vector: NDArray[np.float32]
    named: frozenset[int]
    quantities: tuple[Quantity, ...]
    denials: tuple[Denial, ...]
    quotations: tuple[str, ...]
    sources: tuple[tuple[int, ...], ...]
    starts: tuple[int, ...]

    @property
    def content_words(self) -> list[str]:
        """The folded words that carry its meaning, in order."""
        return [self.words[n] for n in self.content]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage taken apart: its parts, their words, values and denials (places
    within the part), and the words' vectors.

    ``owner`` gives for each word the part it stands in; ``vectors`` are (len(words), dim).
    """

    parts: tuple[Span, ...]
    words: tuple[str, ...]
    owner: NDArray[np.int64]
    vectors: NDArray[np.float32]
    part_vectors: NDArray[np.float32]
    values: tuple[frozenset[str], ...]
    denials: tuple[tuple[Denial, ...], ...]

    @property
    def bounds(self) -> NDArray[np.int64]:
        """(parts + 1,): where the words of each part begin, and where the last one's end."""
        return np.searchsorted(self.owner, np.arange(len(self.parts) + 1))


def claim_of(sentence: str, encoder: Encoder) -> Claim:
    """``sentence`` taken apart."""
    found = tokens(sentence)
    counted = quantities(sentence)
    spoken = tuple(token.word for token in found)
    content = tuple(n for n, t in enumerate(found) if _carries_meaning(t, counted))
    vectors = encoder.encode_questions([*(spoken[n] for n in content), sentence])
    return Claim(
        text=sentence,
        words=spoken,
        content=content,
        vectors=vectors[:-1],
        vector=vectors[-1],
        named=frozenset(n for n in content if found[n].named),
        quantities=tuple(counted),
        denials=tuple(denials(spoken)),
        quotations=tuple(_quotations(sentence)),
        sources=tuple(_sources(sentence, found, content)),
        starts=tuple(token.start for token in found),
    )


def _carries_meaning(token: Token, counted: Sequence[Quantity]) -> bool:
    word = token.word
    if word in STOPWORDS or (word[:1] in _AND and word[1:] in STOPWORDS):
        return token.named and len(word) > 1 and token.written.isupper()
    counts = any(q.start < token.end and token.start < q.end for q in counted)
    return not counts and (len(word) > 1 or not word.isascii())


def _quotations(sentence: str) -> list[str]:
    found = (next(filter(None, match.groups())) for match in _QUOTED.finditer(sentence))
    return [quoted for quoted in found if len(words(quoted)) > _SHORT_QUOTATION]


def _sources(
    sentence: str, found: Sequence[Token], content: Sequence[int]
) -> list[tuple[int, ...]]:
    spans = [match.span(1) for match in _SOURCE.finditer(sentence)]
    told = [tuple(n for n in content if a <= found[n].start < b) for a, b in spans]
    return [places for places in told if places]


@lru_cache(maxsize=128)
def text_of(passage: str, encoder: Encoder) -> Text:
    """A passage taken apart; kept, since all sentences of an answer are checked against it."""
    parts = quotable(passage, Span(0, len(passage)))
    found = [tokens(part.of(passage)) for part in parts]
    spoken = tuple(token.word for some in found for token in some)
    distinct = {word: n for n, word in enumerate(dict.fromkeys(spoken))}
    vectors = encoder.encode_passages([*distinct, *(part.of(passage) for part in parts)])
    return Text(
        parts=tuple(parts),
        words=spoken,
        owner=np.repeat(np.arange(len(parts)), [len(some) for some in found]),
        vectors=vectors[[distinct[word] for word in spoken]],
        part_vectors=vectors[len(distinct) :],
        values=tuple(values(quantities(part.of(passage))) for part in parts),
        denials=tuple(tuple(denials([t.word for t in some])) for some in found),
    )
