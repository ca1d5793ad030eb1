"""Arabic letter shapes at private-use code points: those that are known, and those that a text
itself proves.

What an unknown shape stands for is tried out: with the right letter in its place, the words it
stands in become words that the text, or the language, has anyway. It is taken where this holds of
many different words and of no other letter; what is not proven stays visible.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rag.corpus.stopwords import ARABIC

PRIVATE = "[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
ARABIC_LETTER = "[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06fa-\u06ff]"

_LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
# Proof: so many different words become known ones, and so many times more than by any other letter.
_FEWEST_WORDS = 4
_BEYOND_THE_NEXT = 3
# Everyday words of written Arabic, so that every letter stands in many of them in every shape.
_COMMON = (
    "العربي الدولي السياسي الأمني الوطني المحلي الاقتصادي العسكري الإعلامي الرسمي الماضي الحالي"
    " الثاني القانوني الاجتماعي الثقافي العالمي الإنساني الأمريكي الروسي التركي المصري السوري"
    " العراقي اللبناني الأردني السعودي الفلسطيني الإسرائيلي الأوروبي التي الذي حوالي بالتالي يجري"
    " التحالف الحكومة الرئيس الوزير الوزارة المدينة الدولة الدول المنطقة العالم الشعب المجتمع"
    " الجيش القوات الشرطة الأمن الحرب السلام القانون المحكمة البرلمان الحزب النظام الاتفاق الاجتماع"
    " المؤتمر البيان التقرير الخبر الصحيفة المصدر الوكالة المتحدة الأمم مجلس لجنة مدير مركز جامعة"
    " مدرسة طالب معلم طبيب مستشفى مرض علاج دواء ماء نفط غاز كهرباء سوق مال بنك شركة سعر عمل عامل"
    " مكتب مصنع زراعة صناعة تجارة اقتصاد سياسة ثقافة علم بحث دراسة كتاب مقال صورة فيلم لغة تاريخ"
    " قال قالت أكد أكدت أعلن أعلنت ذكر أضاف أشار أوضح طالب دعا اعتبر يمكن يجب يكون تكون كان كانت"
    " عام عاما سنة شهر أسبوع يوم اليوم أمس غدا صباح مساء ساعة وقت زمن قبل بعد منذ خلال حتى الآن"
    " جديد جديدة كبير كبيرة صغير كثير قليل أول ثاني آخر مهم مهمة خاص خاصة عامة مشترك مختلف ممكن"
    " شمال جنوب شرق غرب وسط مكان طريق بيت باب أرض بحر نهر جبل سماء شمس قمر هواء نار ضوء صوت لون"
    " رجل امرأة طفل أطفال نساء شباب ناس شخص أشخاص عائلة أسرة أب أم أخ صديق حياة موت حق حقوق واجب"
    " خطة مشروع برنامج هدف نتيجة سبب حل مشكلة أزمة قضية موضوع فكرة رأي قرار خطوة مرحلة عملية طريقة"
    " مكافحة الإرهاب المخدرات الهجوم الحدود المقاتلين العمليات المسلحة الضغط الحفاظ النشاط البضائع"
    " استخدام استمرار تعاون تنسيق تطوير تعزيز تحقيق تنفيذ تقديم توفير زيادة ارتفاع انخفاض مواجهة"
)
_WORD = re.compile(rf"(?:{ARABIC_LETTER}|{PRIVATE})+")
_PRIVATE = re.compile(PRIVATE)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter's joined shape: ``final`` joins back, ``medial`` both ways, ``mark`` sits on one,
    ``any`` is of more than one of these, or of another."""

    letter: str
    shape: Literal["final", "medial", "mark", "any"]


GLYPHS = {
    "\ue915": Glyph("ي", "final"),
    "\ue913": Glyph("ى", "final"),
    "\ue940": Glyph("ك", "medial"),
    "\ue824": Glyph("\u064f", "mark"),
}


def learned(text: str) -> dict[str, Glyph]:
    """The unknown shapes of ``text`` that it proves, with their letters."""
    unknown = set(_PRIVATE.findall(text)) - GLYPHS.keys()
    if not unknown:
        return {}
    # A reversed line begins with a shape that ends its last word.
    tokens = {m.group() for m in _WORD.finditer(text) if not _begins_reversed(text, m)}
    known = {token for token in tokens if not _PRIVATE.search(token)} | set(
        ARABIC.split() + _COMMON.split()
    )
    proven: dict[str, Glyph] = {}
    for shape in sorted(unknown):
        spoilt = [t for t in tokens if set(_PRIVATE.findall(t)) == {shape} and len(t) > 1]
        if letter := _letter(shape, spoilt, known):
            proven[shape] = Glyph(letter, _shape(shape, spoilt))
    return proven


def _begins_reversed(text: str, word: re.Match[str]) -> bool:
    first = _PRIVATE.match(word.group())
    return (
        first is not None and not text[text.rfind("\n", 0, word.start()) + 1 : word.start()].strip()
    )


def _letter(shape: str, spoilt: Iterable[str], known: set[str]) -> str | None:
    """The letter that is proven for a shape by the words it stands in."""
    votes = Counter(
        letter for word in spoilt for letter in _LETTERS if word.replace(shape, letter) in known
    )
    (best, most), (_, next_most) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    return best if most >= _FEWEST_WORDS and most >= _BEYOND_THE_NEXT * next_most else None


def _shape(shape: str, spoilt: Iterable[str]) -> Literal["final", "medial", "any"]:
    """Where in its words a shape stands: only at their ends, only inside, or anywhere."""
    ends = {(word.startswith(shape), word.endswith(shape)) for word in spoilt}
    if ends == {(False, True)}:
        return "final"
    return "medial" if ends == {(False, False)} else "any"
