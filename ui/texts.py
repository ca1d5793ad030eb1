"""Every label of the chat window, in the three languages of the interface."""

from dataclasses import asdict, dataclass
from typing import Literal

from gradio.i18n import I18n

from rag.corpus.language import language_of

Language = Literal["ar", "en", "fr"]


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's labels. ``{…}`` are filled in."""

    about: str
    conversation: str
    question: str
    placeholder: str
    send: str
    stop: str
    new: str
    sources: str
    related: str
    inferred: str
    repaired: str
    doubtful: str
    read: str
    try_asking: str
    go_on: str
    example: str
    mentions: str
    summarise: str
    knows: str
    more_articles: str
    empty_title: str
    empty_how: str
    empty_add: str
    chat_tab: str
    articles_tab: str
    kept: str
    interface_language: str
    copy: str
    copied: str
    again: str
    edit: str
    cancel: str
    ask_again: str
    source: str
    cited: str
    article: str
    previous: str
    next: str
    close: str
    position: str
    elsewhere: str
    untitled: str
    undated: str
    answering: str
    answered: str
    stopped: str
    empty: str
    too_long: str
    not_ready: str
    busy: str
    no_articles: str
    failed: str
    gone: str
    lost: str
    lost_how: str
    back: str
    more_tabs: str
    toggle_kept: str
    skip: str


