"""Made pairs: cloze and word-by-word glosses."""

import random

from embeddings.train.data import Pair
from embeddings.train.gloss import (
    cloze,
    gloss,
    glossed,
    joined,
    lexicon,
    sentences,
    translated,
    twice_told,
)

WORDS = [
    Pair("السلام", "the peace", "ar", "en"),
    Pair("السّلام", "peace", "ar", "en"),
    Pair("مدينة", "city", "ar", "en"),
    Pair("مدينة", "ville", "ar", "fr"),
]


def dice() -> random.Random:
    return random.Random(0)


def test_lexicon_gathers_meanings_by_folded_word() -> None:
    assert lexicon(WORDS, language="en") == {"السلام": ["the peace", "peace"], "مدينة": ["city"]}
    assert lexicon(WORDS, language="fr") == {"مدينة": ["ville"]}


def test_gloss_keeps_numbers_and_leaves_the_unknown_out() -> None:
    words = {"مدينة": ["city"], "السلام": ["peace"]}
    assert gloss("مدينة السلام 1957 تونس", words, dice=dice()) == "city peace 1957"


def test_gloss_refuses_what_it_hardly_knows() -> None:
    assert gloss("مدينة تونس الكبرى القديمة", {"مدينة": ["city"]}, dice=dice()) is None
    assert gloss("", {"مدينة": ["city"]}, dice=dice()) is None


def test_sentences_of_five_words_or_more() -> None:
    text = "one two three four five. Too short. six seven eight nine ten eleven?"
    assert sentences(text) == ["one two three four five.", "six seven eight nine ten eleven?"]


def test_cloze_takes_one_sentence_out() -> None:
    first, second = "a b c d e.", "f g h i j."
    (pair,) = cloze([f"{first} {second}", first], language="ar", dice=dice())
    assert {pair.a, pair.b} == {first, second}


def test_glossed_tells_one_side() -> None:
    words = {"مدينة": ["city"], "سلام": ["peace"]}
    rows = [Pair("مدينة", "سلام", "ar", "ar")] * 20
    made = set(glossed(rows, words, language="en", dice=dice()))
    assert made == {Pair("city", "سلام", "en", "ar"), Pair("مدينة", "peace", "ar", "en")}


def test_translated_leaves_out_what_cannot_be_told() -> None:
    texts = ["مدينة", "تونس"]
    made = list(translated(texts, {"مدينة": ["city"]}, language="en", dice=dice()))
    assert made == [Pair("مدينة", "city", "ar", "en")]


def test_twice_told_and_joined() -> None:
    english = {"مدينة": ["city", "town"], "سلام": ["peace"]}
    french = {"مدينة": ["ville"], "حرب": ["guerre"]}
    assert list(joined(english, french)) == [Pair("city", "ville", "en", "fr")]
    only = {"مدينة": ["city"]}
    made = list(twice_told(["مدينة", "سلام"], only, french, dice=dice()))
    assert made == [Pair("city", "ville", "en", "fr")]
