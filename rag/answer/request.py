"""What a question wants of us: an answer from the text, or something about the articles themselves.

Told by how it begins, in Arabic (dialects too), English and French, after the folding that the
articles get. A request about articles names them (article, report, text, collection) or leaves
nothing else to ask about; anything doubtful is a question for the text. In a conversation a request
that says of no article which one is meant («and who wrote it?») is about those last asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.corpus.stopwords import content_words
from rag.corpus.text import words
from rag.records import Turn

Fact = Literal["author", "published", "publisher"]
About = Literal[
    "author", "published", "publisher", "summary", "mentions", "newest", "oldest", "titles", "list"
]

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
        r"(?:من|مين|منو|شكون)(?: هو| هي| هم| الذي| اللي| التي)?"
        r" (?:كتبت?(?:ه|ها|هم)?|الفت?ها?|حررت?ها?|(?:ال)?كاتبه?|كاتبها|(?:ال)?كتاب|(?:ال)?مولفه?|(?:ال)?مولف(?:و|ي|ون|ين)|محرر|صاحب)"
        r"|(?:ما |شو |ايه |اذكر |اعرض )?(?:هو |هي )?(?:اسم|اسماء) (?:ال)?(?:كاتبه?|مولفه?|كتاب|مولفين)|بقلم من"
        r"|who (?:wrote|authored|(?:is|are|was|were) the (?:authors?|writers?)(?: of)?)|(?:the )?authors? of"
        r"|(?:list|name|show(?: me)?) (?:all )?(?:the )?authors"
        r"|qui (?:a (?:ecrit|redige|signe)|l a (?:ecrit|redige|signe)|est (?:l auteure?|le redacteur)|sont les auteurs)|par qui|quels sont les auteurs"
    ),
    "published": (
        r"(?:متي|امتي|امته|ايمتي|وقتاش|في اي (?:تاريخ|سنه|عام|يوم)|ما (?:هو )?تاريخ)"
        r" (?:تم )?(?:نشر(?:ت|ه|ها|وه|وها)?|صدرت?|كتب(?:ت|ه|ها|وه|وها)?|كتابته?ا?|كتابه|صدوره?ا?|(?:ال)?نشر)"
        r"|when (?:was|were|did) (.*?)(?:published|written|appear|posted)|(?:what is the )?publication date"
        r"|quand (.*?)(?:publiee?s?|parue?s?|ecrite?s?)|quelle est la date de (?:publication|parution)"
    ),
    "publisher": (
        r"(?:اين|وين|فين|من|اي (?:موقع|صحيفه|جريده|جهه)|ما (?:هو )?(?:ال)?(?:موقع|صحيفه|جريده))(?: الذي| التي| اللي)?"
        r" (?:نشر(?:ت|ه|ها)?|صدرت?|(?:ال)?ناشر|ناشره|ناشرها)"
        rf"|(?:ما (?:هو |هي )?|شو )?مصدر(?=(?:ه|ها)?$| {_ARTICLES})|what is the source of|quelle est la source (?:de|du)"
        r"|where was (.*?)published|who published|(?:which|what) (?:site|newspaper|website|outlet) (.*?)published|who is the publisher"
        r"|ou (.*?)(?:publiee?s?|parue?s?)|qui a publie|(?:quel|dans quel) (?:site|journal) (.*?)publiee?s?"
    ),
    "summary": (
        r"(?:لخصي?(?:ه|ها)?(?: لي|لي)?|تلخيص|ملخصا?|خلاصه|اختصر|اوجز|موجز|اعطني (?:ملخصا?|خلاصه)|اعمل(?:ي|لي)? ملخص"
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
        rf"|(?:in )?(?:which|what) {_ARTICLES} (?:is|are|was|were|does|do) (.*?) (?:mentioned|discussed|covered|appear)"
    ),
    "newest": (
        rf"(?:(?:ما|شو|مين)? ?(?:هو |هي )?(?:احدث|اجدد|اخر)|(?:what is |which is |what s |show )?(?:the )?(?:newest|latest|most recent)"
        rf"|(?:quel est )?(?:le )?(?:plus recent|dernier))(?= {_ARTICLES})"
        rf"|(?:quel est l |l )?{_ARTICLES}(?: est)? (?:le plus recent)|(?:ما (?:هو )?)?{_ARTICLES} الاحدث"
    ),
    "oldest": (
        rf"(?:(?:ما|شو|مين)? ?(?:هو |هي )?اقدم|(?:what is |which is |what s |show )?(?:the )?(?:oldest|earliest)"
        rf"|(?:quel est )?le plus ancien)(?= {_ARTICLES})"
        rf"|(?:quel est l |l )?{_ARTICLES}(?: est)? (?:le plus ancien)|(?:ما (?:هو )?)?{_ARTICLES} الاقدم"
    ),
    "titles": (
        r"(?:ما (?:هو |هي )?|شو |اذكر |اعرض |اعطني )?(?:عنوان|(?:ال)?عناوين)"
        r"|(?:what (?:is|are) |list |show |tell me )?(?:the |all the )?titles?(?: of)?"
        r"|(?:quels? (?:est|sont) )?(?:les? )?titres?(?: de| des| du)?"
    ),
    "list": (
        rf"(?:شنو|شو|ماذا|ما|ايش|وش|اش|ايه)(?: هو| اللي| الذي)? (?:كاين|فيه|في|يوجد|يوجد في|موجود في|محتوي|محتويات)(?: هاد| هذه| هذا)?(?= (?:[فب]?(?:هاد|هذه|هذا) )?{_ARTICLES})"
        rf"|what (?:is|s) in(?: the| these| this| my| your)(?= {_ARTICLES})|what do (?:the |these |my |your )?{_ARTICLES} (?:contain|cover)"
        rf"|que contiennent (?:les |ces |mes |vos )?{_ARTICLES}"
        rf"|(?:ما هي|ما|اعرض|اذكر|اسرد|عدد|(?:كم |ما )?عدد|كم|شو|list|show(?: me)?|name|which|what|how many"
        rf"|quels? sont|quels?|liste|montre|combien d|combien de)(?: لي| the| all| les| tous les|moi les)* {_ARTICLES}"
    ),
}
_STARTS = {
    kind: re.compile(f"^{_POLITE}(?:{opening})(?=\\s|$)") for kind, opening in _OPENINGS.items()
}
_NAMED = re.compile(rf"(?<!\S){_ARTICLES}(?!\S)")
_ALL = re.compile(
    r"(?<!\S)(?:[وبلف]?(?:ال|لل)?(?:مقالات|تقارير|نصوص|وثايق|مجموعه|كتاب|مولفين)|articles|reports"
    r"|documents|texts|textes|rapports|collection|corpus|authors|writers|auteurs)(?!\S)"
)
# «And» and «so» are written onto the word behind them.
_AND = re.compile("^[وف](?=[^ ]{2})")
# Said of articles without saying which: of having, being here, being the last.
_HAVING = frozenset(
    words(
        "لديك عندك تعرفها تعرف متوفرة المتوفرة الموجودة موجودة المتعلق المتعلقة بعنوان الأخير"
        " have know available loaded indexed about titled disponibles avez connais connaissez"
        " intitule"
    )
)


# What is asked of one article as often as of all.
_OF_ONE: frozenset[About] = frozenset({"author", "published", "publisher", "summary", "titles"})


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of the articles, and the words that say of which ones (none: of all)."""

    about: About
    subject: str


