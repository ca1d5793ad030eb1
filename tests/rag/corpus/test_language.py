import pytest

from rag.corpus.language import language_of


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
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert language_of(text) == language