TEXTS: dict[Language, Texts] = {
    "ar": Texts(
        about="اسأل عن مقالاتك بلغتك، فتأتيك الإجابة اقتباساتٍ حرفيةً منها، ومع كلّ اقتباس مصدره.",
        conversation="المحادثة",
        question="سؤالك",
        placeholder="اطرح سؤالك عن المقالات…",
        send="اسأل",
        stop="أوقف",
        new="محادثة جديدة",
        sources="المصادر",
        related="مقاطع قريبة من السؤال، وليست جوابًا عنه",
        inferred="مستنتَج",
        repaired="نصّ مُصلَح",
        doubtful="نصّ قد يكون فيه خطأ",
        read="اقرأه في موضعه",
        try_asking="جرّب أن تسأل",
        go_on="تابع السؤال",
        example="ماذا تقول المقالات عن «{title}»؟",
        mentions="أيّ المقالات تذكر «{title}»؟",
        summarise="لخّص مقال «{title}»",
        knows="المقالات التي أعرفها",
        more_articles="و{count} غيرها",
        empty_title="لا توجد مقالات بعد",
        empty_how="أضف ملفّاتك (نصوصًا أو صفحات ويب أو PDF أو Word أو EPUB) ثم اسأل عنها.",
        empty_add="أضف مقالات",
        chat_tab="المحادثة",
        articles_tab="المقالات",
        kept="محادثاتي",
        interface_language="لغة الواجهة",
        copy="انسخ مع المصادر",
        copied="نُسخ مع المصادر",
        again="أعد الإجابة",
        edit="عدّل السؤال",
        cancel="إلغاء",
        ask_again="اسأل من جديد",
        source="المصدر {number}: {title}",
        cited="الاقتباس",
        article="المقال",
        previous="الاقتباس السابق",
        next="الاقتباس التالي",
        close="أغلق المقال",
        position="{number} من {count}",
        elsewhere="افتح المقال وحده",
        untitled="بلا عنوان",
        undated="بلا تاريخ",
        answering="أبحث في المقالات…",
        answered="وصلت الإجابة، وعدد مصادرها {count}",
        stopped="أوقفتَ الإجابة.",
        empty="اكتب سؤالك أولًا.",
        too_long="السؤال طويل: {length} حرفًا، والحدّ {limit}. اختصره ثم أعد إرساله.",
        not_ready="لست جاهزًا للإجابة بعد. انتظر قليلًا ثم أعد إرسال سؤالك.",
        busy="الأسئلة كثيرة الآن ولم أستطع الإجابة. أعد المحاولة بعد قليل.",
        no_articles="لا توجد مقالات بعد.",
        failed="حدث خطأ من جهتنا ولم أستطع الإجابة. أعد المحاولة.",
        gone="لم يعد هذا المقال بين المقالات. ربما حُذف أو استُبدل.",
        lost="انقطع الاتصال بالخادم",
        lost_how="أحاول الاتصال من جديد. سؤالك محفوظ في مكانه.",
        back="عاد الاتصال",
        more_tabs="تبويبات أخرى",
        toggle_kept="أظهر محادثاتي أو أخفها",
        skip="انتقل إلى السؤال",
    ),
    "en": Texts(
        about="Ask about your articles in your own language: the answer is made of exact quotes from them, each with its source.",
        conversation="Conversation",
        question="Your question",
        placeholder="Ask about the articles…",
        send="Ask",
        stop="Stop",
        new="New conversation",
        sources="Sources",
        related="Passages close to the question; they do not answer it",
        inferred="inferred",
        repaired="repaired text",
        doubtful="text may be wrong in places",
        read="Read it in place",
        try_asking="You could ask",
        go_on="Go on with",
        example="What do the articles say about “{title}”?",
        mentions="Which articles mention “{title}”?",
        summarise="Summarise the article “{title}”",
        knows="The articles I know",
        more_articles="and {count} more",
        empty_title="There are no articles yet",
        empty_how="Add your files (text, web pages, PDF, Word or EPUB), then ask about them.",
        empty_add="Add articles",
        chat_tab="Chat",
        articles_tab="Articles",
        kept="Conversations",
        interface_language="Interface language",
        copy="Copy with sources",
        copied="Copied with its sources",
        again="Answer again",
        edit="Edit the question",
        cancel="Cancel",
        ask_again="Ask again",
        source="Source {number}: {title}",
        cited="Quote",
        article="Article",
        previous="Previous quote",
        next="Next quote",
        close="Close the article",
        position="{number} of {count}",
        elsewhere="Open the article on its own",
        untitled="untitled",
        undated="undated",
        answering="Searching the articles…",
        answered="The answer is here. Number of sources: {count}",
        stopped="You stopped the answer.",
        empty="Write your question first.",
        too_long="The question is long: {length} characters, where {limit} are taken. Shorten it and send it again.",
        not_ready="I am not ready to answer yet. Wait a moment and send your question again.",
        busy="Many questions are being asked just now. Please try again in a moment.",
        no_articles="There are no articles yet.",
        failed="Something went wrong on our side and I could not answer. Please try again.",
        gone="This article is no longer there. It may have been removed or replaced.",
        lost="The connection to the server was lost",
        lost_how="I keep trying to connect again. Your question stays where it is.",
        back="Connected again",
        more_tabs="More tabs",
        toggle_kept="Show or hide conversations",
        skip="Go to the question",
    ),
    "fr": Texts(
        about="Interrogez vos articles dans votre langue : la réponse est faite de citations exactes, chacune avec sa source.",
        conversation="Conversation",
        question="Votre question",
        placeholder="Posez votre question…",
        send="Demander",
        stop="Arrêter",
        new="Nouvelle conversation",
        sources="Sources",
        related="Passages proches de la question, sans y répondre",
        inferred="déduit",
        repaired="texte réparé",
        doubtful="texte peut-être fautif par endroits",
        read="Lire dans son contexte",
        try_asking="Vous pourriez demander",
        go_on="Pour continuer",
        example="Que disent les articles sur « {title} » ?",
        mentions="Quels articles mentionnent « {title} » ?",
        summarise="Résume l'article « {title} »",
        knows="Les articles que je connais",
        more_articles="et {count} autres",
        empty_title="Il n'y a pas encore d'articles",
        empty_how="Ajoutez vos fichiers (textes, pages web, PDF, Word ou EPUB), puis interrogez-les.",
        empty_add="Ajouter des articles",
        chat_tab="Discussion",
        articles_tab="Articles",
        kept="Conversations",
        interface_language="Langue de l'interface",
        copy="Copier avec les sources",
        copied="Copié avec ses sources",
        again="Répondre à nouveau",
        edit="Modifier la question",
        cancel="Annuler",
        ask_again="Demander à nouveau",
        source="Source {number} : {title}",
        cited="Citation",
        article="Article",
        previous="Citation précédente",
        next="Citation suivante",
        close="Fermer l'article",
        position="{number} sur {count}",
        elsewhere="Ouvrir l'article seul",
        untitled="sans titre",
        undated="sans date",
        answering="Je cherche dans les articles…",
        answered="La réponse est là. Nombre de sources : {count}",
        stopped="Vous avez arrêté la réponse.",
        empty="Écrivez d'abord votre question.",
        too_long="La question est longue : {length} caractères pour {limit} au plus. Raccourcissez-la et renvoyez-la.",
        not_ready="Je ne suis pas encore prêt à répondre. Patientez un instant, puis renvoyez votre question.",
        busy="Beaucoup de questions sont posées en ce moment. Réessayez dans un instant.",
        no_articles="Il n'y a pas encore d'articles.",
        failed="Une erreur s'est produite de notre côté et je n'ai pas pu répondre. Réessayez.",
        gone="Cet article n'est plus là. Il a peut-être été retiré ou remplacé.",
        lost="La connexion au serveur est coupée",
        lost_how="J'essaie de la rétablir. Votre question reste en place.",
        back="Connexion rétablie",
        more_tabs="Autres onglets",
        toggle_kept="Afficher ou masquer les conversations",
        skip="Aller à la question",
    ),
}

# What each language calls itself.
NAMES: dict[Language, str] = {"ar": "العربية", "en": "English", "fr": "Français"}
# The labels by language and name, for the part of the interface that the browser words.
TRANSLATIONS = I18n(**{language: asdict(texts) for language, texts in TEXTS.items()})


def interface_language(accept_language: str) -> Language:
    """The first language of an ``Accept-Language`` header that we have, else English."""
    for part in accept_language.split(","):
        if (language := _known(part.strip()[:2].lower())) is not None:
            return language
    return "en"


def language_of_asker(question: str, otherwise: Language) -> Language:
    """The language to answer ``question`` in: its own if we have it."""
    return _known(language_of(question)) or otherwise


def _known(language: str) -> Language | None:
    return next((known for known in TEXTS if known == language), None)
