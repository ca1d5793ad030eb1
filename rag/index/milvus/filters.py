"""Filters on articles as Milvus takes them: conditions on fields that every row carries.

An article dated «2021» may be of any day of that year; it is kept as the first and the last day it
may be of, numbers like 20211231. A bound lets it through if any of those days lies within it, as
far as both are known (see `rag.records.Filters`).
"""

import re
from collections.abc import Iterable

from rag.records import Article, Filters

_UNDATED = 0
_SAFE = re.compile(r"[\w-]{1,100}", re.ASCII)


def filtered_fields(article: Article) -> dict[str, str | int]:
    """The fields of a row of ``article`` by which it is let through or not."""
    return {
        "article": article.id,
        "article_language": article.language,
        "earliest": _day(article.published, "0") if article.published else _UNDATED,
        "latest": _day(article.published, "9") if article.published else _UNDATED,
    }


def _day(date: str, rest: str) -> int:
    """An ISO date, or the beginning of one, as a number; ``rest`` stands for what is not known."""
    return int(re.sub(r"\D", "", date)[:8].ljust(8, rest))


def expression(filters: Filters) -> str | None:
    """The condition that ``filters`` put; empty where they restrict nothing, and ``None`` where
    nothing can meet it."""
    conditions = []
    for field, allowed in (
        ("article", filters.article_ids),
        ("article_language", filters.languages),
    ):
        if allowed:
            # What asks for something else than any article's id is asked by a stranger.
            known = [value for value in allowed if is_safe(value)]
            if not known:
                return None
            conditions.append(one_of(field, known))
    if filters.published_from is not None:
        conditions.append(f"latest >= {_day(filters.published_from, '0')}")
    if filters.published_to is not None:
        conditions.append(f"earliest > 0 and earliest <= {_day(filters.published_to, '9')}")
    return " and ".join(conditions)


def is_safe(value: str) -> bool:
    """Whether a value may stand in a condition, and be one that an article has."""
    return bool(_SAFE.fullmatch(value))


def one_of(field: str, values: Iterable[str | int]) -> str:
    """The condition that a field has one of these values: numbers, or words of letters and
    digits."""
    shown = (str(value) if isinstance(value, int) else f'"{value}"' for value in values)
    return f"{field} in [{', '.join(shown)}]"
