"""Make a true sentence false by changing one thing in it: a name, a number, a date, a place, a
negation or a source.

Each maker takes a `Truth` and a random generator, and gives the changed sentence or ``None`` where
the sentence has no such thing. What is put in does not stand in the passage, or (`hard`) does, but
in another place.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.corpus.calendar import AMBIGUOUS, NAMES
from rag.corpus.quantities import quantities, values
from rag.corpus.sounds import sound, sound_alike
from rag.corpus.text import fold, words
from rag.corpus.tokens import tokens

POOLS = json.loads((Path(__file__).parent / "pools.json").read_text("utf-8"))
_COLUMN = {"en": 0, "fr": 1, "ar": 2}
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Truth:
    """A true sentence and its passage; ``names`` are the passage's, in Latin letters (in Arabic
    they are found by their sound), ``publisher`` the passage's own source, however written."""

    sentence: str
    language: str
    passage: str
    names: frozenset[str]
    publisher: Sequence[str]


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _pool(kind: str, language: str) -> list[str]:
    return [row[_COLUMN[language]] for row in POOLS[kind]]


def number(truth: Truth, rng: random.Random) -> str | None:
    """Another number in the place of one; sometimes one that the passage has elsewhere."""
    found = [
        (m.start(), m.end())
        for m in re.finditer(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/-])", truth.sentence)
        if not _is_year(m.group())
    ]
    there = values(quantities(truth.passage)) | values(quantities(truth.sentence))
    spelt = _spelt_numbers(truth)
    if spelt and (not found or rng.random() < 0.5):
        start, end, new = rng.choice(spelt)
        return _put(truth.sentence, start, end, new)
    if not found:
        return None
    start, end = rng.choice(found)
    old = truth.sentence[start:end]
    hard = [v for v in there if v.isdigit() and v != old and len(v) == len(old)]
    if hard and rng.random() < 0.3:
        return _put(truth.sentence, start, end, rng.choice(sorted(hard)))
    for _ in range(50):
        at = rng.randrange(len(old))
        if not old[at].isdigit():
            continue
        digit = rng.choice("123456789")
        new = old[:at] + digit + old[at + 1 :]
        if new != old and not (values(quantities(new)) & there):
            return _put(truth.sentence, start, end, new)
    return None


_SPELT = {
    "en": "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante",
    "ar": "ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة عشرين ثلاثين أربعين خمسين ستين",
}


def _spelt_numbers(truth: Truth) -> list[tuple[int, int, str]]:
    known = _SPELT[truth.language].split()
    said = set(words(truth.passage)) | set(words(truth.sentence))
    others = [w for w in known if fold(w) not in said]
    return [
        (m.start(), m.end(), others[len(m.group()) % len(others)])
        for m in re.finditer(r"\w+", truth.sentence)
        if m.group() in known
    ]


def _is_year(text: str) -> bool:
    return text.isdigit() and len(text) == 4 and 1000 <= int(text) <= 2100


_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}


def date(truth: Truth, rng: random.Random) -> str | None:
    """Another year, month or day of the week."""
    makers = [_other_year, _other_name]
    rng.shuffle(makers)
    return next(filter(None, (make(truth, rng) for make in makers)), None)


def _other_year(truth: Truth, rng: random.Random) -> str | None:
    found = [
        m.span() for m in re.finditer(r"(?<!\d)\d{4}(?!\d)", truth.sentence) if _is_year(m.group())
    ]
    if not found:
        return None
    start, end = rng.choice(found)
    year = int(truth.sentence[start:end])
    there = values(quantities(truth.passage))
    others = [y for d in range(1, 12) for y in (year - d, year + d) if str(y) not in there]
    return _put(truth.sentence, start, end, str(rng.choice(others)))


def _other_name(truth: Truth, rng: random.Random) -> str | None:
    for listed in (_MONTHS, _DAYS):
        names = listed[truth.language].split()
        found = [m for m in re.finditer(r"\w+", truth.sentence) if m.group() in names]
        if truth.language == "ar" and not found:
            found = [
                m
                for m in re.finditer(r"\w+", truth.sentence)
                if fold(m.group()) in NAMES
                and fold(m.group()) not in AMBIGUOUS
                and NAMES[fold(m.group())].startswith("month" if listed is _MONTHS else "day")
            ]
        if found:
            match = rng.choice(found)
            there = values(quantities(truth.passage))
            others = [n for n in names if not (values(quantities(f"5 {n}")) - {"5"}) & there]
            return _put(truth.sentence, *match.span(), rng.choice(others))
    return None


