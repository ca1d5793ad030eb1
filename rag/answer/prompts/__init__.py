"""What a language model is asked, in the asker's language.

The texts are files, one a language, in a folder a version; a changed text is a new version. What
articles and askers wrote is put in as data, which can neither close its fence nor hide.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from string import Template

from rag.answer.citations import unmarked, visible
from rag.answer.phrases import reply_language
from rag.records import Turn

VERSION = "v1"
# What the model writes where the passages do not answer.
NOTHING = "NONE"

_LONGEST_WORD = re.compile(r"(\S{60})\S+")
_REMEMBERED = 4
_LONGEST_TURN = 600
_SEPARATOR = "\n---\n"


def answer_prompt(
    language: str, question: str, passages: Sequence[str], *, most: int
) -> tuple[str, str]:
    """The system's and the user's message that ask for at most ``most`` sentences in ``language``
    on the numbered ``passages``."""
    fenced = "\n".join(
        f'<passage number="{n}">\n{as_data(text)}\n</passage>'
        for n, text in enumerate(passages, start=1)
    )
    return _filled("answer", language, passages=fenced, question=as_data(question), most=str(most))


def rewrite_prompt(
    language: str, question: str, history: Sequence[Turn], *, target: str
) -> tuple[str, str]:
    """The messages that ask for ``question`` as one question in the language ``target`` that
    stands alone."""
    turns = (
        f"{turn.role}: {as_data(turn.content[:_LONGEST_TURN])}" for turn in history[-_REMEMBERED:]
    )
    return _filled(
        "rewrite",
        language,
        conversation="\n".join(turns),
        question=as_data(question),
        target=target,
    )


def as_data(text: str) -> str:
    """``text`` on one line as a model may read it: nothing that people would not see, no endless
    words, nothing that looks like a fence or a marker of ours."""
    fenceless = visible(text).replace("<", "‹").replace(">", "›")
    return _LONGEST_WORD.sub(r"\1…", unmarked(fenceless))


def _filled(name: str, language: str, **values: str) -> tuple[str, str]:
    system, user = _templates(name, reply_language(language))
    return system.substitute(values), user.substitute(values)


@lru_cache
def _templates(name: str, language: str) -> tuple[Template, Template]:
    path = files("rag.answer.prompts").joinpath(VERSION, f"{name}.{language}.txt")
    system, user = path.read_text("utf-8").split(_SEPARATOR)
    return Template(system.strip()), Template(user.strip())
