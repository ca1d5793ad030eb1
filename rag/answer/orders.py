"""Whether what was asked is an order to a machine, by what it means: «stop citing», «be a pirate».

A logistic regression over vectors of the embedded model, which has one space for all languages and
their mixtures, fitted by ``benchmarks/instructions/fit.py``. It finds orders that are worded as no
pattern of `rag.answer.instructions` foresaw; those in articles are told by patterns alone, since it
was fitted on questions.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.corpus.text import words

# An order begins with its verb: the first words count by themselves, too.
_OPENING = 4
# Of one that stands behind a question, or before it; longer texts are looked at as a whole as well.
_MOST_SENTENCES = 8
_SENTENCE_END = re.compile(r"(?<=[.!?؟؛\n])\s+")
# What begins with one of these asks: "who leaked the password?" has the words of an order.
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
    """``weights`` (2 x dim,) of `order_vectors` of the encoder called ``model``; a text whose log
    odds are ``threshold`` or more is taken for an order."""

    model: str
    threshold: float
    bias: float
    weights: NDArray[np.float32]


def is_order(text: str) -> bool:
    """Whether ``text`` or a sentence in it is taken for an order."""
    sentences = dict.fromkeys([text, *_SENTENCE_END.split(text)[:_MOST_SENTENCES]])
    told = [sentence for sentence in sentences if not asks(sentence)]
    if not told:
        return False
    fitted = _fitted()
    log_odds = order_vectors(told, load_encoder(EMBEDDED)) @ fitted.weights + fitted.bias
    return bool(log_odds.max() >= fitted.threshold)


def asks(sentence: str) -> bool:
    """Whether ``sentence`` begins with a question word, with or without «and»."""
    first = next(iter(words(sentence)), "")
    return first in _ASKING or (first[:1] in ("و", "ف") and first[1:] in _ASKING)


def order_vectors(texts: list[str], encoder: Encoder) -> NDArray[np.float32]:
    """(texts, 2 x dim): the vectors of each text and of its first words, side by side."""
    openings = [" ".join(text.split()[:_OPENING]) for text in texts]
    vectors = encoder.encode_questions(texts + openings)
    return np.hstack([vectors[: len(texts)], vectors[len(texts) :]])


@cache
def _fitted() -> _Fitted:
    raw = json.loads(files("rag.answer").joinpath("orders.json").read_text("utf-8"))
    return _Fitted(**raw | {"weights": np.array(raw["weights"], np.float32)})
