"""The words of a reply that are ours, in the three languages of the interface.

They frame quotes and explain abstentions; none says anything about the world.
"""

from dataclasses import dataclass
from typing import Literal

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
        abilities="أبحث في المقالات وأجيب باقتباسات حرفية منها مع مصادرها، وإن لم أجد جوابًا قلت ذلك.",
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
        abilities="I search the articles and answer with exact quotes and their sources; where I find no answer, I say so.",
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
        abilities="Je cherche dans les articles et je réponds par des citations exactes avec leurs sources ; si je ne trouve pas de réponse, je le dis.",
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


def reply_language(language: str) -> Language:
    """The interface language for a question in ``language``: itself where we have it, else English."""
    return language if language in ("ar", "en", "fr") else "en"  # type: ignore[return-value]
