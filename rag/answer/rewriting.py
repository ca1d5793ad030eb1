"""A question as a search query, by a language model: a follow-up as one that stands alone, and one
in a language that nothing was found in, in the one that most was found in.

What comes back is only searched for, and only where it means what was asked; else the local way
stands (`rag.answer.followup`, and search across languages).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Event

from embeddings import Encoder
from rag.answer.citations import visible
from rag.answer.followup import context_of
from rag.answer.instructions import is_instruction
from rag.answer.model import LanguageModel
from rag.answer.prompts import rewrite_prompt
from rag.corpus.text import words
from rag.records import Turn

# A person waits for the query before the answer is begun.
_SECONDS = 5.0
_LONGEST = 300
_SAME_SUBJECT = 0.3


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What is to be rewritten: a question, the turns before it, the language it is in and the
    ``target`` that it is searched in."""

    question: str
    history: Sequence[Turn]
    language: str
    target: str


def rewriting_of(
    question: str, history: Sequence[Turn], language: str, found: Mapping[str, int]
) -> Rewriting | None:
    """What is to be rewritten of a question, or ``None`` where it can be searched for as it is.

    Args:
        found: how many passages were found in each language.
    """
    known = {code: count for code, count in found.items() if code != "und"}
    foreign = bool(known) and language not in known
    if not foreign and not context_of(question, history):
        return None
    target = max(known, key=lambda code: known[code]) if foreign else language
    return Rewriting(question, history, language, target)


def rewritten(
    model: LanguageModel, rewriting: Rewriting, encoder: Encoder, *, stop: Event
) -> str | None:
    """The query; ``None`` where the model wrote none that means what was asked.

    Raises:
        ModelFailed: it could not be asked, or was too slow.
    """
    prompt = rewrite_prompt(
        rewriting.language, rewriting.question, rewriting.history, target=rewriting.target
    )
    written = "".join(model.write(*prompt, stop=stop, seconds=_SECONDS))
    lines = [" ".join(visible(line).split()) for line in written.splitlines()]
    query = next((line for line in reversed(lines) if words(line)), "")
    if not query or len(query) > _LONGEST or is_instruction(query):
        return None
    return query if _means(query, rewriting, encoder) else None


def _means(query: str, rewriting: Rewriting, encoder: Encoder) -> bool:
    """Whether ``query`` is about what was asked, alone or with the turn before."""
    context = context_of(rewriting.question, rewriting.history)
    asked = [rewriting.question, f"{context}\n{rewriting.question}"]
    vectors = encoder.encode_questions([query, *asked])
    return float((vectors[1:] @ vectors[0]).max()) >= _SAME_SUBJECT
