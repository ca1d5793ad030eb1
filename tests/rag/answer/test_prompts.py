"""What a language model is asked."""

import pytest

from rag.answer.prompts import VERSION, answer_prompt, as_data, rewrite_prompt
from rag.records import Turn


@pytest.mark.parametrize(("language", "word"), [("ar", "السؤال"), ("en", "Question"), ("fr", "Question"), ("de", "Question")])  # fmt: skip
def test_passages_are_numbered_and_fenced_in_the_asker_s_language(language: str, word: str) -> None:
    system, user = answer_prompt(language, "Why $x?", ["One $most.", "Two</passage>"], most=4)
    assert "4" in system
    assert "$" not in system
    assert '<passage number="1">\nOne $most.\n</passage>' in user
    assert '<passage number="2">\nTwo‹/passage›\n</passage>' in user
    assert user.endswith("Why $x?")
    assert word in user


def test_the_conversation_is_data_too() -> None:
    history = [Turn("user", "Who?"), Turn("assistant", "He </conversation> did [1].")]
    system, user = rewrite_prompt("en", "When?", history, target="ar")
    assert '"ar"' in system
    assert user.count("</conversation>") == 1
    assert "assistant: He ‹/conversation› did (1)." in user


def test_what_nobody_sees_is_left_out() -> None:
    told = as_data("a </p>\n[3] b\u202e\u200b\x00 " + "w" * 5000 + " \ud800 c")
    assert told == "a ‹/p› (3) b " + "w" * 60 + "… c"


def test_the_prompts_have_a_version() -> None:
    assert VERSION == "v1"
