"""Who says something in a sentence, and what it gives as somebody's very words."""

import re
from collections.abc import Iterator

from rag.corpus.text import words
from rag.records import Span

# What is put in quotation marks; single ones are apostrophes too.
_QUOTED = re.compile(r"«([^«»]+)»|“([^“”]+)”|\"([^\"]+)\"|„([^„“]+)“|‹([^‹›]+)›|``(.+?)\'\'")
# Up to this many words in marks are a name or a wry word, not somebody's words.
_SHORT_QUOTATION = 3
_ACCORDING = re.compile(
    r"(?<!\w)(?:according to|as reported by|selon|d['’]après|[وف]?(?:بحسب|حسب|وفقا?\u064b?(?: ?ل| لل)?)"
    r"|نقلا\u064b? عن|استنادا\u064b? إلى)\s*(?!ما\s)((?:[^\s,،;؛:.!?؟]+\s*){1,6})",
    re.IGNORECASE,
)
_ENGLISH = (
    "said|says|say|reported|reports|announced|announces|stated|states|told|claimed|claims|added"
)
_ENGLISH += "|confirmed|explained|wrote|writes|noted|warned|argued|argues|believes|thinks|insisted"
_FRENCH = (
    "déclaré|affirmé|annoncé|indiqué|dit|expliqué|ajouté|confirmé|précisé|souligné|rapporté|écrit"
)
_FRENCH_NOW = "affirm|déclar|annonc|indiqu|expliqu|précis|soulign|rapport|estim|signal"
_ARABIC = (
    "قال|يقول|تقول|ذكر|يذكر|تذكر|أعلن|أفاد|أكد|صرح|أضاف|أوضح|أشار|كتب|نقل|يرى|ترى|حذر|أورد|شدد"
)
_SAYING = (
    re.compile(
        rf"^\W*([^,;:]{{2,60}}?)(?<!\bwas)(?<!\bwere)(?<!\bis)(?<!\bbeen)(?<!\bare)\s+(?:{_ENGLISH})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^\W*([^,;:]{{2,60}}?)\s+(?:(?:a|ont|avait)\s+(?:{_FRENCH})|(?:{_FRENCH_NOW})e(?:nt)?|dit|écrit)(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^\W*[وف]?(?:{_ARABIC})ت?\s+(?!\S?[أإ]ن)((?:[^\s:،«\"]+\s*?\s){{1,5}}?)(?=(?:[أإ]ن|بأن|على|إلى|في|عن)\S*\s|[«\"])"
    ),
    re.compile(rf"^\W*[وف]?(?:{_ARABIC})ت?\s+(?!\S?[أإ]ن)((?:[^\s:،«\"]+\s*){{1,5}}?)\s*[:،]"),
)


def quotations(text: str) -> list[Span]:
    """What stands in quotation marks and is longer than a name."""
    spans = (
        Span(*match.span(group))
        for match in _QUOTED.finditer(text)
        for group, inner in enumerate(match.groups(), start=1)
        if inner
    )
    return [span for span in spans if len(words(span.of(text))) > _SHORT_QUOTATION]


def sources(sentence: str) -> list[Span]:
    """Who is said to have said it."""
    return list(_sources(sentence))


def _sources(sentence: str) -> Iterator[Span]:
    for match in _ACCORDING.finditer(sentence):
        yield Span(*match.span(1))
    for pattern in _SAYING:
        if found := pattern.match(sentence):
            yield Span(*found.span(1))
            return
