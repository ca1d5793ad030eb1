"""Words that are each other's opposites, in three languages: no cosine tells them apart for sure."""

from collections.abc import Sequence

from rag.corpus.text import stem, words

_OPPOSITES = (
    ("increase rise rose grow grew growth higher augment hausse croissance زياد ارتفع ارتفاع زاد تزايد نمو ازداد صعود",
     "decrease fall fell decline drop reduce lower baisse diminu recul chute réduction انخفض انخفاض تراجع هبوط هبط نقص تقلص"),
    ("before prior previously avant قبل", "after afterwards following après عقب بعد"),
    ("more plus most majority أكثر أكبر معظم أغلب أغلبية majorité plupart", "less fewer fewest minority moins أقل أقلية minorité"),
    ("north northern nord شمال شمالي", "south southern sud جنوب جنوبي"),
    ("east eastern est oriental شرق شرقي", "west western ouest occidental غرب غربي"),
    ("accept accepted approve approved agreed accepter accepté approuvé قبل وافق وافقت موافقة", "reject rejected refuse refused rejeté refusé رفض رفضت"),
    ("support supported supports supporter soutien soutenu دعم أيد تأييد يؤيد", "oppose opposed opposes opposer opposé عارض معارضة يعارض"),
    ("win won victory gagné victoire فاز فوز انتصر انتصار", "lose lost defeat perdu défaite خسر خسارة هزيمة"),
    ("first premier première أول أولى", "last dernier dernière أخير آخر أخيرة"),
    ("start started begin began begun opened opening commence commencé début ouvert بدأ بدأت بداية افتتح افتتاح", "end ended finish finished closed closing fin fini terminé fermé انتهى انتهت نهاية أغلق إغلاق اختتم"),
    ("born birth né née naissance ولد ولدت ميلاد مواليد", "died death dead mort décédé morte توفي توفيت وفاة مات"),
    ("man men male homme hommes mâle رجل رجال ذكر ذكور", "woman women female femme femmes femelle امرأة نساء إناث أنثى"),
    ("war guerre حرب", "peace paix سلام سلم"),
    ("always toujours دائما", "never sometimes jamais parfois أحيانا أبدا"),
    ("all every tous toutes كل جميع كافة", "some none certains quelques بعض"),
    ("largest biggest greatest highest longest أكبر أطول أعلى", "smallest lowest shortest least أصغر أدنى أقصر"),
    ("allow allowed permit permitted autorisé permis سمح سمحت يسمح", "forbid forbidden ban banned prohibited interdit منع حظر يمنع"),
    ("public public عام حكومي", "private privé خاص"),
    ("import imports importer importation استيراد واردات يستورد", "export exports exporter exportation تصدير صادرات يصدر"),
    ("true vrai صحيح", "false wrong faux خطأ خاطئ"),
    ("rich riche غني", "poor pauvre فقير"),
    ("strong fort قوي", "weak faible ضعيف"),
    ("inside intérieur داخل", "outside extérieur خارج"),
    ("possible ممكن", "impossible مستحيل"),
    ("day jour نهار", "night nuit ليل"),
    ("minimum least moins الأدنى", "maximum most الأقصى"),
    ("success successful succeeded succès réussi نجح نجاح نجحت", "failure failed échec échoué فشل فشلت"),
)  # fmt: skip


def _sides() -> dict[str, frozenset[int]]:
    """Stem to the sides it is on: n for one side of pair n, -n for the other."""
    sides: dict[str, set[int]] = {}
    for n, pair in enumerate(_OPPOSITES, start=1):
        for sign, text in zip((n, -n), pair, strict=True):
            for word in words(text):
                sides.setdefault(stem(word), set()).add(sign)
    return {word: frozenset(signs) for word, signs in sides.items()}


_SIDES = _sides()


def opposites(one: Sequence[str], other: Sequence[str]) -> int:
    """How many opposites stand against each other: one side of a pair in ``one``, and only the
    other side in ``other``."""
    said, there = _signs(one), _signs(other)
    return sum(-sign in there and sign not in there for sign in said if -sign not in said)


def _signs(found: Sequence[str]) -> frozenset[int]:
    return frozenset(sign for word in found for sign in _SIDES.get(stem(word), ()))
