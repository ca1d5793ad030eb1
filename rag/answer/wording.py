"""What a language model may add to what was found: a search query, and the wording of an answer.

It never turns an abstention into an answer: whether the articles answer at all is measured by the
ranking, while a model can always write something about them that is true and answers nothing (one
that copies sentences out of its passages answers 11 of the 18 Arabic gold questions that have no
answer behind that gate, and 16 without it). It may turn an answer into an abstention, where the
ranking is not sure and nobody bade it to.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic

from embeddings import Encoder
from rag.answer.compose import abstain
from rag.answer.followup import context_of
from rag.answer.material import Material, material_of
from rag.answer.model import LanguageModel, ModelFailed
from rag.answer.prompts import VERSION
from rag.answer.rewriting import rewriting_of, rewritten
from rag.answer.written import Asked, Written, write
from rag.corpus.language import language_of
from rag.index.opened import Passage
from rag.records import Article, Caution, Evidence, Question, Reply, Weighed, Writing

# From this probability that the articles answer, a model that finds nothing is not believed. Of the
# written questions that are answerable 42 % reach it (`benchmarks/ranking/written`).
_SURE = 0.8
# After these the model may still answer: it was only too slow for a query.
_PASSING = frozenset({"model_too_slow", "model_cut_off"})


@dataclass(frozen=True, slots=True)
class Local:
    """What was found and composed without a model: the reply, every part that was ``weighed`` for
    it, likeliest first, the passages found with their articles, the ``terms`` that were looked for,
    and the probability that the articles are able to answer."""

    reply: Reply
    weighed: tuple[Weighed, ...]
    passages: Sequence[tuple[Passage, Article]]
    terms: Sequence[str]
    answerable: float

    @property
    def evidence(self) -> list[Evidence]:
        """The parts, likeliest first."""
        return [one.evidence for one in self.weighed]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with its trimmed ``text``, and the ``most`` sentences that are told."""

    question: Question
    text: str
    encoder: Encoder
    most: int


@dataclass(frozen=True, slots=True)
class Worded:
    """A reply, whether the model made it, what it was made of, and what there is to know of it."""

    reply: Reply
    by_model: bool
    local: Local
    cautions: tuple[Caution, ...]
    writing: Writing


def word(
    model: LanguageModel,
    asking: Asking,
    local: Local,
    *,
    find: Callable[[str], Local],
    tell: Callable[[Reply], None],
    stop: Event,
) -> Worded:
    """The answer to a question for which ``local`` was found.

    Args:
        find: what another search query finds.
        tell: gets the reply as it stands after each sentence of the model's.
        stop: once set, ends the wording.
    """
    until = monotonic() + model.seconds
    try:
        query = _query(model, asking, local, stop)
    except ModelFailed as failure:
        return Worded(local.reply, False, local, (failure.caution,), Writing(VERSION))
    if query and (better := find(query)).reply.status == "answered":
        local = better
    if local.reply.status != "answered":
        return Worded(local.reply, False, local, (), Writing(VERSION, query))
    material = material_of(local.passages, local.evidence)
    asked = Asked(
        question=_in_full(asking),
        language=language_of(asking.text),
        material=material,
        encoder=asking.encoder,
        most=asking.most,
        seconds=until - monotonic(),
    )
    written = write(model, asked, tell=tell, stop=stop)
    return _settled(
        local, material, written, Writing(VERSION, query, written.told, written.dropped)
    )


def _query(model: LanguageModel, asking: Asking, local: Local, stop: Event) -> str | None:
    """What to search for in the place of the question; ``None``: the question itself.

    Raises:
        ModelFailed: the model cannot be used at all now.
    """
    history, language = asking.question.history, language_of(asking.text)
    languages = Counter(article.language for _, article in local.passages)
    rewriting = rewriting_of(asking.text, history, language, languages)
    if rewriting is None:
        return None
    try:
        return rewritten(model, rewriting, asking.encoder, stop=stop)
    except ModelFailed as failure:
        if failure.caution in _PASSING:
            return None
        raise


def _settled(local: Local, material: Material, written: Written, writing: Writing) -> Worded:
    """The model's reply, or what stands in for it."""
    if written.reply:
        return Worded(written.reply, True, local, written.cautions, writing)
    if written.declined and _is_believed(local, material):
        refusal = abstain(local.reply.language, "not_supported", local.evidence, local.terms)
        return Worded(refusal, True, local, (), writing)
    declined: tuple[Caution, ...] = ("model_found_nothing",)
    cautions = declined if written.declined else written.cautions
    return Worded(local.reply, False, local, cautions, writing)


def _is_believed(local: Local, material: Material) -> bool:
    """Whether a model that found no answer is right, as far as can be told."""
    return local.answerable < _SURE and not material.orders


def _in_full(asking: Asking) -> str:
    """The question, behind the one before it where it cannot be understood alone."""
    before = context_of(asking.text, asking.question.history).partition("\n")[0]
    return f"{before} {asking.text}" if before else asking.text
