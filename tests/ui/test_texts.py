import re
from dataclasses import asdict

import pytest

from ui.texts import TEXTS, TRANSLATIONS, interface_language, language_of_asker


def test_every_label_is_there_in_every_language() -> None:
    assert set(TEXTS) == {"ar", "en", "fr"}
    fields = [re.findall(r"{\w+}", " ".join(asdict(texts).values())) for texts in TEXTS.values()]
    assert fields[0] == fields[1] == fields[2]
    for texts in TEXTS.values():
        assert all(asdict(texts).values())
    assert TRANSLATIONS.translations_dict["fr"]["send"] == TEXTS["fr"].send


@pytest.mark.parametrize(
    ("header", "language"),
    [("ar-EG,ar;q=0.9,en;q=0.8", "ar"), ("fr", "fr"), ("de-DE,fr;q=0.5", "fr"), ("EN-us", "en"),
     ("", "en"), ("zh", "en"), (";;,", "en")],
)  # fmt: skip
def test_the_browser_chooses_the_language(header: str, language: str) -> None:
    assert interface_language(header) == language


def test_the_question_chooses_the_language_of_a_notice() -> None:
    assert language_of_asker("ما هي عقوبة التهريب؟", "en") == "ar"
    assert language_of_asker("Quelle est la peine ?", "en") == "fr"
    assert language_of_asker("12345 😀", "fr") == "fr"
