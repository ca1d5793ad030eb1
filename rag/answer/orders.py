"""Whether what was asked is an order to a machine, by its words and meaning: «stop citing», «be a
pirate».

A logistic regression over which stems are there, and over vectors of the embedded model, which has
one space for all languages and their mixtures, fitted by ``benchmarks/instructions/fit.py``. It
finds orders that are worded as no pattern of `rag.answer.instructions` foresaw; those in articles
are told by patterns alone, since it was fitted on questions.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.corpus.text import stems, words

# An order begins with its verb: the first words count by themselves, too.
_OPENING = 4
_FIRST_WORDS = 2
# Of one that stands behind a question, or before it; longer texts are looked at as a whole as well.
_MOST_SENTENCES = 8
_SENTENCE_END = re.compile(r"(?<=[.!?؟؛\n])\s+")
# What begins with one of these mostly asks: "who leaked the password?" has the words of an order.
_ASKING = frozenset(
    words(
        "من مين منو شكون ما ماذا شو ايش وش إيه شنو شنوة شن متى امتى إمتى وقتاش أين وين فين كيف"
        " كيفاش ازاي إزاي شلون لماذا ليش ليه علاش لم كم قديش قداش كام شحال هل أي أية بكم بماذا لمن"
        " who whose whom what when where why which how is are was were do does did has have had"
        " can could should will would qui que quoi quand où pourquoi comment combien quel quelle"
        " quels quelles est sont chkoun chnou chnowa wach 3lach kifach fin"
    )
)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """``weights`` (2 x dim,) of `order_vectors` of the encoder called ``model``, and ``words``:
    those of `order_words`. A text whose log odds are ``threshold`` or more is taken for an order,
    ``asking`` if it begins as a question does.
    """

    model: str
    threshold: float
    asking: float
    bias: float
    weights: NDArray[np.float32]
    words: Mapping[str, float]


def is_order(text: str) -> bool:
    """Whether ``text`` or a sentence in it is taken for an order."""
    told = list(dict.fromkeys([text, *_SENTENCE_END.split(text)[:_MOST_SENTENCES]]))
    fitted = _fitted()
    by_meaning = order_vectors(told, load_encoder(EMBEDDED)) @ fitted.weights
    by_words = [sum(fitted.words.get(word, 0.0) for word in order_words(some)) for some in told]
    least = [fitted.asking if asks(some) else fitted.threshold for some in told]
    return bool((by_meaning + by_words + fitted.bias >= least).any())


def asks(sentence: str) -> bool:
    """Whether ``sentence`` begins with a question word, with or without «and»."""
    first = next(iter(words(sentence)), "")
    return first in _ASKING or (first[:1] in ("و", "ف") and first[1:] in _ASKING)


def order_words(text: str) -> frozenset[str]:
    """The stems of a text, and the first ones once more, marked as such."""
    found = stems(words(text))
    return frozenset(found) | {f"^{stem}" for stem in found[:_FIRST_WORDS]}


def order_vectors(texts: list[str], encoder: Encoder) -> NDArray[np.float32]:
    """(texts, 2 x dim): the vectors of each text and of its first words, side by side."""
    openings = [" ".join(text.split()[:_OPENING]) for text in texts]
    vectors = encoder.encode_questions(texts + openings)
    return np.hstack([vectors[: len(texts)], vectors[len(texts) :]])


@cache
def _fitted() -> _Fitted:
    raw = json.loads(files("rag.answer").joinpath("orders.json").read_text("utf-8"))
    return _Fitted(**raw | {"weights": np.array(raw["weights"], np.float32)})
