"""The labels of what is kept: conversations, links to answers, what answers were worth."""

from dataclasses import dataclass

from rag.answer.phrases import Language


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """One language's labels. ``{…}`` are filled in."""

    search_kept: str
    nothing_kept: str
    nothing_matches: str
    never_kept: str
    no_cookie: str
    not_readable: str
    more: str
    name: str
    save: str
    export: str
    markdown: str
    page: str
    json: str
    delete: str
    delete_sure: str
    delete_all: str
    delete_all_sure: str
    answer_gone: str
    worth: str
    up: str
    down: str
    comment: str
    send_comment: str
    noted: str
    not_noted: str
    link: str
    link_made: str
    link_copied: str
    link_failed: str


KEPT_TEXTS: dict[Language, KeptTexts] = {
    "ar": KeptTexts(
        search_kept="ابحث في محادثاتك",
        nothing_kept="ما تسأل عنه يُحفظ هنا، لهذا المتصفّح وحده.",
        nothing_matches="لا محادثة فيها هذه الكلمات.",
        never_kept="لا تُحفظ المحادثات على هذا الخادم.",
        no_cookie="متصفّحك لا يقبل ملفات الارتباط، فلا يُحفظ شيء.",
        not_readable="تعذّرت قراءة المحادثات المحفوظة. أعد المحاولة بعد قليل.",
        more="تسمية وتصدير وحذف: {title}",
        name="الاسم",
        save="احفظ",
        export="تصدير",
        markdown="ماركداون",
        page="صفحة ويب",
        json="جيسون",
        delete="حذف",
        delete_sure="احذفها نهائيًا",
        delete_all="حذف كل المحادثات",
        delete_all_sure="احذفها كلها نهائيًا",
        answer_gone="لا جواب هنا بهذا الرابط: حُذف، أو لم يشاركه صاحبه.",
        worth="رأيك في الجواب",
        up="جواب مفيد",
        down="جواب غير مفيد",
        comment="لماذا؟ (اختياري)",
        send_comment="أرسل",
        noted="شكرًا، سُجّل رأيك.",
        not_noted="لم يُسجَّل رأيك. أعد المحاولة.",
        link="رابط إلى هذا الجواب",
        link_made="من يملك هذا الرابط ويحقّ له السؤال هنا يستطيع قراءة هذا الجواب.",
        link_copied="نُسخ الرابط.",
        link_failed="تعذّر إنشاء الرابط. أعد المحاولة.",
    ),
    "en": KeptTexts(
        search_kept="Search your conversations",
        nothing_kept="What you ask is kept here, for this browser alone.",
        nothing_matches="No conversation holds these words.",
        never_kept="Conversations are not kept on this server.",
        no_cookie="Your browser takes no cookies, so nothing is kept.",
        not_readable="Your conversations cannot be read just now. Try again in a moment.",
        more="Name, export, delete: {title}",
        name="Name",
        save="Save",
        export="Export",
        markdown="Markdown",
        page="Web page",
        json="JSON",
        delete="Delete",
        delete_sure="Delete it for good",
        delete_all="Delete all conversations",
        delete_all_sure="Delete them all for good",
        answer_gone="There is no answer here by that link: it was deleted, or its owner has not "
        "shared it.",
        worth="What you think of the answer",
        up="A helpful answer",
        down="Not a helpful answer",
        comment="Why? (optional)",
        send_comment="Send",
        noted="Thank you, it is noted.",
        not_noted="It could not be noted. Please try again.",
        link="Link to this answer",
        link_made="Whoever has this link, and may ask here, can read this answer.",
        link_copied="The link is copied.",
        link_failed="The link could not be made. Please try again.",
    ),
    "fr": KeptTexts(
        search_kept="Chercher dans vos conversations",
        nothing_kept="Ce que vous demandez est conservé ici, pour ce navigateur seulement.",
        nothing_matches="Aucune conversation ne contient ces mots.",
        never_kept="Les conversations ne sont pas conservées sur ce serveur.",
        no_cookie="Votre navigateur refuse les cookies : rien n'est conservé.",
        not_readable="Vos conversations ne peuvent pas être lues. Réessayez dans un instant.",
        more="Nommer, exporter, supprimer : {title}",
        name="Nom",
        save="Enregistrer",
        export="Exporter",
        markdown="Markdown",
        page="Page web",
        json="JSON",
        delete="Supprimer",
        delete_sure="Supprimer définitivement",
        delete_all="Supprimer toutes les conversations",
        delete_all_sure="Tout supprimer définitivement",
        answer_gone="Ce lien ne mène à aucune réponse : elle a été supprimée, ou n'a pas été "
        "partagée.",
        worth="Votre avis sur la réponse",
        up="Réponse utile",
        down="Réponse inutile",
        comment="Pourquoi ? (facultatif)",
        send_comment="Envoyer",
        noted="Merci, c'est noté.",
        not_noted="Votre avis n'a pas pu être noté. Réessayez.",
        link="Lien vers cette réponse",
        link_made="Quiconque a ce lien, et peut poser des questions ici, peut lire cette réponse.",
        link_copied="Le lien est copié.",
        link_failed="Le lien n'a pas pu être créé. Réessayez.",
    ),
}
