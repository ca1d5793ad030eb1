"""What kind of thing a question asks for, by its question words, and signs that it is there.

Words are folded as everywhere (`rag.corpus.text.words`). Many question words are other words too
(Arabic «من» is *who* and *from*, English «when» also joins), so that where they stand decides.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.corpus.text import stem, words


def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(text)))


@dataclass(frozen=True, slots=True)
class _Kind:
    """The words that ask for one kind of thing: ``always`` wherever they stand, ``opening`` where
    they open a question, and the stems of ``nouns`` behind «what», «which», «how» and the like."""

    always: frozenset[str]
    opening: frozenset[str]
    nouns: frozenset[str]


_NUMBER = _Kind(
    _words("كم قديش قداش قداه كام شحال بكم بكام combien"),
    frozenset(),
    _stems(
        "عدد نسبة مقدار مبلغ قيمة سعر ثمن كلفة تكلفة طول مساحة حجم معدل"
        " many much long old far often number percentage amount share price cost rate size"
        " nombre montant prix pourcentage taux cout taille duree"
    ),
)
_WHEN = _Kind(
    _words("متى امتى إمتى ايمتى وقتاش فوقاش"),
    _words("when quand"),
    _stems(
        "عام سنة تاريخ شهر يوم وقت موعد ساعة قرن عقد"
        " year date day month time century decade annee jour mois heure siecle"
    ),
)
_WHY = _Kind(
    _words("لماذا ليش ليه علاش علاه لشو why pourquoi"),
    _words("لم"),
    _stems("سبب أسباب دافع دوافع سر reason reasons cause causes caused raison raisons motif"),
)
_WHO = _Kind(
    _words("مين شكون منو whom whose"),
    _words("من مَن who qui"),
    _stems("اسم أسماء name names nom noms"),
)
_WHAT = _words("ما ماذا أي أية شو ايش إيه ايه شنو what which how quel quelle quels quelles")
# What a question may begin with before it begins, and what goes between two of them.
_BEFORE = _words("و ف طيب طب يا ترى so and et but mais or alors in at by on to since until en a de")
_AND = _words("و and et")
_FROM = _words("أين وين فين متى امتى إمتى أي أية حيث خلال بين ناحية")
# How many words behind «what» the noun stands at most: "what is the exact date".
_REACH = 4

_MONTHS = (
    "يناير فبراير مارس أبريل نيسان مايو أيار يونيو حزيران يوليو تموز أغسطس آب سبتمبر أيلول أكتوبر"
    " نوفمبر ديسمبر شباط آذار جانفي فيفري أفريل ماي جوان جويلية أوت"
    " january february march april may june july august september october november december"
    " janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
)
_DAYS = (
    "السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة أمس غدا"
    " monday tuesday wednesday thursday friday saturday sunday yesterday tomorrow"
    " lundi mardi mercredi jeudi vendredi samedi dimanche hier demain"
)
_NAMED_TIMES = _words(f"{_MONTHS} {_DAYS}")
# Said of a cause: because, due to, therefore, in order to.
_REASONS = _stems(
    "بسبب لأن لأنه لأنها نتيجة جراء إثر لذلك ولذلك كونه كونها نظرا بهدف سعيا خشية خوفا مما"
    " تحسبا دفع يدفع أدى"
    " because since due owing therefore thus so avoid cause caused causes led reason"
    " parce car raison cause donc ainsi afin grâce suite éviter"
)
# Said of what a thing is: is considered, means, is called, consists of.
_DEFINING = _stems(
    "يعتبر تعتبر يعد تعد عبارة يعني تعني معناه معناها يقصد المقصود يعرف تعرف يسمى تسمى يطلق يمثل"
    " هو هي نوع"
    " is are means meaning refers known called defined consists"
    " est sont designe signifie appelle definit constitue consiste"
)
# Offices and callings, which stand before or behind a person's name.
_OFFICES = _stems(
    "رئيس وزير لواء جنرال عميد عقيد قائد زعيم ملك أمير شيخ دكتور أستاذ كاتب باحث صحفي مدير"
    " عضو نائب سفير مبعوث"
    " ممثل متحدث ناطق خبير مسؤول السيد السيدة مؤسس عالم president minister general colonel"
    " leader king"
    " prince dr professor author writer researcher journalist director member ambassador"
    " envoy spokesman"
    " spokesperson expert official founder ministre général chef roi auteur chercheur journaliste"
    " directeur membre ambassadeur envoyé représentant porte-parole expert fondateur"
)


_MEANING = re.compile(
    r"(?<!\S)(?:تعريف|معني|يعني (?:ايه|شو|شنو|اش|ايش)|(?:شو|شنو|ايه|ايش|ماذا) (?:يعني|تعني|معني)"
    r"|المقصود|define|definition|meaning|what does .* mean|qu est ce qu|c est quoi"
    r"|que (?:signifie|veut dire))"
)
_WHAT_IS = re.compile(r"(?:ما|شو|ايه|ايش|وش) (?:هو|هي)|what(?: is| s| are)|qu est")
_FEW_WORDS = 2


def asks_definition(tokens: Sequence[str], content: int) -> bool:
    """Whether the question, with ``content`` words of its own, asks what a thing is."""
    text = " ".join(tokens)
    return bool(_MEANING.search(text)) or (content <= _FEW_WORDS and bool(_WHAT_IS.match(text)))


def asks_number(tokens: Sequence[str]) -> bool:
    """Whether the question wants a quantity."""
    return _asks(_NUMBER, tokens)


def asks_when(tokens: Sequence[str]) -> bool:
    """Whether the question wants a date."""
    return _asks(_WHEN, tokens)


def asks_why(tokens: Sequence[str]) -> bool:
    """Whether the question wants a reason."""
    return _asks(_WHY, tokens)


def asks_who(tokens: Sequence[str]) -> bool:
    """Whether the question wants a person, or a body."""
    return _asks(_WHO, tokens)


def _asks(kind: _Kind, tokens: Sequence[str]) -> bool:
    return any(
        token in kind.always
        or (token in kind.opening and _opens(tokens, n))
        or (token in _WHAT and not kind.nouns.isdisjoint(map(stem, tokens[n + 1 : n + 1 + _REACH])))
        for n, token in enumerate(map(_bare, tokens))
    )


def _opens(tokens: Sequence[str], n: int) -> bool:
    """Whether a question, or the next of several, begins with word ``n``: «من» is *from* before
    another question word («من أين», «من متى»)."""
    if n + 1 < len(tokens) and tokens[n + 1] in _FROM:
        return False
    return _BEFORE.issuperset(tokens[:n]) or tokens[n - 1] in _AND


def _bare(token: str) -> str:
    """Without the «and» that Arabic writes onto a question word («وكم», «فمتى»)."""
    return token[1:] if token[:1] in "وف" and len(token) > 2 else token


def names_time(tokens: Iterable[str]) -> bool:
    """Whether a text's words name a month or a day."""
    return any(token in _NAMED_TIMES or token[1:] in _NAMED_TIMES for token in tokens)


def gives_reason(tokens: Iterable[str]) -> bool:
    """Whether a text's words speak of a cause or a purpose."""
    return not _REASONS.isdisjoint(map(stem, tokens))


def names_office(tokens: Iterable[str]) -> bool:
    """Whether a text's words speak of somebody's office or calling."""
    return not _OFFICES.isdisjoint(map(stem, tokens))


def says_what_it_is(tokens: Iterable[str]) -> bool:
    """Whether a text's words say what a thing is."""
    return not _DEFINING.isdisjoint(map(stem, tokens))
