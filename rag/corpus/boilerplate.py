"""Lines that stand on a web page beside its article: kept in the text, never quoted.

What is recognised is the furniture of publishing systems (comment forms, related links,
breadcrumbs, photo credits, page dates) in Arabic, English and French, and what the page puts
behind it; never anything by its subject.
"""

import re

from rag.records import Span

_FORM = re.compile(
    r"اترك (?:تعليق|رد)|أضف تعليق|لن يتم نشر عنوان بريدك|الحقول الإلزامية|شارك برأيك"
    r"|leave a (?:comment|reply)|your email address will not|required fields are marked"
    r"|post a comment|laisser un commentaire|laissez un commentaire|votre adresse (?:e-?mail|de mess)"
    r"|les champs obligatoires",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:ربما|قد) (?:يعجبك|يهمك)|اقرأ أيضا|إقرأ أيضا|مواضيع (?:ذات صلة|مشابهة)|مقالات (?:ذات صلة|مشابهة)"
    r"|أخبار ذات صلة|related (?:articles|posts|stories|topics)|you (?:may|might) also like|read (?:also|more)\b"
    r"|see also|recommended for you|lire aussi|[àa] lire aussi|articles (?:similaires|liés)"
    r"|vous aimerez aussi|sur le même sujet",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:أخبار عاجلة|عاجل|مشاركة|شارك|طباعة|تابعنا|الوسوم|كلمات مفتاحية|حفظ|نسخ الرابط|الأكثر قراءة"
    r"|breaking news|share|share this|print|follow us|tags|advertisement|subscribe|newsletter"
    r"|dernière minute|partager|imprimer|suivez-nous|publicité|mots-clés|s'abonner)"
    r"(?:\s*[:|].{0,80}|.{0,12})",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"[(\[]?\s*(?:مصدر الصورة|الصورة|صورة|تصوير|photo(?: credit)?|image(?: source| credit)?|crédits? photo|source de l'image)"
    r"\s*:.{1,80}",
    re.IGNORECASE,
)
_HOME = re.compile(r"(?:الرئيسية|الصفحة الرئيسية|home|accueil)\s*[/>»›|\\-].{1,200}", re.IGNORECASE)
_MONTH = (
    "يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|جانفي|فيفري|أفريل|ماي"
    "|جوان|جويلية|أوت|كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول"
    "|jan\\w*|feb\\w*|mar\\w*|apr\\w*|may|jun\\w*|jul\\w*|aug\\w*|sep\\w*|oct\\w*|nov\\w*|dec\\w*|janvier|f[ée]vrier|mars"
    "|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
)
_DAY = (
    "(?:السبت|الأحد|الاحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الاربعاء|الخميس|الجمعة|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    "|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
)
_PAGE_DATE = re.compile(
    rf"(?:{_DAY}\s*[,،]?\s*)?(?:\d{{1,2}}\s+(?:{_MONTH})|(?:{_MONTH})\s+\d{{1,2}})\s*[,،]?\s*\d{{4}}"
    r"(?:\s*[-–|,،]?\s*\d{1,2}:\d{2}.{0,6})?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?؟…][\"'”»)\]]*$")
_SHORT = 120


def boilerplate(text: str, paragraphs: list[Span]) -> list[bool]:
    """For each of the text's ``paragraphs`` (in order), whether it is page furniture.

    A comment form ends an article: the short lines behind it are furniture too, as are the
    titles behind a «related» heading. Titles repeated above the body are furniture but the last.
    """
    lines = [span.of(text) for span in paragraphs]
    flags = [_is_furniture(line) for line in lines]
    for n, line in enumerate(lines):
        if _FORM.match(line) or (_RELATED.match(line) and len(line) <= _SHORT):
            flags[n] = True
            _flag_tail(lines, flags, n + 1)
        elif line in lines[n + 1 : n + 6] and not _SENTENCE_END.search(line):
            flags[n] = True
    return flags


def _is_furniture(line: str) -> bool:
    patterns = (_FURNITURE, _CREDIT, _HOME, _PAGE_DATE)
    return any(pattern.fullmatch(line) for pattern in patterns)


def _flag_tail(lines: list[str], flags: list[bool], start: int) -> None:
    """Flag the short lines from ``start`` up to the next whole sentence."""
    for n in range(start, len(lines)):
        if len(lines[n]) > _SHORT or (_SENTENCE_END.search(lines[n]) and not _FORM.match(lines[n])):
            return
        flags[n] = True
