"""Greetings, thanks and «what can you do?»: answered kindly, with nothing about the world."""

from itertools import dropwhile
from typing import Literal

from rag.answer.phrases import PHRASES, reply_language
from rag.corpus.text import words
from rag.records import Reply

Kind = Literal["greeting", "thanks", "farewell", "abilities"]

_WORDS: dict[Kind, str] = {
    "greeting": "مرحبا مرحبتين اهلا اهلين وسهلا سلام السلام عليكم ورحمة الله وبركاته هلا هاي صباح مساء الخير النور"
    " كيف حالك حالكم الحال كيفك شلونك ازيك اخبارك تحياتي"
    " hello hi hey hiya greetings good morning afternoon evening day there how are you salam marhaba ahlan"
    " bonjour bonsoir salut coucou comment ca va allez vous vas tu",
    "thanks": "شكرا جزيلا لك لكم شكر الف مشكور مشكورة ممنون يعطيك العافية تسلم بارك الله فيك متشكر مرسي على المساعدة مساعدتك مساعدتكم هذا هذه المعلومات"
    " thanks thank you thx ty many much so very a lot cheers shukran for your the this help answer answers information"
    " merci beaucoup mille bien je vous te remercie pour votre ton aide l aide reponse reponses cette la",
    "farewell": "مع السلامة وداعا باي الى اللقاء في امان الله تصبح على خير"
    " bye goodbye good night see you later ciao au revoir a bientot bonne nuit journee soiree",
}
# One of these must be there: the words above also occur in questions.
_OPENERS: dict[Kind, str] = {
    "greeting": "مرحبا مرحبتين اهلا اهلين سلام السلام هلا هاي صباح مساء حالك حالكم كيفك شلونك ازيك تحياتي"
    " hello hi hey hiya greetings morning afternoon evening salam marhaba ahlan bonjour bonsoir salut coucou va",
    "thanks": "شكرا شكر مشكور مشكورة ممنون يعطيك تسلم بارك متشكر مرسي thanks thank thx ty cheers shukran merci remercie",
    "farewell": "السلامة وداعا باي اللقاء bye goodbye night later ciao revoir bientot nuit",
}
_ABILITIES = (
    "ماذا تستطيع ان تفعل", "ماذا يمكنك ان تفعل", "ماذا تفعل", "ما الذي تستطيع فعله", "ما وظيفتك", "من انت",
    "ما انت", "كيف تعمل", "كيف يمكنك مساعدتي", "كيف تساعدني", "بماذا تساعدني", "شو بتعمل", "شو فيك تعمل",
    "مين انت", "انت مين", "بتعمل ايه", "what can you do", "what do you do", "who are you", "what are you",
    "how do you work", "how can you help", "how can you help me", "help", "que peux tu faire",
    "que pouvez vous faire", "qui es tu", "qui etes vous", "que fais tu", "que faites vous",
    "comment peux tu m aider", "comment pouvez vous m aider", "a quoi sers tu", "aide",
    "ما اسمك", "شو اسمك", "اسمك ايه", "هل انت انسان", "هل انت روبوت", "هل انت ذكاء اصطناعي", "انت روبوت",
    "هل انت برنامج", "اي لغات تتكلم", "ما اللغات التي تتكلمها", "ما اللغات التي تفهمها", "بأي لغة اسألك",
    "what is your name", "what s your name", "are you human", "are you a human", "are you a person",
    "are you a robot", "are you a bot", "are you an ai", "are you ai", "are you real",
    "what languages do you speak", "which languages do you speak", "what languages do you understand",
    "comment tu t appelles", "comment t appelles tu", "comment vous appelez vous", "quel est ton nom",
    "es tu un robot", "es tu une ia", "es tu humain", "etes vous un robot", "etes vous une ia",
    "quelles langues parles tu", "quelles langues parlez vous", "quelles langues comprends tu",
)  # fmt: skip
_LONGEST = 8


def _folded(text: str) -> frozenset[str]:
    return frozenset(words(text))


_KNOWN = {kind: _folded(text) for kind, text in _WORDS.items()}
_OPENING = {kind: _folded(text) for kind, text in _OPENERS.items()}
_ASKED = frozenset(" ".join(words(text)) for text in _ABILITIES)


def smalltalk(question: str, language: str) -> Reply | None:
    """The reply to small talk in the question's language, or ``None`` if it asks for something."""
    tokens = words(question)
    kind = _kind(tokens)
    if kind is None:
        return None
    spoken = reply_language(language)
    return Reply("smalltalk", spoken, getattr(PHRASES[spoken], kind))


def _without_greeting(tokens: list[str]) -> list[str]:
    """The words behind a greeting that something is asked after; all where nothing is."""
    return list(dropwhile(_OPENING["greeting"].__contains__, tokens)) or tokens


def _kind(tokens: list[str]) -> Kind | None:
    if not tokens or len(tokens) > _LONGEST:
        return None
    if " ".join(_without_greeting(tokens)) in _ASKED:
        return "abilities"
    for kind, known in _KNOWN.items():
        if known.issuperset(tokens) and not _OPENING[kind].isdisjoint(tokens):
            return kind
    return None
