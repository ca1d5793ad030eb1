"""Small talk, follow-ups and our own words."""

from dataclasses import fields

import pytest

from rag.answer.followup import context_of
from rag.answer.phrases import PHRASES, reply_language
from rag.answer.smalltalk import smalltalk
from rag.records import MARKER, Turn


@pytest.mark.parametrize(
    "said",
    ["مرحبا", "السلام عليكم ورحمة الله وبركاته", "صباح الخير!", "شُكراً جزيلاً", "كيف حالك؟", "hello",
     "Hi there!", "Thank you very much", "Bonjour !", "Merci beaucoup", "au revoir", "ماذا تستطيع أن تفعل؟",
     "what can you do?", "Qui es-tu ?", "شكرا", "Hi, who are you?", "هل أنت ذكاء اصطناعي؟", "What languages do you speak?",
     "bonjour, comment tu t'appelles ?"],
)  # fmt: skip
def test_small_talk_is_answered_and_cites_nothing(said: str) -> None:
    reply = smalltalk(said, "en")
    assert reply is not None
    assert (reply.statements, reply.citations) == ((), ())


@pytest.mark.parametrize(
    "asked",
    ["كيف حال التحالف؟", "من انتصر في الموصل؟", "hello, who leads ISIS?", "good", "a good day for oil?",
     "Merci de résumer l'article", "ما الخير؟", "what can you do about drugs?", "😀", "many"],
)  # fmt: skip
def test_a_question_is_no_small_talk(asked: str) -> None:
    assert smalltalk(asked, "en") is None


FIRST = (Turn("user", "What is Resolution 1373 about?"), Turn("assistant", "Terrorism."))


@pytest.mark.parametrize(
    "leaning",
    ["And the second one?", "After which attacks was it adopted?", "وماذا عن الثالث؟", "Et en Libye ?",
     "Who?", "وأين يقع؟", "واللي ما عنده بيت شو بيعمل الحين؟", "Which papers do people need to get one?"],
)  # fmt: skip
def test_a_follow_up_is_read_with_the_turn_before_it(leaning: str) -> None:
    assert context_of(leaning, FIRST) == "What is Resolution 1373 about?\nTerrorism."


@pytest.mark.parametrize(
    "new",
    ["How many ministers attended the Rome meeting?", "من كتب المقال عن المخدرات في الأردن؟",
     "وزارة الداخلية متى أعلنت نتائج الانتخابات؟"],
)  # fmt: skip
def test_a_new_subject_stands_alone(new: str) -> None:
    assert context_of(new, FIRST) == ""


def test_without_history_every_question_stands_alone() -> None:
    assert context_of("And then?", ()) == ""
    assert context_of("And then?", (Turn("assistant", "Hello."),)) == ""


def test_every_language_has_every_phrase_and_none_looks_cited() -> None:
    assert set(PHRASES) == {"ar", "en", "fr"}
    for phrases in PHRASES.values():
        for field in fields(phrases):
            phrase = getattr(phrases, field.name)
            assert phrase.strip()
            assert not MARKER.search(phrase)


def test_other_languages_are_answered_in_english() -> None:
    assert [reply_language(code) for code in ("ar", "fr", "de", "und")] == ["ar", "fr", "en", "en"]
