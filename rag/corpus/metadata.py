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
from rag.corpus.dates import iso_date
from rag.corpus.extracted import Known
from rag.corpus.sentences import paragraphs
from rag.errors import BadArticle
from rag.records import Provenance

SIDECAR = "metadata.json"
FIELDS = ("title", "author", "publisher", "published", "url")

_LONGEST_TITLE = 200
# A longer line with a date in it is a sentence, about something else's publication.
_LONGEST_LABELLED = 100
_AUTHOR = re.compile(
    r"(?:(?:بقلم|الكاتب|الكاتبة|كتبه|كتبها|إعداد|تأليف|by|author|written by|par|auteur)"
    r"(?:\s*[:/–—-]\s*|\s+)|(?:كتب|كتبت)\s*[:/–—-]\s*)(?P<name>[^\W\d_][^\d:|/]{2,60})",
    re.IGNORECASE,
)
# Small words within Latin names; what else has no capital is no name.
_PARTICLES = frozenset("and et de du des la le da von van der den bin ben al el".split())
_PUBLISHED = re.compile(
    r"(?:^|[-–—(]\s*)(?:تاريخ النشر|نشرت? (?:في|بتاريخ|يوم)|published(?: on)?|posted on"
    r"|publication date|publiée? le|date de publication|mis en ligne le)\s*:?\s*(?P<date>.{4,60})",
    re.IGNORECASE,
)
_MARKS = re.compile("[\u064b-\u0652]")
_BETWEEN_PIECES = re.compile("[|•·]")
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
    return field != "published" or iso_date(value) == value.strip()


def stated_in(text: str) -> dict[str, Known]:
    """The fields that the text states of itself: its title line, a labelled author or date."""
    lines = paragraphs(text)
    furniture = boilerplate(text, lines)
    head = [s.of(text) for s, skip in list(zip(lines, furniture, strict=True))[:8] if not skip]
    pieces = [piece.strip() for line in head for piece in _BETWEEN_PIECES.split(line)]
    found = {
        "title": _title(head),
        "author": next(filter(None, map(author_in, pieces)), None),
        "published": next(filter(None, map(_published_in, pieces)), None),
    }
    return {field: Known(value, "stated") for field, value in found.items() if value}


def author_in(line: str) -> str | None:
    """Who wrote it, of a line that says just this."""
    match = _AUTHOR.fullmatch(line.strip(" ."))
    name = match["name"].strip() if match else ""
    named = all(not w[0].islower() or w in _PARTICLES for w in name.split())
    return name if name and named and not name[0].islower() else None


def _published_in(line: str) -> str | None:
    if len(line) > _LONGEST_LABELLED:
        return None
    match = _PUBLISHED.search(_MARKS.sub("", line))
    return iso_date(match["date"]) if match else None


def _title(head: list[str]) -> str | None:
    """The first line, if it is short, is no sentence or byline and has a longer text behind it."""
    for n, line in enumerate(head[:3]):
        if author_in(line):
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


def merged(
    sidecar: Mapping[str, Known], file: Mapping[str, Known], text: Mapping[str, Known]
) -> dict[str, Known]:
    """The sidecar's word before what the file states, that before what the text states of
    itself, and what was inferred of the file last."""
    stated = {name: value for name, value in file.items() if value.provenance == "stated"}
    return {**file, **text, **stated, **sidecar}
