"""Our words in an export, in the three languages of the interface."""

from dataclasses import dataclass

from rag.answer.phrases import Language


@dataclass(frozen=True, slots=True)
class Labels:
    """One language's labels. ``{…}`` are filled in; ``gone`` and ``changed`` are standings."""

    made: str
    sources: str
    related: str
    read: str
    original: str
    characters: str
    page: str
    inferred: str
    repaired: str
    doubtful: str
    gone: str
    changed: str


LABELS: dict[Language, Labels] = {
    "ar": Labels(
        made="محادثة مع إسناد، من {begun} إلى {changed}. كل رقم يدلّ على اقتباس حرفي من مصدره.",
        sources="المصادر",
        related="مقاطع قريبة من السؤال، وليست جوابًا عنه",
        read="اقرأه في موضعه",
        original="المصدر الأصلي",
        characters="الأحرف من {start} إلى {end}",
        page="صفحة {page}",
        inferred="مستنتَج",
        repaired="نصّ مُصلَح",
        doubtful="نصّ قد يكون فيه خطأ",
        gone="لم يعد المقال بين المقالات",
        changed="تغيّر نصّ المقال في هذا الموضع منذ الجواب",
    ),
    "en": Labels(
        made="A conversation with Isnad, {begun} to {changed}. "
        "Each number leads to an exact quote from its source.",
        sources="Sources",
        related="Passages close to the question; they do not answer it",
        read="Read it in place",
        original="original",
        characters="characters {start} to {end}",
        page="page {page}",
        inferred="inferred",
        repaired="repaired text",
        doubtful="text may be wrong in places",
        gone="the article is no longer among the articles",
        changed="the article's text has changed here since the answer",
    ),
    "fr": Labels(
        made="Une conversation avec Isnad, du {begun} au {changed}. "
        "Chaque numéro mène à une citation exacte de sa source.",
        sources="Sources",
        related="Passages proches de la question ; ils n'y répondent pas",
        read="Lire dans son contexte",
        original="original",
        characters="caractères {start} à {end}",
        page="page {page}",
        inferred="déduit",
        repaired="texte réparé",
        doubtful="texte peut-être fautif par endroits",
        gone="l'article ne fait plus partie des articles",
        changed="le texte de l'article a changé ici depuis la réponse",
    ),
}
