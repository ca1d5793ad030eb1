"""Words that ask or join and carry no subject, in Arabic (with its dialects) and other languages.

Only used to weigh a question's words: articles are indexed whole.
"""

from collections.abc import Iterable

from rag.corpus.language import ARABIZI_WORDS, FUNCTION_WORDS
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
    " me my your our him himself itself themselves mon mes notre nos votre vos"
    " everything nothing show explain describe montre montrer explique expliquer decris decrire parle"
    " اشرح اشرحلي وضح اذكر اعطني اعطيني أعطني هات وريني احكي احكيلي أخبرني خبرني قل قلي قولي حدثني عرفني"
    " chaque autre autres meme celui celle ceux ainsi ici la voila tout tous toute toutes rien"
)
_ARABIZI = (
    "chnowa chnoua chnua shnowa shno shnu chno chnou chnouma achno achnou ach wach wash wech wesh esh eish"
    " chkoun chkon shkoun chkun minhu mino meno kifach kifech kifesh kifash keefash kif keef kifeh kefah"
    " 3lach 3lech 3lesh 3lash 3leh leh leish lesh laysh layech lech emta imta amta wa9tech wa9tach we9tech"
    " wa2tesh fou9ach fo9ach fin fein feen win wein wayn weyn wen mnin mnein menin ch7al chhal sh7al"
    " 9addech 9adech 9addach 9adach 2addesh addesh addeh 2addeh gaddesh kam kem bkam bkem b9addech bch7al"
    " w9addech meen min mn ay ayy anhi anho fi f fel fil fal 3ala 3la 3al 3el 3end 3and 3andou 3ando"
    " 3andha 3andhom 3andi 3andna 3endou 3endo m3a ma3 ma3a men mel mnel ila l li lel lil ll bel bil bl b bin"
    " bayn bein ba3d be3d 9bal 9bel abl 2abl qabl ta7t taht fo2 fou9 fog gher ghir 7atta hatta bach bech"
    " besh bash bch 3ashan 3chan 3lashan 3achan la2anno li2anno khater 5ater 7it wella wla walla wala aw ou amma"
    " lakin lakn walaken ama w wa u o ana enta enti nta nti inta inti howa howwa huwa houwa heya heyya hiya hia"
    " 7na ehna i7na e7na homa houma huma hom humma hada hadi hadak hadik hadou hadchi had hadh hadha hedha hedhi"
    " hedhom hal haida hayda haydi dak dik da di de dol dool dah deh hna hnaya houni hon hoon hina hena elli"
    " eli lli illi alli yalli yelli li kan kanet kanat kanu kanou kano ken kenet kayn kayna kaynin yekoun ykoun"
    " ikoun fih fiha fiya fihom feha fehom bih biha bihom lih liha lihom leha loh laha 3lih 3liha 3lihom 3aleh"
    " 3aleha mennou menno menha menhom 3annou 3anno ra7 rah raho rahou rahi rahom ha 7a 3am 3m ghadi bghit bghina"
    " bgha nheb n7eb 3ayez 3awez 3ayza 3awza biddi baddi bidi beddi lazem lezem khass khassni khassha khasso"
    " yomken ymken momken mumkin sar 9al 9alou 9alet gal galou galet 2al 2alou 2alet gol goul 9oul 2oul y9oul"
    " y9oulou ygoul bi2oul bey2oul mazal mazel ma mech mish mesh msh mouch mush mashi machi mafi mafich makanch"
    " dyal dyali dyalha dyalo dyalhom dial dialo mta3 mta3ha mta3ou mta3hom ta3 taa3 bta3 bta3et btaa3 beta3 beta3o"
    " beta3ha beta3et bta3o bta3ha taba3 7a9 7agg kol kull koul koulchi kolchi kollo kolha koulha bzaf bezzaf"
    " barcha ktir kteer awi awy chwiya chwaya shwaya 7aja 7aga haja haga chi shi she yani ya3ni ya3nee taw tawa"
    " daba dork dorka delwa2ti dilwa2ti hal2 halla2 hala2 el al il ya eh eih w7da wa7ed wahed wa7da"
)
ARABIZI_STOPWORDS = ARABIZI_WORDS.union(words(_ARABIZI))
"""The same in Arabic of the chat alphabet; only where a question is known to be in that."""
STOPWORDS = frozenset(words(" ".join([ARABIC, _MORE, *FUNCTION_WORDS.values()])))


def content_words(tokens: Iterable[str]) -> list[str]:
    """The folded words that say what a question is about, in order, each once."""
    return list(dict.fromkeys(token for token in tokens if not _is_function_word(token)))


def _is_function_word(token: str) -> bool:
    """Whether a folded word is in the list, or is one of it with an «and» written onto it."""
    return token in STOPWORDS or (token[:1] in "وف" and token[1:] in STOPWORDS)
