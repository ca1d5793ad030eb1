"""Title, author, publisher, date: from a folder's sidecar file, else where file or text state them.

The sidecar is ``metadata.json`` beside the articles:
``{"file.txt": {"title": {"value": "…", "provenance": "stated"}, …}}``. A date in a page's
header is the day the page was fetched, so only a labelled date counts as the publication's.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from rag.corpus.boilerplate import boilerplate
from rag.corpus.extracted import Known
from rag.corpus.sentences import paragraphs
from rag.errors import BadArticle
from rag.records import Provenance

SIDECAR = "metadata.json"
FIELDS = ("title", "author", "publisher", "published", "url")

_LONGEST_TITLE = 200
_AUTHOR = re.compile(
    r"(?:بقلم|الكاتب|كتبه|كتبها|إعداد|تأليف|by|author|written by|par|auteur)\s*[:/]?\s+"
    r"(?P<name>[^\W\d_][^\d:|/]{2,60})",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:تاريخ النشر|نشر (?:في|بتاريخ)|published(?: on)?|publication date"
    r"|publié le|date de publication)"
    r"\s*:?\s*(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_QUOTES = "\"'“”«»„ \u00a0"


def read_sidecar(folder: Path) -> dict[str, dict[str, Known]]:
    """What ``folder``'s sidecar says, by file name and field; empty where there is none.

    Raises:
        BadArticle: the file is there but malformed; says what is wrong with it.
    """
    path = folder / SIDECAR
    try:
        raw = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadArticle(f"{SIDECAR}: {error}") from None
    if not isinstance(raw, dict) or not all(isinstance(v, dict) for v in raw.values()):
        raise BadArticle(f"{SIDECAR}: must map file names to fields")
    return {
        name: {field: _known(f"{name}: {field}", field, given) for field, given in fields.items()}
        for name, fields in raw.items()
    }


def _known(where: str, field: str, given: object) -> Known:
    if field not in FIELDS:
        raise BadArticle(f"{SIDECAR}: {where} is not one of {', '.join(FIELDS)}")
    match given:
        case {"value": str(value), "provenance": str(provenance)} if value.strip():
            for allowed in get_args(Provenance):
                if provenance == allowed and _date_fits(field, value):
                    return Known(value.strip(), allowed)
    raise BadArticle(
        f"{SIDECAR}: {where} must be a value (dates as YYYY, YYYY-MM or YYYY-MM-DD)"
        f" with provenance {' or '.join(get_args(Provenance))}"
    )


def _date_fits(field: str, value: str) -> bool:
    return field != "published" or bool(_ISO_DATE.fullmatch(value))


def stated_in(text: str) -> dict[str, Known]:
    """The fields that the text states of itself: its title line, a labelled author or date."""
    lines = paragraphs(text)
    furniture = boilerplate(text, lines)
    head = [s.of(text) for s, skip in list(zip(lines, furniture, strict=True))[:8] if not skip]
    found = {"title": _title(head), "author": _labelled(_AUTHOR, head), "published": None}
    for line in head:
        if match := _PUBLISHED.search(line):
            found["published"] = f"{match['year']}-{match['month']}-{match['day']}"
    return {field: Known(value, "stated") for field, value in found.items() if value}


def _title(head: list[str]) -> str | None:
    """The first line, if it is short, is no sentence or byline and has a longer text behind it."""
    for n, line in enumerate(head[:3]):
        if _AUTHOR.fullmatch(line):
            continue
        quoted = line[:1] in '“«"' and line[-1:] in '”»"'
        short = len(line) <= _LONGEST_TITLE and any(
            len(after) > len(line) for after in head[n + 1 :]
        )
        if line.startswith("# "):
            return line[2:].strip()
        unfinished = not re.search(r"[.!؛،:][\"'”»)]*$", line) and "|" not in line
        return line.strip(_QUOTES) if short and (unfinished or quoted) else None
    return None


def _labelled(pattern: re.Pattern[str], head: list[str]) -> str | None:
    for line in head:
        if match := pattern.fullmatch(line.strip(" .")):
            return match["name"].strip()
    return None


def merged(
    sidecar: Mapping[str, Known], file: Mapping[str, Known], text: Mapping[str, Known]
) -> dict[str, Known]:
    """The sidecar's word before what the file states, that before what the text states of
    itself, and what was inferred of the file last."""
    stated = {name: value for name, value in file.items() if value.provenance == "stated"}
    return {**file, **text, **stated, **sidecar}
