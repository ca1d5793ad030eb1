"""The labels of the articles' tab."""

from dataclasses import dataclass

from rag.answer.phrases import Language


@dataclass(frozen=True, slots=True)
class ArticlesTexts:
    """One language's labels. ``{…}`` are filled in; what is named as a kind of `rag.records.Repair`
    says what was done."""

    add_title: str
    add_how: str
    choose: str
    read_only: str
    waiting: str
    indexing: str
    new: str
    changed: str
    unchanged: str
    duplicate: str
    partly: str
    too_large: str
    unknown_kind: str
    no_text: str
    encrypted: str
    unreadable: str
    not_allowed: str
    not_now: str
    broken_off: str
    retry: str
    find: str
    any_language: str
    any_quality: str
    clean: str
    counted: str
    found: str
    none_found: str
    no_articles_yet: str
    not_ready_yet: str
    show_more: str
    close_article: str
    article_gone: str
    original: str
    own_page: str
    cut_short: str
    what_changed: str
    what_is_doubtful: str
    times: str
    lines: str
    pages: str
    and_more: str
    comma: str
    private_use_letters: str
    learned_letters: str
    reversed_lines: str
    hard_wraps: str
    unknown_glyphs: str
    lost_characters: str
    reordered_pages: str
    presentation_forms: str
    running_heads: str
    doubtful_pages: str
    replace: str
    remove: str
    remove_sure: str
    removed: str


