"""The check of a sentence against passages: what it promises, not how well it judges
(`benchmarks/grounding` measures that)."""

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.answer.grounding import Passage, check
from rag.records import Article

CANONICAL = (
    "أخبار المدينة.\n"
    "افتتحت وزيرة الثقافة سلمى الحسيني مكتبة عامة في مدينة بنزرت يوم 14 مارس 2019. "
    "وتضم المكتبة خمسة وعشرين ألف كتاب. "
    "ولم تحضر البلدية حفل الافتتاح. "
    "وقال المدير فيليب دوران: «هذه المكتبة ملك لكل سكان المدينة»."
)
ENGLISH = (
    "The museum of Lille bought two paintings by Camille Corot in May 1987. "
    "It did not sell the drawings. The ministry paid 2.5 million francs."
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


def article(language: str, **known: str) -> Article:
    return Article(f"a-{language}", "a.txt", language, **known)


def passage(text: str, *, number: int = 1, language: str = "ar", of: str | None = None) -> Passage:
    whole = of or text
    return Passage(number, article(language), text, whole.index(text))


LIBRARY = passage(CANONICAL[15:], of=CANONICAL)
MUSEUM = passage(ENGLISH, number=2, language="en")


def supported(sentence: str, encoder: Encoder, *passages: Passage) -> bool:
    return bool(check(sentence, passages, passages, encoder).supports)


def reason(sentence: str, encoder: Encoder, *passages: Passage) -> str | None:
    return check(sentence, passages, passages, encoder).reason


def parts(canonical: str) -> list[str]:
    return [p for p in canonical.replace("\n", " ").split(". ") if p]


@pytest.mark.parametrize("sentence", [s.strip() for s in ENGLISH.split(". ")])
def test_what_a_passage_says_word_for_word_is_supported(sentence: str, encoder: Encoder) -> None:
    verdict = check(sentence, [MUSEUM], [MUSEUM], encoder)
    assert verdict.reason is None
    assert 0 <= verdict.probability <= 1
    span = verdict.supports[0].span
    assert sentence.rstrip(".") in span.of(ENGLISH)


def test_a_support_is_a_span_of_the_canonical_text(encoder: Encoder) -> None:
    verdict = check("وتضم المكتبة خمسة وعشرين ألف كتاب.", [LIBRARY], [LIBRARY], encoder)
    assert [s.number for s in verdict.supports] == [1]
    assert verdict.supports[0].span.of(CANONICAL) == "وتضم المكتبة خمسة وعشرين ألف كتاب."


def test_what_the_cited_passage_does_not_say_is_cited_where_it_is_said(encoder: Encoder) -> None:
    sentence = "The museum of Lille bought two paintings by Camille Corot in May 1987."
    verdict = check(sentence, [LIBRARY], [LIBRARY, MUSEUM], encoder)
    assert [s.number for s in verdict.supports] == [2]


def test_what_no_passage_says_has_no_support(encoder: Encoder) -> None:
    sentence = "Bees communicate by dancing in front of the hive."
    verdict = check(sentence, [LIBRARY], [LIBRARY, MUSEUM], encoder)
    assert not verdict.supports
    assert verdict.reason == "meaning"


@pytest.mark.parametrize("sentence", ["", "…", "And so it is.", "وهذا هو."])
def test_a_sentence_that_says_nothing_is_supported_by_nothing(
    sentence: str, encoder: Encoder
) -> None:
    assert not supported(sentence, encoder, LIBRARY, MUSEUM)


def test_without_passages_nothing_is_supported(encoder: Encoder) -> None:
    assert not supported("The museum bought two paintings.", encoder)


@pytest.mark.parametrize(
    "said", ["25 ألف", "٢٥ ألف", "25000", "٢٥٬٠٠٠", "خمسة وعشرين ألف", "25.000"]
)
def test_a_number_is_found_however_it_is_written(said: str, encoder: Encoder) -> None:
    assert supported(f"تضم المكتبة {said} كتاب.", encoder, LIBRARY)


@pytest.mark.parametrize(
    "sentence",
    [
        "The library holds 25,000 books.",
        "The library holds twenty-five thousand books.",
        "La bibliothèque compte 25 000 livres.",
        "La bibliothèque compte vingt-cinq mille livres.",
    ],
)
def test_a_number_is_found_across_languages(sentence: str, encoder: Encoder) -> None:
    assert supported(sentence, encoder, LIBRARY)


@pytest.mark.parametrize(
    "sentence",
    [
        "تضم المكتبة 26 ألف كتاب.",
        "تضم المكتبة ستة وعشرين ألف كتاب.",
        "The library holds 250,000 books.",
        "La bibliothèque compte vingt-six mille livres.",
        "The library holds 25,000 books and 3 maps.",
    ],
)
def test_a_number_that_is_not_there_forbids_the_sentence(sentence: str, encoder: Encoder) -> None:
    assert reason(sentence, encoder, LIBRARY) == "number"


@pytest.mark.parametrize("month", ["أبريل", "أفريل", "نيسان", "يونيو"])
def test_another_month_forbids_the_sentence(month: str, encoder: Encoder) -> None:
    said = f"افتتحت وزيرة الثقافة سلمى الحسيني مكتبة عامة في مدينة بنزرت يوم 14 {month} 2019."
    assert reason(said, encoder, LIBRARY) == "date"


@pytest.mark.parametrize("month", ["مارس", "آذار"])
def test_a_month_is_the_same_in_every_calendar(month: str, encoder: Encoder) -> None:
    said = f"افتتحت وزيرة الثقافة سلمى الحسيني مكتبة عامة في مدينة بنزرت يوم 14 {month} 2019."
    assert supported(said, encoder, LIBRARY)


def test_a_name_is_found_across_scripts(encoder: Encoder) -> None:
    assert supported(
        "Salma El Husseini, the culture minister, opened a public library in Bizerte.",
        encoder,
        LIBRARY,
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Karim Benali, the culture minister, opened a public library in Bizerte.",
        "La ministre de la Culture, Salma El Husseini, a ouvert une bibliothèque à Marseille.",
    ],
)
def test_a_name_that_is_not_there_forbids_the_sentence(sentence: str, encoder: Encoder) -> None:
    assert reason(sentence, encoder, LIBRARY) == "entity"


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The museum of Lille did not buy two paintings by Camille Corot.", MUSEUM),
        ("The museum of Lille sold the drawings.", MUSEUM),
        ("La bibliothèque ne compte pas vingt-cinq mille livres.", LIBRARY),
        ("لا تضم المكتبة خمسة وعشرين ألف كتاب.", LIBRARY),
    ],
)
def test_the_contrary_is_not_supported(sentence: str, passage: Passage, encoder: Encoder) -> None:
    assert not supported(sentence, encoder, passage)


@pytest.mark.parametrize("marks", ["«{}»", "“{}”", '"{}"'])
def test_a_quotation_is_the_very_words_or_none(marks: str, encoder: Encoder) -> None:
    very = marks.format("هذه المكتبة ملك لكل سكان المدينة")
    other = marks.format("هذه المكتبة ملك لكل أطفال المدينة")
    assert supported(f"قال المدير فيليب دوران: {very}.", encoder, LIBRARY)
    assert reason(f"قال المدير فيليب دوران: {other}.", encoder, LIBRARY) == "quotation"


def test_a_source_is_named_by_the_passage_or_known_of_the_article(encoder: Encoder) -> None:
    said = "According to the Northern Herald, the ministry paid 2.5 million francs."
    assert reason(said, encoder, MUSEUM) == "source"
    known = Passage(1, article("en", publisher="Northern Herald"), ENGLISH, 0)
    assert supported(said, encoder, known)
