"""Ordinary words, and names that are well known: by these a name is told where no capital does."""

from functools import lru_cache
from importlib.resources import files

from babel import Locale

from rag.corpus.text import stem, words

_LANGUAGES = ("ar", "en", "fr")


@lru_cache(maxsize=20_000)
def is_strange(word: str) -> bool:
    """Whether a folded word is no ordinary one, so that it may be a name."""
    return word not in _ordinary() and stem(word) not in _ordinary()


@lru_cache(maxsize=20_000)
def is_place(word: str) -> bool:
    """Whether a folded word is the name of a country, a continent or a large city."""
    bare = word[1:] if word[:1] in "وفبلك" else word
    return not _places().isdisjoint((word, bare))


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    listed = files("rag.answer.grounding").joinpath("ordinary.txt").read_text("utf-8")
    return frozenset(listed.split())


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Folded names of one word out of the Unicode CLDR: its territories, and the cities that stand
    for time zones. What is an ordinary word too is none."""
    names = [
        words(name)
        for language in _LANGUAGES
        for locale in [Locale(language)]
        for name in (
            *locale.territories.values(),
            *(zone["city"] for zone in locale.time_zones.values() if "city" in zone),
        )
    ]
    single = {name[0] for name in names if len(name) == 1 and len(name[0]) > 2}
    return frozenset(name for name in single if is_strange(name))