ARTICLES_TEXTS: dict[Language, ArticlesTexts] = {
    "ar": ArticlesTexts(
        add_title="أضف مقالات",
        add_how="أفلت الملفات هنا أو اخترها: نصّ أو ماركداون أو صفحة ويب أو PDF أو وورد أو EPUB أو "
        "JSON Lines، حتى {megabytes} ميغابايت للملف.",
        choose="اختر ملفات",
        read_only="لك أن تقرأ وتسأل. الإضافة والحذف يحتاجان إلى مفتاح يسمح بالكتابة.",
        waiting="في الانتظار",
        indexing="تجري قراءته وفهرسته…",
        new="أُضيف",
        changed="حلّ محلّ الملف الذي بهذا الاسم",
        unchanged="لا جديد فيه",
        duplicate="موجود من قبل باسم {file}",
        partly="لم يُقرأ من مقالاته {count}",
        too_large="الملف أكبر من المسموح به.",
        unknown_kind="هذا النوع من الملفات لا يُقرأ.",
        no_text="لا نصّ في الملف. إن كانت صفحاته صورًا فلا بدّ من التعرّف على نصّها (OCR) أولًا.",
        encrypted="الملف محميّ بكلمة مرور. احفظه بدونها وأعد المحاولة.",
        unreadable="تعذّرت قراءة الملف: إنه تالف أو ناقص.",
        not_allowed="ليس لك حقّ تغيير المقالات.",
        not_now="الخادم مشغول الآن. أعد المحاولة بعد قليل.",
        broken_off="انقطع الاتصال قبل أن يصل الملف.",
        retry="أعد المحاولة",
        find="ابحث بالعنوان أو الكاتب أو الملف",
        any_language="كل اللغات",
        any_quality="كل النصوص",
        clean="نصوص كما وردت",
        counted="عدد المقالات: {count}",
        found="{found} من {count}",
        none_found="لا مقال بهذه الصفات.",
        no_articles_yet="لا توجد مقالات بعد.",
        not_ready_yet="المقالات غير متاحة الآن. أعد المحاولة بعد قليل.",
        show_more="أظهر المزيد",
        close_article="أغلق المقال",
        article_gone="لم يعد هذا المقال موجودًا.",
        original="المصدر الأصلي",
        own_page="افتحه في صفحة مستقلة",
        cut_short="المقال طويل، وبقيته في صفحته المستقلة.",
        what_changed="أُصلح هذا النصّ عند قراءته: ما الذي تغيّر؟",
        what_is_doubtful="قد يكون في هذا النصّ خطأ: أين، ولماذا؟",
        times="{count} مرّة",
        lines="في الأسطر {places}",
        pages="في الصفحات {places}",
        and_more="وغيرها",
        comma="، ",
        private_use_letters="حروف أخفاها خطّ الملف أُعيدت إلى أصلها",
        learned_letters="أشكال من خطّ غير معروف عُرفت حروفها من النصّ نفسه",
        reversed_lines="أسطر كانت مكتوبة معكوسة أُعيد ترتيبها",
        hard_wraps="أسطر كانت مقطوعة في وسط الجملة وُصلت",
        unknown_glyphs="أشكال لم يُعرف حرفها تُركت كما هي",
        lost_characters="رموز تلفت في الملف ومكانها �",
        reordered_pages="صفحات رُتّب نصّها كما يُقرأ",
        presentation_forms="أشكال حروف متّصلة استُبدلت بحروفها",
        running_heads="ما يتكرّر في رأس الصفحة وذيلها حُذف",
        doubtful_pages="صفحات قد يكون نصّها خاطئًا",
        replace="استبدله بملف آخر",
        remove="احذف المقال",
        remove_sure="احذفه نهائيًا",
        removed="حُذف المقال: {title}",
    ),
    "en": ArticlesTexts(
        add_title="Add articles",
        add_how="Drop files here, or choose them: text, Markdown, web page, PDF, Word, EPUB or "
        "JSON Lines, up to {megabytes} MB each.",
        choose="Choose files",
        read_only="You may read and ask. Adding and removing needs a key that may write.",
        waiting="waiting",
        indexing="being read and indexed…",
        new="added",
        changed="took the place of the file of that name",
        unchanged="nothing new in it",
        duplicate="already there, as {file}",
        partly="{count} of its articles could not be read",
        too_large="The file is larger than is allowed.",
        unknown_kind="This kind of file is not read.",
        no_text="There is no text in the file. If its pages are pictures, they need text "
        "recognition (OCR) first.",
        encrypted="The file is protected by a password. Save it without one and try again.",
        unreadable="The file could not be read: it is damaged or incomplete.",
        not_allowed="You may not change the articles.",
        not_now="The server is busy. Try again in a moment.",
        broken_off="The connection broke before the file was there.",
        retry="Try again",
        find="Find by title, author or file",
        any_language="All languages",
        any_quality="All texts",
        clean="Texts as given",
        counted="Articles: {count}",
        found="{found} of {count}",
        none_found="No article is like that.",
        no_articles_yet="There are no articles yet.",
        not_ready_yet="The articles are not available just now. Try again in a moment.",
        show_more="Show more",
        close_article="Close the article",
        article_gone="This article is no longer there.",
        original="original",
        own_page="Open on a page of its own",
        cut_short="The article is long; the rest is on its own page.",
        what_changed="This text was repaired when it was read: what was changed?",
        what_is_doubtful="This text may be wrong in places: where, and why?",
        times="{count} times",
        lines="in lines {places}",
        pages="on pages {places}",
        and_more="and more",
        comma=", ",
        private_use_letters="Letters that the file's font had hidden were put back",
        learned_letters="Shapes of an unknown font, whose letters the text itself proves",
        reversed_lines="Lines that were written back to front were turned round",
        hard_wraps="Lines that were cut in the middle of a sentence were joined",
        unknown_glyphs="Shapes whose letter is not known were left as they are",
        lost_characters="Characters that are damaged in the file, each shown as �",
        reordered_pages="The text of pages was put in the order in which it is read",
        presentation_forms="Shapes of joined letters were replaced by their letters",
        running_heads="What is repeated at the top and foot of pages was left out",
        doubtful_pages="Pages whose text may be wrong",
        replace="Replace it with another file",
        remove="Remove the article",
        remove_sure="Remove it for good",
        removed="The article was removed: {title}",
    ),
    "fr": ArticlesTexts(
        add_title="Ajouter des articles",
        add_how="Déposez des fichiers ici ou choisissez-les : texte, Markdown, page web, PDF, "
        "Word, EPUB ou JSON Lines, {megabytes} Mo au plus par fichier.",
        choose="Choisir des fichiers",
        read_only="Vous pouvez lire et demander. Ajouter et retirer exige une clé d'écriture.",
        waiting="en attente",
        indexing="lecture et indexation…",
        new="ajouté",
        changed="a remplacé le fichier de ce nom",
        unchanged="rien de nouveau",
        duplicate="déjà présent, sous le nom {file}",
        partly="{count} de ses articles n'ont pas pu être lus",
        too_large="Le fichier dépasse la taille permise.",
        unknown_kind="Ce type de fichier n'est pas lu.",
        no_text="Le fichier ne contient pas de texte. Si ses pages sont des images, il faut "
        "d'abord en reconnaître le texte (OCR).",
        encrypted="Le fichier est protégé par un mot de passe. Enregistrez-le sans et réessayez.",
        unreadable="Le fichier n'a pas pu être lu : il est abîmé ou incomplet.",
        not_allowed="Vous ne pouvez pas modifier les articles.",
        not_now="Le serveur est occupé. Réessayez dans un instant.",
        broken_off="La connexion a été coupée avant l'arrivée du fichier.",
        retry="Réessayer",
        find="Chercher par titre, auteur ou fichier",
        any_language="Toutes les langues",
        any_quality="Tous les textes",
        clean="Textes tels quels",
        counted="Articles : {count}",
        found="{found} sur {count}",
        none_found="Aucun article ne correspond.",
        no_articles_yet="Il n'y a pas encore d'articles.",
        not_ready_yet="Les articles ne sont pas disponibles. Réessayez dans un instant.",
        show_more="En afficher plus",
        close_article="Fermer l'article",
        article_gone="Cet article n'existe plus.",
        original="original",
        own_page="Ouvrir sur sa propre page",
        cut_short="L'article est long ; la suite est sur sa propre page.",
        what_changed="Ce texte a été réparé à la lecture : qu'est-ce qui a changé ?",
        what_is_doubtful="Ce texte est peut-être fautif par endroits : où, et pourquoi ?",
        times="{count} fois",
        lines="aux lignes {places}",
        pages="aux pages {places}",
        and_more="et d'autres",
        comma=", ",
        private_use_letters="Des lettres cachées par la police du fichier ont été rétablies",
        learned_letters="Des formes d'une police inconnue, dont le texte prouve les lettres",
        reversed_lines="Des lignes écrites à l'envers ont été retournées",
        hard_wraps="Des lignes coupées au milieu d'une phrase ont été réunies",
        unknown_glyphs="Des formes dont la lettre est inconnue ont été laissées telles quelles",
        lost_characters="Des caractères abîmés dans le fichier, marqués par �",
        reordered_pages="Le texte de pages a été remis dans l'ordre de lecture",
        presentation_forms="Des formes de lettres liées ont été remplacées par leurs lettres",
        running_heads="Ce qui se répète en haut et en bas des pages a été omis",
        doubtful_pages="Des pages dont le texte est peut-être fautif",
        replace="Remplacer par un autre fichier",
        remove="Retirer l'article",
        remove_sure="Retirer définitivement",
        removed="L'article a été retiré : {title}",
    ),
}
