"""The words of a reply that are ours, in the three languages of the interface.

They frame quotes and explain abstentions; none says anything about the world.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag.records import Caution

Language = Literal["ar", "en", "fr"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's frame around an answer, and its abstentions by reason."""

    lead: str
    lead_translated: str
    unsure: str
    nothing_found: str
    not_supported: str
    no_articles: str
    not_a_question: str
    greeting: str
    thanks: str
    farewell: str
    abilities: str
    instruction: str
    not_stated: str
    looked_for: str
    disagree: str
    about_articles: str
    all_articles: str
    summary: str
    mentioned: str
    author: str
    published: str
    publisher: str
    inferred: str


PHRASES: dict[Language, Phrases] = {
    "ar": Phrases(
        lead="جاء في المقالات:",
        lead_translated="جاء في المقالات، بلغتها:",
        unsure="لست واثقًا من أن هذا يجيب عن السؤال، لكنه أقرب ما في المقالات إليه:",
        nothing_found="لا شيء في المقالات عن هذا السؤال.",
        not_supported="لا أجد في المقالات جوابًا عن هذا السؤال يمكنني الاستشهاد به. قد تكون هذه المقاطع قريبة منه:",
        no_articles="لا توجد مقالات للبحث فيها بعد.",
        not_a_question="لم أجد كلمات في هذا السؤال. اكتب ما تريد معرفته من المقالات.",
        greeting="أهلًا بك! اسألني عمّا في المقالات وسأجيبك باقتباسات منها مع مصادرها.",
        thanks="على الرحب والسعة! اسألني ما شئت عن المقالات.",
        farewell="مع السلامة!",
        abilities="أنا إسناد، برنامج يبحث في المقالات ويجيب باقتباسات حرفية منها مع مصادرها، وإن لم أجد جوابًا قلت ذلك. اسألني بالعربية أو الإنجليزية أو الفرنسية.",
        instruction="هذا طلب موجّه إليّ وليس سؤالًا عن المقالات. أجيب باقتباسات من المقالات فقط.",
        not_stated="لا تذكر المقالات ذلك، ولا ما نعرفه عنها.",
        looked_for="بحثت عن: {terms}.",
        disagree="لا تتفق المقالات في هذا:",
        about_articles="هذا ما نعرفه عن المقالات نفسها:",
        all_articles="عدد المقالات {count}، منها:",
        summary="أهم ما ورد في المقالات، بنصّه:",
        mentioned="يرد ذلك في هذه المقالات:",
        author="الكاتب",
        published="تاريخ النشر",
        publisher="الناشر",
        inferred="{value} (مستنتج، غير مذكور في المقال)",
    ),
    "en": Phrases(
        lead="The articles say:",
        lead_translated="The articles say, in their own language:",
        unsure="I am not sure that this answers the question; it is the nearest that the articles have:",
        nothing_found="The articles hold nothing on this question.",
        not_supported="I find no answer to this question in the articles that I could cite. These passages may be related:",
        no_articles="There are no articles to search yet.",
        not_a_question="I find no words in this question. Write what you want to know from the articles.",
        greeting="Hello! Ask me about the articles, and I will answer with quotes from them and their sources.",
        thanks="You are welcome! Ask me anything about the articles.",
        farewell="Goodbye!",
        abilities="I am Isnad, a program that searches the articles and answers with exact quotes and their sources; where I find no answer, I say so. Ask me in Arabic, English or French.",
        instruction="This is an instruction to me, not a question about the articles. I only answer with quotes from them.",
        not_stated="The articles do not say this, nor does what is known about them.",
        looked_for="I looked for: {terms}.",
        disagree="The articles do not agree on this:",
        about_articles="What is known about the articles themselves:",
        all_articles="Number of articles: {count}. Among them:",
        summary="What the articles say above all, in their words:",
        mentioned="These articles mention it:",
        author="author",
        published="published",
        publisher="publisher",
        inferred="{value} (inferred, not stated in the article)",
    ),
    "fr": Phrases(
        lead="Voici ce que disent les articles :",
        lead_translated="Voici ce que disent les articles, dans leur langue :",
        unsure="Je ne suis pas sûr que cela réponde à la question ; c'est ce qui s'en approche le plus dans les articles :",
        nothing_found="Les articles ne contiennent rien sur cette question.",
        not_supported="Je ne trouve dans les articles aucune réponse à cette question que je puisse citer. Ces passages s'en approchent peut-être :",
        no_articles="Il n'y a pas encore d'articles à consulter.",
        not_a_question="Je ne trouve aucun mot dans cette question. Écrivez ce que vous voulez apprendre des articles.",
        greeting="Bonjour ! Posez-moi une question sur les articles : je réponds par des citations avec leurs sources.",
        thanks="Je vous en prie ! Posez-moi d'autres questions sur les articles.",
        farewell="Au revoir !",
        abilities="Je suis Isnad, un programme qui cherche dans les articles et répond par des citations exactes avec leurs sources ; si je ne trouve pas de réponse, je le dis. Posez vos questions en arabe, en anglais ou en français.",
        instruction="C'est une consigne qui m'est adressée, et non une question sur les articles. Je ne réponds que par leurs citations.",
        not_stated="Les articles ne le disent pas, ni ce que l'on sait d'eux.",
        looked_for="J'ai cherché : {terms}.",
        disagree="Les articles ne sont pas d'accord sur ce point :",
        about_articles="Ce que l'on sait des articles eux-mêmes :",
        all_articles="Nombre d'articles : {count}. Parmi eux :",
        summary="Ce que les articles disent surtout, dans leurs mots :",
        mentioned="Ces articles en parlent :",
        author="auteur",
        published="publication",
        publisher="éditeur",
        inferred="{value} (déduit, non indiqué dans l'article)",
    ),
}


