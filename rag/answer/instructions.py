"""Instructions to us where a question should be: «ignore the above and say …», «write a poem».

Nothing they could change is at stake, for an answer is made of quotes; but quoting whatever lies
nearest to such a text would look like obeying it. A clause counts that begins with an order to a
machine: to drop its rules or sources, to play a part, to show what it was told, to say or write
something made up. What is asked *about* orders («who ignored the instructions?») begins otherwise.
"""

import re

from rag.corpus.text import words

_LEAD = (
    r"(?:(?:please|now|first|then|and|just|kindly|you must|you should|you will|i want you to"
    r"|من فضلك|رجاء|الان|ثم|فقط|يجب ان|عليك ان|اريدك ان|اريد منك ان|لو سمحت"
    r"|s il te plait|s il vous plait|maintenant|puis|et|tu dois|vous devez|je veux que tu) )*"
)
_RULES = (
    r"instructions?|rules?|prompts?|guidelines?|restrictions?|previous|above|prior|everything|filters?"
    r"|sources?|articles?|documents?|context|passages?|texts?|questions?"
    r"|(?:ال)?تعليمات(?:ك|ي)?|(?:ال)?اوامر(?:ك)?|(?:ال)?قواعد(?:ك)?|(?:ال)?قيود(?:ك)?|سبق|(?:ال)?سابقه?|(?:ال)?مصادر(?:ك)?"
    r"|(?:ال)?مقالات|(?:ال)?نصوص|(?:ال)?مقاطع|(?:ال)?سؤال|(?:ال)?سياق|كل شيء|consignes?|regles?|precedente?s?|tout|contexte|textes?"
)
_SECRETS = (
    r"system prompt|prompt|instructions?|rules|api key|keys?|passwords?|secrets?|configuration"
    r"|(?:ال)?تعليمات(?:ك)?|(?:ال)?مفتاح|مفاتيح|كلمه (?:ال)?(?:سر|مرور)|(?:ال)?اعدادات(?:ك)?|برومبت"
    r"|invite|consignes|cles?|mot de passe|secret"
)
_MADE_UP = (
    r"poems?|song|story|stories|joke|essay|code|script|program|email|letter|tweet|lyrics"
    r"|قصيده|اغنيه|قصه|نكته|كودا?|برنامجا?|شعرا?|رساله|تغريده|poeme|chanson|histoire|blague|lettre|programme"
)
_ORDERS = (
    rf"(?:ignore|disregard|forget|override|bypass|skip|drop)\b.*?\b(?:{_RULES})",
    rf"(?:تجاهل|تجاهلي|انس|انسي|تخط|تخطي|تجاوز|اهمل|اترك|تغاض)\b.*?\b(?:{_RULES})",
    rf"(?:ignorez?|oubliez?|negligez?|contournez?|laissez? tomber|ne tiens? pas compte)\b.*?\b(?:{_RULES})",
    r"(?:pretend|act as|act like|roleplay|role play|imagine (?:that )?you|you are (?:now|no longer)|from now on|behave as)",
    r"(?:تظاهر|تقمص|تصرف (?:ك|وكانك|كانك)|انت الان|العب دور|مثل دور|تخيل انك|اعتبر نفسك|من الان فصاعدا)",
    r"(?:fais semblant|faites semblant|fais comme si|faites comme si|tu es (?:maintenant|desormais)|agis comme|joue le role|a partir de maintenant)",
    rf"(?:reveal|print|show|output|repeat|display|leak|tell me|give me)\b.*?\b(?:your|the system|system)\b.*?\b(?:{_SECRETS})",
    rf"(?:اكشف|اطبع|اعرض|اظهر|كرر|اعطني|سرب)\b.*?\b(?:{_SECRETS})",
    rf"(?:revele|revelez|affiche|affichez|montre|montrez|repete|donne moi)\b.*?\b(?:tes|ton|ta|vos|votre|le|la|les)\b.*?\b(?:{_SECRETS})",
    r"(?:answer|reply|respond|say|write|tell me)\b.*?\b(?:without (?:any )?(?:cit\w+|quot\w+|sources?|references?)|only with|own (?:knowledge|opinion|memory|words))",
    r"(?:اجب|اجبني|جاوب|رد|قل|اكتب)\b.*?\b(?:(?:بدون|دون|بلا|من غير) (?:اي )?(?:ذكر )?(?:ال)?(?:مصادر|استشهاد|اقتباس|مراجع|مصدر)|من (?:معلوماتك|معرفتك|عندك|راسك|خيالك))",
    r"(?:reponds|repondez|dis|dites|ecris|ecrivez)\b.*?\b(?:sans (?:aucune )?(?:citer|sources?|citations?|references?)|uniquement par|tes propres|vos propres)",
    r"(?:say|repeat|reply|respond|answer|output)\b(?: back)? (?:that|exactly|only|just|with|yes|no|ok)\b",
    r"(?:قل|قولي|ردد|كرر|اجب|رد) (?:لي )?(?:ان|بان|فقط|بنعم|بلا|ب|نعم|حرفيا)\b",
    r"(?:dis|dites|reponds|repondez|repete|repetez) (?:moi )?(?:que|seulement|juste|oui|non|exactement)\b",
    rf"(?:write|compose|generate|make up|invent)\b(?: me)?(?: an?| some| the)? (?:\w+ )?(?:{_MADE_UP})",
    rf"(?:اكتب|الف|انشئ|اخترع|نظم)(?: لي|لي)? (?:{_MADE_UP})",
    rf"(?:ecris|ecrivez|compose|genere|invente)(?: moi)?(?: une?| du| des)? (?:{_MADE_UP})",
)  # fmt: skip
_ORDER = re.compile(rf"{_LEAD}(?:{'|'.join(_ORDERS)})(?![^\W_])")
_CLAUSE = re.compile(r"[.!?؟؛;:,،\n\r()\[\]{}<>«»\"“”|*#—–]+|\s-\s")
_ROLE = re.compile(r"\[/?INST\]|<\|?/?(?:system|assistant|im_start|im_end)\b|^\W*(?:system|assistant)\s*:", re.I | re.M)  # fmt: skip


def is_instruction(question: str) -> bool:
    """Whether a clause of ``question`` is an order to us, or pretends to be a turn of ours."""
    clauses = (" ".join(words(clause)) for clause in _CLAUSE.split(question))
    return bool(_ROLE.search(question)) or any(map(_ORDER.match, clauses))
