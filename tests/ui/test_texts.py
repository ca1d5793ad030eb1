import re
from dataclasses import asdict
from typing import Any

import pytest

from rag.export.labels import LABELS
from ui.texts import TEXTS, TRANSLATIONS, Language, interface_language, language_of_asker
from ui.texts_articles import ARTICLES_TEXTS
from ui.texts_kept import KEPT_TEXTS


@pytest.mark.parametrize("labels", [TEXTS, KEPT_TEXTS, ARTICLES_TEXTS, LABELS])
def test_every_label_is_there_in_every_language(labels: dict[Language, Any]) -> None:
    assert set(labels) == {"ar", "en", "fr"}
    for name in asdict(labels["en"]):
        filled = [sorted(re.findall(r"{\w+}", getattr(labels[one], name))) for one in labels]
        assert filled[0] == filled[1] == filled[2], name
    for texts in labels.values():
        assert all(asdict(texts).values())


def test_the_browser_words_what_gradio_shows() -> None:
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