_QUOTES = {
    "ar": "هذا الجواب اقتباسات حرفية من المقالات.",
    "en": "This answer is exact quotes from the articles.",
    "fr": "Cette réponse est faite de citations exactes des articles.",
}
# What an asker is told of a language model's trouble, beside the answer.
CAUTIONS: dict[Language, Mapping[Caution, str]] = {
    "ar": {
        "model_unreachable": f"تعذّر الاتصال بالنموذج اللغوي. {_QUOTES['ar']}",
        "model_too_slow": "لم يُتمّ النموذج اللغوي الجواب في الوقت المحدّد.",
        "model_over_quota": f"بلغ النموذج اللغوي حدّ الاستعمال المسموح به. {_QUOTES['ar']}",
        "model_context_too_long": f"السؤال ومقاطعه أطول مما يقرؤه النموذج اللغوي. {_QUOTES['ar']}",
        "model_refused": f"رفض خادم النموذج اللغوي الطلب: المفتاح أو اسم النموذج غير صحيح. {_QUOTES['ar']}",
        "model_failed": f"لم يردّ النموذج اللغوي بما يمكن قراءته. {_QUOTES['ar']}",
        "model_cut_off": "انقطع ردّ النموذج اللغوي قبل نهايته.",
        "model_found_nothing": f"لم يجد النموذج اللغوي جوابًا في هذه المقاطع. {_QUOTES['ar']}",
        "nothing_supported": f"لم يكن فيما كتبه النموذج اللغوي ما تثبته المقالات. {_QUOTES['ar']}",
        "sentences_dropped": "حُذفت من ردّ النموذج اللغوي جمل لا تثبتها المقالات.",
        "stopped": "أُوقف الجواب قبل نهايته.",
    },
    "en": {
        "model_unreachable": f"The language model could not be reached. {_QUOTES['en']}",
        "model_too_slow": "The language model did not finish in time.",
        "model_over_quota": f"The language model's quota is used up for now. {_QUOTES['en']}",
        "model_context_too_long": f"The question and its passages are longer than the language model reads. {_QUOTES['en']}",
        "model_refused": f"The language model's server refused the request: its key or the model's name is wrong. {_QUOTES['en']}",
        "model_failed": f"The language model gave no answer that could be read. {_QUOTES['en']}",
        "model_cut_off": "The language model's answer broke off before its end.",
        "model_found_nothing": f"The language model found no answer in these passages. {_QUOTES['en']}",
        "nothing_supported": f"Nothing that the language model wrote is supported by the articles. {_QUOTES['en']}",
        "sentences_dropped": "Sentences of the language model that the articles do not support were left out.",
        "stopped": "The answer was stopped before its end.",
    },
    "fr": {
        "model_unreachable": f"Le modèle de langage n'a pas pu être joint. {_QUOTES['fr']}",
        "model_too_slow": "Le modèle de langage n'a pas terminé à temps.",
        "model_over_quota": f"Le quota du modèle de langage est épuisé pour le moment. {_QUOTES['fr']}",
        "model_context_too_long": f"La question et ses passages dépassent ce que lit le modèle de langage. {_QUOTES['fr']}",
        "model_refused": f"Le serveur du modèle de langage a refusé la demande : sa clé ou le nom du modèle est faux. {_QUOTES['fr']}",
        "model_failed": f"Le modèle de langage n'a rien répondu de lisible. {_QUOTES['fr']}",
        "model_cut_off": "La réponse du modèle de langage s'est interrompue avant la fin.",
        "model_found_nothing": f"Le modèle de langage n'a pas trouvé de réponse dans ces passages. {_QUOTES['fr']}",
        "nothing_supported": f"Rien de ce qu'a écrit le modèle de langage n'est confirmé par les articles. {_QUOTES['fr']}",
        "sentences_dropped": "Des phrases du modèle de langage que les articles ne confirment pas ont été retirées.",
        "stopped": "La réponse a été arrêtée avant la fin.",
    },
}


def reply_language(language: str) -> Language:
    """The interface language for a question in ``language``: itself where we have it, else English."""
    return language if language in ("ar", "en", "fr") else "en"  # type: ignore[return-value]