def place(truth: Truth, rng: random.Random) -> str | None:
    """Another country, city or continent."""
    pool = _pool("places", truth.language)
    prefix = "[وفبلك]?" if truth.language == "ar" else ""
    found = [
        (m.start(1), m.end(1), name)
        for name in pool
        for m in re.finditer(rf"(?<!\w){prefix}({re.escape(name)})(?!\w)", truth.sentence)
    ]
    if not found:
        return None
    start, end, name = rng.choice(found)
    there = [p for p in pool if p != name and p in truth.passage and p not in truth.sentence]
    if there and rng.random() < 0.4:
        return _put(truth.sentence, start, end, rng.choice(there))
    absent = [p for p in pool if not _mentions(truth, p)]
    return _put(truth.sentence, start, end, rng.choice(absent))


def _mentions(truth: Truth, name: str) -> bool:
    row = next(r for kind in ("places", "names", "sources") for r in POOLS[kind] if name in r)
    return any(n in truth.passage or n in truth.sentence for n in row)


def name(truth: Truth, rng: random.Random) -> str | None:
    """Another person's name, or that of somebody else in the passage."""
    found = names_in(truth.sentence, truth.language, truth.names)
    if not found:
        return None
    start, end = rng.choice(found)
    old = truth.sentence[start:end]
    there = (
        [
            truth.passage[a:b]
            for a, b in names_in(truth.passage, _language_like(truth), truth.names)
            if truth.passage[a:b] not in truth.sentence
        ]
        if _language_like(truth) == truth.language
        else []
    )
    if there and rng.random() < 0.4:
        return _put(truth.sentence, start, end, rng.choice(there))
    absent = [n for n in _pool("names", truth.language) if not _mentions(truth, n) and n != old]
    return _put(truth.sentence, start, end, rng.choice(absent))


def _language_like(truth: Truth) -> str:
    arabic = bool(re.search("[\u0621-\u064a]{3}", truth.passage))
    return "ar" if arabic else ("en" if truth.language == "ar" else truth.language)


def names_in(text: str, language: str, known: frozenset[str]) -> list[tuple[int, int]]:
    """Where the names of ``known`` stand in a text, in Arabic by their sound."""
    heard = {sound(fold(n)) for n in known}
    places = {w for row in POOLS["places"] for n in row for w in words(n)}
    return [
        (t.start, t.end)
        for t in tokens(text)
        if t.word not in places
        and (
            any(sound_alike(sound(t.word), h) >= _ALIKE for h in heard)
            if language == "ar"
            else t.written in known
        )
    ]


_AUX = {
    "en": r"(is|was|are|were|has|have|had|will|can|could|would|should|may|must)",
    "fr": r"(est|sont|était|étaient|a|ont|avait|fut|furent|peut|doit|devint|fit)",
}
_ARABIC_DENIED = {
    "كان": "لم يكن", "كانت": "لم تكن", "هو": "ليس", "هي": "ليست", "يمكن": "لا يمكن", "وكان": "ولم يكن",
    "وكانت": "ولم تكن", "تقع": "لا تقع", "يقع": "لا يقع", "أعلن": "لم يعلن", "أعلنت": "لم تعلن",
    "وأعلن": "ولم يعلن", "قال": "لم يقل", "قالت": "لم تقل", "وقال": "ولم يقل", "وقالت": "ولم تقل",
    "قرر": "لم يقرر", "قررت": "لم تقرر", "فاز": "لم يفز", "فازت": "لم تفز", "أكد": "لم يؤكد",
    "أكدت": "لم تؤكد", "أصبح": "لم يصبح", "أصبحت": "لم تصبح", "ولد": "لم يولد", "ولدت": "لم تولد",
    "بدأ": "لم يبدأ", "بدأت": "لم تبدأ", "وصل": "لم يصل", "درس": "لم يدرس", "ضم": "لم يضم", "انتقد": "لم ينتقد",
    "رفض": "لم يرفض", "رفضت": "لم ترفض", "استقبل": "لم يستقبل", "نال": "لم ينل", "أسس": "لم يؤسس",
    "حصل": "لم يحصل", "حصلت": "لم تحصل", "شارك": "لم يشارك", "شاركت": "لم تشارك", "انضم": "لم ينضم",
    "دخل": "لم يدخل", "امتدت": "لم تمتد", "تسمح": "لا تسمح", "يسمح": "لا يسمح", "تعمل": "لا تعمل",
    "يعمل": "لا يعمل", "تعتبر": "لا تعتبر", "يعتبر": "لا يعتبر", "يعد": "لا يعد", "تعد": "لا تعد",
    "قد": "لا", "وقد": "ولا", "يجب": "لا يجب", "تم": "لم يتم", "أدى": "لم يؤد", "أدت": "لم تؤد",
}  # fmt: skip


