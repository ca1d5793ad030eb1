"""The composer that lets a language model word the answer, and lets nothing unsupported through.

Each sentence is held until it is checked. It is told with the exact spans that support it as its
citations, under numbers of ours; what is not supported by the articles, or is no statement, is
dropped. What was told stands, whatever the model does next.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event

from embeddings import Encoder
from rag.answer.citations import unmarked, visible
from rag.answer.drafts import Draft, drafts
from rag.answer.grounding import Verdict, check
from rag.answer.material import Material
from rag.answer.model import LanguageModel, ModelFailed
from rag.answer.phrases import reply_language
from rag.answer.prompts import NOTHING, answer_prompt
from rag.corpus.language import passage_language
from rag.corpus.text import words
from rag.records import Caution, Citation, Dropped, Reply, Statement

_LINK = re.compile(r"https?:|www\.|\]\(|<\s*[/a-z!]|[\w.]+@\w+\.\w", re.IGNORECASE)
# Our numbers are not the model's, so a sentence that speaks of «passage 2» would mislead.
_SPEAKS_OF_PASSAGES = re.compile(
    r"(?<!\w)(?:passages?|extraits?|(?:ال)?مقاطع|(?:ال)?مقطع(?:ين|ان)?)(?!\w)", re.IGNORECASE
)
_NO_CLAIM_ENDS = (":", "?", "؟", "：")
_STOPS = (".", "!", "…", "۔")
# Words of a sentence without a stop; fewer are a heading.
_FEWEST_WORDS = 4
# Dropped without a word to the asker, for they would have told nothing new.
_SILENTLY = frozenset({"no_claim", "repeated"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is asked: a question, the ``language`` of the answer, what it may use, and the
    ``most`` sentences that are told, within so many ``seconds``."""

    question: str
    language: str
    material: Material
    encoder: Encoder
    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be told, and the citations, unnumbered, that support it."""

    text: str
    opens: bool
    sources: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a model's text. ``reply`` is ``None`` where nothing of it was told;
    ``declined`` says that it found no answer in the passages."""

    reply: Reply | None
    told: int
    dropped: tuple[Dropped, ...]
    cautions: tuple[Caution, ...]
    declined: bool


def write(
    model: LanguageModel, asked: Asked, *, tell: Callable[[Reply], None], stop: Event
) -> Written:
    """Have ``model`` answer; ``tell`` gets the reply as it stands after each sentence.

    Never fails for a failure of the model's: that is among the cautions.
    """
    told: list[Sentence] = []
    dropped: list[Dropped] = []
    cautions: list[Caution] = []
    declined = False
    language = reply_language(asked.language)
    prompt = answer_prompt(
        language, asked.question, [p.text for p in asked.material.passages], most=asked.most
    )
    try:
        with closing(model.write(*prompt, stop=stop, seconds=asked.seconds)) as pieces:
            for draft in drafts(pieces):
                if declined := not told and words(draft.text) == words(NOTHING):
                    break
                judged = _judged(draft, asked, told)
                if isinstance(judged, Dropped):
                    dropped.append(judged)
                    continue
                told.append(judged)
                tell(reply_of(language, told))
                if len(told) == asked.most:
                    break
    except ModelFailed as failure:
        cautions.append(failure.caution)
    cautions += _cautions(told, dropped, stopped=stop.is_set(), silent=declined or bool(cautions))
    reply = reply_of(language, told) if told else None
    return Written(reply, len(told), tuple(dropped), tuple(cautions), declined)


def _cautions(
    told: Sequence[Sentence], dropped: Sequence[Dropped], *, stopped: bool, silent: bool
) -> Iterator[Caution]:
    if stopped:
        yield "stopped"
    elif not told and not silent:
        yield "nothing_supported"
    if told and any(one.reason not in _SILENTLY for one in dropped):
        yield "sentences_dropped"


def _judged(draft: Draft, asked: Asked, told: Sequence[Sentence]) -> Sentence | Dropped:
    """The sentence with what supports it, or why it is dropped."""
    text = unmarked(visible(draft.text))
    reason = _unfit(text, draft, asked, told)
    if reason:
        return Dropped(text, reason)
    passages = asked.material.passages
    cited = [passages[number - 1] for number in draft.cited]
    verdict = check(text, cited, passages, asked.encoder)
    if astray := _astray(verdict, asked.material):
        left = [p for p in passages if p.number not in astray]
        verdict = check(text, [p for p in cited if p in left], left, asked.encoder)
        if verdict.reason or _astray(verdict, asked.material):
            return Dropped(text, "off_topic")
    if verdict.reason:
        return Dropped(text, verdict.reason)
    sources = (
        asked.material.offered[support.number - 1].citation(support.span, verdict.probability)
        for support in verdict.supports
    )
    return Sentence(text, draft.opens, tuple(sources))


def _is_claim(text: str) -> bool:
    """Whether a text may say something: it is no question, and neither a heading nor a lead-in."""
    ending = text.rstrip("*_ »”\"'")
    if not words(text) or ending.endswith(_NO_CLAIM_ENDS):
        return False
    if any(char.isdigit() for char in text):
        return True
    return len(words(text)) >= (2 if ending.endswith(_STOPS) else _FEWEST_WORDS)


def _astray(verdict: Verdict, material: Material) -> set[int]:
    """The numbers of passages that would carry a sentence by words that no statement may rest on.

    Each support may be needed, so that none can simply be left out.
    """
    return {
        support.number
        for support in verdict.supports
        if not material.offered[support.number - 1].may_bear(support.span)
    }


def _unfit(text: str, draft: Draft, asked: Asked, told: Sequence[Sentence]) -> str | None:
    """Why a sentence cannot be told, whatever the passages say; ``None`` if it can."""
    if not _is_claim(text):
        return "no_claim"
    if any(words(text) == words(other.text) for other in told):
        return "repeated"
    if not all(1 <= number <= len(asked.material.offered) for number in draft.cited):
        return "invented_source"
    if _LINK.search(text):
        return "link"
    if _SPEAKS_OF_PASSAGES.search(text):
        return "speaks_of_passages"
    spoken = reply_language(asked.language)
    return None if passage_language(text, spoken, words(text)) == spoken else "language"


def reply_of(language: str, told: Sequence[Sentence]) -> Reply:
    """The reply in ``language`` that tells these sentences, its citations in order of first use.

    The reply of the first of them is the beginning of the reply of more.
    """
    numbered: dict[tuple[str, int, int], Citation] = {}
    statements: list[Statement] = []
    text = ""
    for sentence in told:
        numbers = dict.fromkeys(_number(source, numbered) for source in sentence.sources)
        statement = Statement(sentence.text, tuple(numbers))
        gap = "\n\n" if sentence.opens else " "
        text += (gap if statements else "") + statement.marked
        statements.append(statement)
    return Reply("answered", language, text, tuple(statements), tuple(numbered.values()))


def _number(source: Citation, numbered: dict[tuple[str, int, int], Citation]) -> int:
    """The number of ``source``, which is added to ``numbered`` if it is new."""
    place = (source.article.id, source.span.start, source.span.end)
    return numbered.setdefault(place, replace(source, number=len(numbered) + 1)).number or 0
