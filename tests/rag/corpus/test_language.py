import pytest

from rag.corpus.language import language_of, passage_language
from rag.corpus.text import words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ما الذي حدث في روما؟", "ar"),
        ("شو صار بالاجتماع مع الـ NATO؟", "ar"),
        ("What happened at the meeting in Rome?", "en"),
        ("ISIS fighters", "en"),
        ("Que s'est-il passé lors de la réunion de Rome ?", "fr"),
        ("Pourquoi les ministres se sont-ils réunis", "fr"),
        ("¿Qué pasó en la reunión de Roma y por qué?", "es"),
        ("Was ist bei dem Treffen in Rom passiert?", "de"),
        ("این جلسه در رم برای چه بود که برگزار شد؟", "fa"),
        ("sho sar bel egtema3 ya3ni fi roma", "ar"),
        ("el kateb 3ayez eh men el mo2tamar", "ar"),
        ("Что произошло на встрече?", "und"),
        ("123 😀", "und"),
        ("𐐀𐐁𐐂𐐃𐐄 in", "und"),
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert language_of(text) == language


FRENCH = "Le ministre a déclaré que la coalition est prête à agir dans la région pour la paix."
ENGLISH = "The minister said that the coalition was ready to act in the region for the peace."
ARABIC = "قال الوزير إن التحالف مستعد للعمل في المنطقة من أجل السلام والاستقرار."


@pytest.mark.parametrize(
    ("text", "article", "expected"),
    [
        (ENGLISH, "ar", "en"),
        (FRENCH, "en", "fr"),
        (ARABIC, "fr", "ar"),
        ("Resolution 1373", "ar", "ar"),
        ("Hezbollah, SDF, CTED, Global Policy Center, New York, Washington, Barkhane", "fr", "fr"),
        ("Постановление Совета Безопасности ООН", "en", "en"),
    ],
)
def test_a_passage_may_be_in_another_language(text: str, article: str, expected: str) -> None:
    assert passage_language(text, article, words(text)) == expected
