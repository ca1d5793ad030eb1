"""A question as a search query, by a model that rewrites well, and by others."""

from threading import Event

import pytest

from embeddings import EMBEDDED, Encoder, load_encoder
from rag.answer.model import LanguageModel
from rag.answer.rewriting import Rewriting, rewriting_of, rewritten
from rag.records import Turn

HISTORY = (
    Turn("user", "من طالب بآلية مشتركة لمنع تسلل داعش؟"),
    Turn("assistant", "اللواء أحمد العوضي."),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EMBEDDED)


def test_only_what_leans_or_is_foreign_is_rewritten() -> None:
    assert rewriting_of("ما عدد الوزراء الذين حضروا؟", (), "ar", {"ar": 8}) is None
    followed = rewriting_of("وما صفته؟", HISTORY, "ar", {"ar": 8})
    assert followed == Rewriting("وما صفته؟", HISTORY, "ar", "ar")
    foreign = rewriting_of("How many ministers came?", (), "en", {"fr": 1, "ar": 7})
    assert foreign == Rewriting("How many ministers came?", (), "en", "ar")
    assert rewriting_of("How many ministers came?", (), "en", {"en": 1, "ar": 7}) is None
    assert rewriting_of("How many ministers came?", (), "en", {"und": 8}) is None


@pytest.mark.parametrize(
    ("name", "kept"), [("honest", True), ("lying", False), ("noise", False), ("ordering", False)]
)
def test_a_query_must_mean_what_was_asked(
    name: str, kept: bool, encoder: Encoder, models_url: str
) -> None:
    model = LanguageModel(name=name, base_url=models_url, api_key="none", seconds=30)
    try:
        question = "How many ministers came to the meeting in Rome?"
        query = rewritten(model, Rewriting(question, (), "en", "ar"), encoder, stop=Event())
    finally:
        model.close()
    assert query == (question if kept else None)


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("How many ministers came to the meeting in Rome?", "كم وزيرا حضر اجتماع روما؟"),
        ("Who leads drug production and smuggling?", "من يقود إنتاج المخدرات وتهريبها؟"),
        ("When did the Security Council adopt the resolution?", "متى اعتمد مجلس الأمن القرار؟"),
        ("Quels pays ont signé l'accord ?", "ما الدول التي وقعت الاتفاق؟"),
        ("Combien de combattants ont franchi la frontière ?", "كم مقاتلا عبر الحدود؟"),
        ("Qui était le président tunisien ?", "من كان الرئيس التونسي؟"),
    ],
)
def test_a_translation_means_the_same(asked: str, query: str, encoder: Encoder) -> None:
    from rag.answer.rewriting import _means

    assert _means(query, Rewriting(asked, (), "en", "ar"), encoder)
    assert not _means("القمر مصنوع من الجبن الأخضر", Rewriting(asked, (), "en", "ar"), encoder)
