"""What a question wants of us: an answer from the text, or something about the articles themselves.

Told by how it begins, in Arabic (dialects too), English and French, after the folding that the
articles get. A request about articles names them (article, report, text, collection) or leaves
nothing else to ask about; anything doubtful is a question for the text.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rag.corpus.stopwords import content_words
from rag.corpus.text import words

Fact = Literal["author", "published", "publisher"]
About = Literal["author", "published", "publisher", "summary", "mentions", "list"]

_POLITE = (
    r"(?:(?:لو سمحت|من فضلك|رجاء|ممكن|هل يمكنك ان|بدي|عايز|اريد|please|can you|could you|would you"
    r"|i want|give me|donne moi|pouvez vous|peux tu|s il te plait|s il vous plait|svp|و|and|et)\s)*"
)
_ARTICLES = (
    r"(?:[وبلف]?(?:ال|لل)?(?:مقالا?|مقاله|مقالات|مقالين|تقرير|تقارير|نص|نصوص|وثيقه|وثايق|مجموعه|ملف|ملفات|ارشيف)"
    r"|articles?|pieces?|reports?|documents?|texts?|textes?|rapports?|collections?|corpus|archives?"
    r"|recueil|dossiers?|folder)"
)
_OPENINGS: dict[About, str] = {
    "author": (
        r"(?:من|مين|منو|شكون)(?: هو| هي| الذي| اللي| التي)? (?:كتب|كتبت|الف|حرر|(?:ال)?كاتبه?|(?:ال)?مولفه?|محرر|صاحب)"
        r"|(?:ما |شو |ايه )?(?:هو )?اسم (?:ال)?(?:كاتبه?|مولفه?)|بقلم من"
        r"|who (?:wrote|authored|(?:is|are|was) the (?:authors?|writers?)(?: of)?)|(?:the )?author of"
        r"|qui (?:a (?:ecrit|redige|signe)|est (?:l auteure?|le redacteur))|par qui"
    ),
    "published": (
        r"(?:متي|امتي|امته|ايمتي|وقتاش|في اي (?:تاريخ|سنه|عام|يوم)|ما (?:هو )?تاريخ)"
        r" (?:تم )?(?:نشر|نشرت|صدر|صدرت|كتب|كتبت|كتابه|صدور|(?:ال)?نشر)"
        r"|when (?:was|were|did) (.*?)(?:published|written|appear|posted)|(?:what is the )?publication date"
        r"|quand (.*?)(?:publiee?s?|parue?s?|ecrite?s?)|quelle est la date de (?:publication|parution)"
    ),
    "publisher": (
        r"(?:اين|وين|فين|من|اي (?:موقع|صحيفه|جريده|جهه)|ما (?:هو )?(?:ال)?(?:موقع|صحيفه|جريده))(?: الذي| التي| اللي)?"
        r" (?:نشر|نشرت|صدر|صدرت|(?:ال)?ناشر)"
        r"|where was (.*?)published|who published|(?:which|what) (?:site|newspaper|website|outlet) (.*?)published|who is the publisher"
        r"|ou (.*?)(?:publiee?s?|parue?s?)|qui a publie|(?:quel|dans quel) (?:site|journal) (.*?)publiee?s?"
    ),
    "summary": (
        r"(?:لخصي?(?: لي|لي)?|تلخيص|ملخصا?|خلاصه|اختصر|اوجز|موجز|اعطني (?:ملخصا?|خلاصه)|اعمل(?:ي|لي)? ملخص"
        r"|(?:a )?(?:short )?(?:summari[sz]e|summary|overview)(?: of)?|sum up|tl ?dr"
        r"|(?:un )?(?:resumee?|resumer|resumez|synthese)(?: moi)?(?: de| du| des)?)"
        r"|(?:عم|عما|عن ماذا|ماذا|شو|ايش|بماذا|علي شو) (?:ب?[تي]تحدث|[تي]تناول|ب?[تي]حكي|[تي]دور)"
        r"|ما (?:هو )?(?:ال)?موضوع|what (?:is|are) (.*?)about$|what(?: is|s) the (?:topic|subject|gist)"
        r"|de quoi (?:parlent?|traitent?|s agit)|quel est le (?:sujet|theme)"
    ),
    "mentions": (
        rf"(?:في )?(?:اي|ما|ما هي|which|what|in which|quels?|dans quels?) {_ARTICLES}(?: that| التي| الذي| qui)?"
        r" (?:[تي]ذكر|[تي]تحدث|[تي]تناول|[تي]تكلم|[تي]تطرق|[تي]شير|ورد|وردت|ذكرت?|mentions?|mentioning|discuss(?:es)?"
        r"|talks? about|covers?|deals? with|speaks? of|(?:parle|mentionne|evoque|traite|cite)(?:nt)?)"
    ),
    "list": (
        rf"(?:ما هي|ما|اعرض|اذكر|اسرد|عدد|(?:كم |ما )?عدد|كم|شو|list|show(?: me)?|name|which|what|how many"
        rf"|quels? sont|quels?|liste|montre|combien d|combien de)(?: لي| the| all| les| tous les|moi les)* {_ARTICLES}"
    ),
}
_STARTS = {
    kind: re.compile(f"^{_POLITE}(?:{opening})(?=\\s|$)") for kind, opening in _OPENINGS.items()
}
_NAMED = re.compile(rf"(?<!\S){_ARTICLES}(?!\S)")
# Said of articles without saying which: of having, being here, being the last.
_HAVING = frozenset(
    words(
        "لديك عندك تعرفها تعرف متوفرة المتوفرة الموجودة موجودة المتعلق المتعلقة بعنوان الأخير"
        " have know available loaded indexed about titled disponibles avez connais connaissez"
        " intitule"
    )
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of the articles, and the words that say of which ones (none: of all)."""

    about: About
    subject: str


def request_of(question: str) -> Request | None:
    """The request about articles that a question is, or ``None`` for a question to the text."""
    folded = " ".join(words(question))
    named = bool(_NAMED.search(folded))
    for about, start in _STARTS.items():
        opening = start.match(folded)
        if opening is None:
            continue
        between = [gap for gap in opening.groups() if gap]
        subject = _subject(" ".join([*between, folded[opening.end() :]]))
        wanted = {"list": not subject, "mentions": bool(subject)}.get(about, named or not subject)
        if wanted:
            return Request(about, subject)
    return None


def _subject(said: str) -> str:
    """The words that say which articles are meant."""
    rest = _NAMED.sub(" ", said).split()
    return " ".join(word for word in content_words(rest) if word not in _HAVING)
