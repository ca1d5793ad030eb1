"""What a sentence claims, taken apart: its words, quantities, denials, quotations and sources."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.answer.grounding.ordinary import is_place, is_strange
from rag.answer.grounding.polarity import Denial, denials
from rag.answer.grounding.speech import quotations, sources
from rag.corpus.language import language_of
from rag.corpus.quantities import Quantity, quantities, values
from rag.corpus.sentences import quotable
from rag.corpus.sounds import sound
from rag.corpus.stopwords import STOPWORDS
from rag.corpus.tokens import Token, tokens
from rag.records import Span

_AND = frozenset(("و", "ف"))
_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a sentence gives as somebody's words, and the places of its content words."""

    text: str
    content: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence taken apart. ``words`` are all its folded words in order, ``content`` the places
    of those that carry its meaning, ``vectors`` (len(content), dim) their vectors; ``named`` are
    the places of names, ``strange`` of words that may be names (Arabic has no capitals)."""

    text: str
    language: str
    words: tuple[str, ...]
    content: tuple[int, ...]
    vectors: NDArray[np.float32]
    vector: NDArray[np.float32]
    named: frozenset[int]
    strange: frozenset[int]
    acronyms: frozenset[int]
    quantities: tuple[Quantity, ...]
    denials: tuple[Denial, ...]
    quotations: tuple[Quoted, ...]
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

    ``owner`` gives for each word the part it stands in; ``vectors`` are (len(words), dim);
    ``counted`` are the values again, each with the place of its first word, ``quoted`` the first
    and last place of what stands in quotation marks; ``odd`` (len(words),) whether a word is a
    name, or may be one; ``heard`` where a sound begins, of one word or of two.
    """

    parts: tuple[Span, ...]
    words: tuple[str, ...]
    owner: NDArray[np.int64]
    vectors: NDArray[np.float32]
    part_vectors: NDArray[np.float32]
    values: tuple[frozenset[str], ...]
    counted: tuple[tuple[int, frozenset[str]], ...]
    quoted: tuple[tuple[int, int], ...]
    odd: NDArray[np.bool_]
    heard: Mapping[str, tuple[int, ...]]
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
        language=language_of(sentence),
        words=spoken,
        content=content,
        vectors=vectors[:-1],
        vector=vectors[-1],
        named=frozenset(n for n in content if is_name(found, n)),
        strange=frozenset(n for n in content if _is_odd(found, n)),
        acronyms=frozenset(n for n in content if _is_acronym(found, n)),
        quantities=tuple(counted),
        denials=tuple(denials(spoken)),
        quotations=tuple(
            Quoted(span.of(sentence), places)
            for span in quotations(sentence)
            for places in _within([span], found, content)
        ),
        sources=tuple(_within(sources(sentence), found, content)),
        starts=tuple(token.start for token in found),
    )


def is_name(found: Sequence[Token], n: int) -> bool:
    """Whether a word is surely a name: a country's or a city's, or one written large that is no
    ordinary word. Where everything is written large, nothing is."""
    token = found[n]
    if is_place(token.word):
        return True
    if _is_acronym(found, n) or not token.written[0].isupper():
        return False
    beside = (*found[max(n - 1, 0) : n], *found[n + 1 : n + 2])
    shouted = token.written.isupper() and any(
        t.written.isupper() and len(t.written) > 1 for t in beside
    )
    return not shouted and is_strange(token.word)


def _is_odd(found: Sequence[Token], n: int) -> bool:
    """Whether a word of a passage is a name, or, in a script without capitals, may be one."""
    token = found[n]
    if token.word in STOPWORDS or token.word[0].isdigit() or len(token.word) < 3:
        return False
    cased = token.written[0].islower() or token.written[0].isupper()
    return token.named or is_name(found, n) or (not cased and is_strange(token.word))


def _is_acronym(found: Sequence[Token], n: int) -> bool:
    written = found[n].written
    return written.isupper() and written.isalpha() and 1 < len(written) <= _ACRONYM


def _carries_meaning(token: Token, counted: Sequence[Quantity]) -> bool:
    word = token.word
    if word in STOPWORDS or (word[:1] in _AND and word[1:] in STOPWORDS):
        return token.named and len(word) > 1 and token.written.isupper()
    counts = any(q.start < token.end and token.start < q.end for q in counted)
    return not counts and (len(word) > 1 or not word.isascii())


def _within(
    spans: Iterable[Span], found: Sequence[Token], content: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """The places of the content words in each span that has any."""
    for span in spans:
        places = tuple(n for n in content if span.start <= found[n].start < span.end)
        if places:
            yield places


def _heard(spoken: Sequence[str]) -> dict[str, tuple[int, ...]]:
    heard: dict[str, tuple[int, ...]] = {}
    sounds = [sound(word) for word in spoken]
    for n, one in enumerate(sounds):
        heard[one] = (*heard.get(one, ()), n)
    for n, (one, other) in enumerate(pairwise(sounds)):
        heard[one + other] = (*heard.get(one + other, ()), n)
    return heard


@lru_cache(maxsize=256)
def text_of(passage: str, encoder: Encoder) -> Text:
    """A passage taken apart; kept, since all sentences of an answer are checked against it."""
    parts = quotable(passage, Span(0, len(passage)))
    found = [tokens(part.of(passage)) for part in parts]
    counted = [quantities(part.of(passage)) for part in parts]
    spoken = tuple(token.word for some in found for token in some)
    distinct = {word: n for n, word in enumerate(dict.fromkeys(spoken))}
    vectors = encoder.encode_passages([*distinct, *(part.of(passage) for part in parts)])
    starts = [part.start + t.start for part, some in zip(parts, found, strict=True) for t in some]
    return Text(
        parts=tuple(parts),
        words=spoken,
        owner=np.repeat(np.arange(len(parts)), [len(some) for some in found]),
        vectors=vectors[[distinct[word] for word in spoken]],
        part_vectors=vectors[len(distinct) :],
        values=tuple(values(some) for some in counted),
        counted=tuple(
            (bisect_left(starts, part.start + q.start), values([q]))
            for part, some in zip(parts, counted, strict=True)
            for q in some
        ),
        quoted=tuple(
            (bisect_left(starts, span.start), bisect_left(starts, span.end) - 1)
            for span in quotations(passage)
        ),
        heard=_heard(spoken),
        odd=np.array([_is_odd(some, n) for some in found for n in range(len(some))], bool),
        denials=tuple(tuple(denials([t.word for t in some])) for some in found),
    )
