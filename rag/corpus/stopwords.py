"""Words that ask or join and carry no subject, in Arabic (with its dialects) and other languages.

Only used to weigh a question's words: articles are indexed whole.
"""

from collections.abc import Iterable

from rag.corpus.language import FUNCTION_WORDS
from rag.corpus.text import words

ARABIC = (
    "ما ماذا من مَن أين متى كيف لماذا لم كم هل أي أية أيها بماذا لمن ممن مما عما عمن علام إلام فيم بم"
    " في على إلى عن مع بين حول ضد منذ حتى خلال بعد قبل عند لدى دون أثناء فوق تحت نحو عبر وفق وفقا حسب"
    " هو هي هم هن هما أنا نحن أنت أنتم هذا هذه ذلك تلك هؤلاء أولئك الذي التي الذين اللذان اللتان اللواتي"
    " إن أن أنه أنها إنه إنها بأن لأن كان كانت يكون تكون كانوا ليس ليست قد لقد سوف لا لن لو إذا إذ ثم أو أم بل لكن"
    " و ف ب ل ك وهل ومن وما وأين وكيف ومتى كل بعض غير أيضا فقط جدا كما مثل حيث بها به لها له فيها فيه عليه عليها"
    " منها منه عنها عنه لهم بهم هناك هنا الآن ذكر ذكرت تذكر يذكر المقال المقالات مقال النص بحسب يقول قال قالت"
    " شو شنو شنوا إيش ايش وش ليش ليه إزاي ازاي مين وين فين إمتى امتى قديش قداش كام عم رح اللي إللي مش مو موش"
    " بدي عايز عاوز هيك كده برشا تاع متاع ديال علاش كيفاش واش فاش هاد هالـ ع إيه ايه"
    " بتاع بتاعة بتاعت حق تبع لما لمن ولا لي لازم باش بش صار يعني منين ده دي دا دول هاي هذي هاذي شحال شكون منو"
    " لحد عليهم علاه شكد شگد شقد بعدما قبلما بلا شنية شنيه شنهي كي عشان علشان لأجل ليا فيهم منهم بينهم إحنا احنا"
    " انت هما هوما فعلا نفسه نفسها طيب ممكن رجاء لو سمحت بالضبط بالظبط يا راح راحت كمان برضه برضو لسه لسا توا"
    " دلوقتي هلق هلأ الحين حاليا بكم بأي كان يكون بس مين اللي لي دي"
)
_MORE = (
    "article articles text texte according say says said tell give list name mention mentioned"
    " selon dit disent cite citer donner donne quels nom"
    " get gets got getting out up off down them still actually really even ever just also too very quite"
    " someone anyone something anything one ones both each per might must shall been being had"
    " lui tu te tes ton ta toi moi encore vraiment finalement tres etre avoir aussi deja donc alors chez"
    " hello hi hey bonjour bonsoir salut مرحبا أهلا هلا please thanks merci شكرا"
    " chaque autre autres meme celui celle ceux ainsi ici la voila tout tous toute toutes rien"
)
STOPWORDS = frozenset(words(" ".join([ARABIC, _MORE, *FUNCTION_WORDS.values()])))


def content_words(tokens: Iterable[str]) -> list[str]:
    """The folded words that say what a question is about, in order, each once."""
    return list(dict.fromkeys(token for token in tokens if not _is_function_word(token)))


def _is_function_word(token: str) -> bool:
    """Whether a folded word is in the list, or is one of it with an «and» written onto it."""
    return token in STOPWORDS or (token[:1] in "وف" and token[1:] in STOPWORDS)
