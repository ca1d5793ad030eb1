"""Every label of the chat window, in the three languages of the interface."""

from dataclasses import asdict, dataclass
from typing import Literal

from gradio.i18n import I18n, I18nData

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
    new: str
    sources: str
    related: str
    inferred: str
    repaired: str
    read: str
    try_asking: str
    example: str
    empty: str
    too_long: str
    not_ready: str
    busy: str
    no_articles: str
    failed: str
    chat_tab: str
    articles_tab: str
    kept: str
    interface_language: str


TEXTS: dict[Language, Texts] = {
    "ar": Texts(
        about="يجيب عن أسئلتك باقتباسات حرفية من المقالات، مع مصدر كل اقتباس.",
        conversation="المحادثة",
        question="سؤالك",
        placeholder="اسأل عمّا في المقالات…",
        send="اسأل",
        new="محادثة جديدة",
        sources="المصادر",
        related="مقاطع قريبة من السؤال",
        inferred="مستنتَج",
        repaired="نصّ مُصلَح",
        read="اقرأه في موضعه",
        try_asking="جرّب أن تسأل:",
        example="ماذا تقول المقالات عن «{title}»؟",
        empty="اكتب سؤالك أولًا.",
        too_long="السؤال طويل: {length} حرفًا، والحدّ {limit}. اختصره ثم أعد إرساله.",
        not_ready="لست جاهزًا للإجابة بعد. انتظر قليلًا ثم أعد إرسال سؤالك.",
        busy="الأسئلة كثيرة الآن ولم أستطع الإجابة. أعد المحاولة بعد قليل.",
        no_articles="لا توجد مقالات بعد.",
        failed="حدث خطأ من جهتنا ولم أستطع الإجابة. أعد المحاولة.",
        chat_tab="اسأل",
        articles_tab="المقالات",
        kept="محادثاتي",
        interface_language="لغة الواجهة",
    ),
    "en": Texts(
        about="Answers your questions with exact quotes from the articles, each with its source.",
        conversation="Conversation",
        question="Your question",
        placeholder="Ask about the articles…",
        send="Ask",
        new="New conversation",
        sources="Sources",
        related="Passages close to the question",
        inferred="inferred",
        repaired="repaired text",
        read="Read it in place",
        try_asking="You could ask:",
        example="What do the articles say about “{title}”?",
        empty="Write your question first.",
        too_long="The question is long: {length} characters, where {limit} are taken. "
        "Shorten it and send it again.",
        not_ready="I am not ready to answer yet. Wait a moment and send your question again.",
        busy="Many questions are being asked just now. Please try again in a moment.",
        no_articles="There are no articles yet.",
        failed="Something went wrong on our side and I could not answer. Please try again.",
        chat_tab="Ask",
        articles_tab="Articles",
        kept="Conversations",
        interface_language="Interface language",
    ),
    "fr": Texts(
        about="Répond à vos questions par des citations exactes des articles, avec leurs sources.",
        conversation="Conversation",
        question="Votre question",
        placeholder="Posez une question sur les articles…",
        send="Demander",
        new="Nouvelle conversation",
        sources="Sources",
        related="Passages proches de la question",
        inferred="déduit",
        repaired="texte réparé",
        read="Lire dans son contexte",
        try_asking="Vous pourriez demander :",
        example="Que disent les articles sur « {title} » ?",
        empty="Écrivez d'abord votre question.",
        too_long="La question est longue : {length} caractères pour {limit} au plus. "
        "Raccourcissez-la et renvoyez-la.",
        not_ready="Je ne suis pas encore prêt à répondre. Patientez un instant, puis renvoyez "
        "votre question.",
        busy="Beaucoup de questions sont posées en ce moment. Réessayez dans un instant.",
        no_articles="Il n'y a pas encore d'articles.",
        failed="Une erreur s'est produite de notre côté et je n'ai pas pu répondre. Réessayez.",
        chat_tab="Demander",
        articles_tab="Articles",
        kept="Conversations",
        interface_language="Langue de l'interface",
    ),
}


# What each language calls itself.
NAMES: dict[Language, str] = {"ar": "العربية", "en": "English", "fr": "Français"}
# The labels by language and name, for the part of the interface that the browser words.
TRANSLATIONS = I18n(**{language: asdict(texts) for language, texts in TEXTS.items()})


def translation(name: str) -> I18nData:
    """The label of that name, worded by the browser."""
    return TRANSLATIONS(name)


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