def negation(truth: Truth, rng: random.Random) -> str | None:
    """The same denied, or, where it is denied, affirmed."""
    return _affirmed(truth) or _denied(truth, rng)


def _affirmed(truth: Truth) -> str | None:
    patterns = {
        "en": (
            r"\b(is|was|are|were|has|have|had|will|can|could|would|should|may|must) not\b",
            r"\1",
        ),
        "fr": (r"\b(?:ne |n['’])([\wéèê]+) pas\b", r"\1"),
        "ar": (r"(?<!\w)(?:لا|لم|لن) (?=[يتن](?!زال)\w{2,})", ""),
    }
    pattern, new = patterns[truth.language]
    changed = re.sub(pattern, new, truth.sentence, count=1)
    return changed if changed != truth.sentence else None


def _denied(truth: Truth, rng: random.Random) -> str | None:
    text = truth.sentence
    if truth.language == "ar":
        found = [m for m in re.finditer(r"\w+", text) if m.group() in _ARABIC_DENIED]
        if not found:
            return None
        match = rng.choice(found[:2])
        return _put(text, *match.span(), _ARABIC_DENIED[match.group()])
    found = list(re.finditer(rf"(?<![\w'’]){_AUX[truth.language]}(?!\w|['’])", text))
    if not found:
        return None
    match = rng.choice(found[:2])
    if truth.language == "en":
        return _put(text, *match.span(), f"{match[1]} not")
    ne = "n'" if match[1][0] in "aeéo" else "ne "
    return _put(text, *match.span(), f"{ne}{match[1]} pas")


_ATTRIBUTED = {
    "en": r"(?i:according to )((?:the )?[\w’'-]+(?: [A-Z][\w’'-]+){0,4})",
    "fr": r"(?i:selon |d['’]après )((?:l['’]|la |le |les )?[\w'’-]+(?: [A-Z][\w'’-]+| mondiale? de la \w+){0,4})",
    "ar": r"(?:بحسب|حسب|وفق|نقلا عن) (\w+(?: ال\w+){0,2})",
}
_PREFIX = {
    "en": ("According to {}, ", "{} reported that ", "{} said that "),
    "fr": ("Selon {}, ", "D'après {}, ", "{} affirme : "),
    "ar": ("بحسب {}، ", "نقلا عن {}، ", "ذكرت {}: "),
}


def source(truth: Truth, rng: random.Random) -> str | None:
    """Another source than the one named, or a source that did not say it."""
    match = re.search(_ATTRIBUTED[truth.language], truth.sentence)
    others = [s for s in _pool("sources", truth.language) if not _mentions(truth, s)]
    others = [s for s in others if s not in truth.publisher]
    if match:
        return _put(truth.sentence, *match.span(1), rng.choice(others))
    return attributed(truth, rng.choice(others), rng)


def attributed(truth: Truth, to: str, rng: random.Random) -> str:
    """The sentence with its source said before it."""
    forms = _PREFIX[truth.language]
    return rng.choice(forms).format(to) + _lowered(truth.sentence)


def _lowered(text: str) -> str:
    first = text.split(" ", 1)[0]
    known = first.lower() in set(
        "the a an it he she they this that in on at her his their when if after before le la les l un une il"
        " elle ils elles ce cette en au aux dans sur pour selon une".split()
    )
    return text[0].lower() + text[1:] if known else text


MAKERS: dict[str, Callable[[Truth, random.Random], str | None]] = {
    "name": name,
    "number": number,
    "date": date,
    "place": place,
    "negation": negation,
    "source": source,
}
