"""The questions offered on the first screen: made from the articles, and known to be answered."""

from itertools import islice

from rag.engine import Engine
from rag.records import Question
from ui.texts import Texts

_MOST = 4
# How many titles are tried: each costs a search, and the page waits for it.
_TRIED = 12
_LONGEST = 48


def example_questions(engine: Engine, texts: Texts) -> list[dict[str, str]]:
    """Up to four questions, each as it is asked (``text``) and as it is offered, which is short."""
    titles = dict.fromkeys(article.title for article in engine.articles() if article.title)
    questions = (_example(" ".join(title.split()), texts) for title in islice(titles, _TRIED))
    return list(islice((q for q in questions if _is_answered(engine, q["text"])), _MOST))


def _example(title: str, texts: Texts) -> dict[str, str]:
    asked, offered = (texts.example.format(title=_isolated(t)) for t in (title, _short(title)))
    return {"text": asked, "display_text": offered}


def _isolated(title: str) -> str:
    """``title`` so that its direction does not disturb the question around it (Unicode UAX 9)."""
    return f"\u2068{title}\u2069"


def _is_answered(engine: Engine, question: str) -> bool:
    return engine.ask(Question(question)).reply.status == "answered"


def _short(title: str) -> str:
    """The first words of ``title`` if it is long."""
    if len(title) <= _LONGEST:
        return title
    kept = title[: _LONGEST + 1].rpartition(" ")[0] or title[:_LONGEST]
    return kept.rstrip(" .،,:؛;") + "…"
