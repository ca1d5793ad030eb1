"""What kind of thing a question asks for, by its question words, and signs that it is there."""

import re
from collections.abc import Iterable, Sequence

from rag.corpus.text import stem, words


def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(text)))


_NUMBER_WORDS = _words(
    "كم عدد قديش قداش كام شحال نسبة مقدار مبلغ many much number percentage combien nombre"
    " montant taux"
)
_WHEN_WORDS = _words("متى تاريخ امتى إمتى وقتاش عام سنة year date when quand annee")
_WHY_WORDS = _words(
    "لماذا لم ليش ليه علاش سبب أسباب why reason reasons cause pourquoi raison raisons"
)
_WHO_WORDS = _words("من مَن مين شكون اسم who whom whose name qui nom")
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


def asks_number(tokens: Iterable[str]) -> bool:
    """Whether the question wants a quantity."""
    return not _NUMBER_WORDS.isdisjoint(tokens)


def asks_when(tokens: Iterable[str]) -> bool:
    """Whether the question wants a date."""
    return not _WHEN_WORDS.isdisjoint(tokens)


def asks_why(tokens: Iterable[str]) -> bool:
    """Whether the question wants a reason."""
    return not _WHY_WORDS.isdisjoint(tokens)


def asks_who(tokens: Iterable[str]) -> bool:
    """Whether the question wants a person, or a body."""
    return not _WHO_WORDS.isdisjoint(tokens)


def gives_reason(tokens: Iterable[str]) -> bool:
    """Whether a text's words speak of a cause or a purpose."""
    return not _REASONS.isdisjoint(map(stem, tokens))


def names_office(tokens: Iterable[str]) -> bool:
    """Whether a text's words speak of somebody's office or calling."""
    return not _OFFICES.isdisjoint(map(stem, tokens))


def says_what_it_is(tokens: Iterable[str]) -> bool:
    """Whether a text's words say what a thing is."""
    return not _DEFINING.isdisjoint(map(stem, tokens))