def request_of(question: str, history: Sequence[Turn] = ()) -> Request | None:
    """The request about articles that a question is, or ``None`` for a question to the text."""
    folded = " ".join(words(question))
    request = _request(folded) or _request(_AND.sub("", folded))
    if request is None or request.subject or request.about not in _OF_ONE or _ALL.search(folded):
        return request
    return replace(request, subject=_last_subject(history))


def _last_subject(history: Sequence[Turn]) -> str:
    """The words that say what was last asked about; empty where nothing was."""
    asked = [n for n, turn in enumerate(history) if turn.role == "user"]
    if not asked:
        return ""
    last, before = history[asked[-1]].content, history[: asked[-1]]
    request = request_of(last, before)
    return request.subject if request else " ".join(content_words(words(last)))


def _request(folded: str) -> Request | None:
    named = bool(_NAMED.search(folded))
    for about, start in _STARTS.items():
        opening = start.match(folded)
        if opening is None:
            continue
        between = [gap for gap in opening.groups() if gap]
        subject = _subject(" ".join([*between, folded[opening.end() :]]))
        if _is_wanted(about, subject, named=named):
            return Request(about, subject)
    return None


def _is_wanted(about: About, subject: str, *, named: bool) -> bool:
    if about == "list":
        return not subject
    if about == "mentions":
        return bool(subject)
    return named or not subject


def _subject(said: str) -> str:
    """The words that say which articles are meant."""
    rest = _NAMED.sub(" ", said).split()
    return " ".join(word for word in content_words(rest) if word not in _HAVING)
