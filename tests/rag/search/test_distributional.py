"""Words that keep the same company are alike, and texts are the sums of their words."""

import random

import numpy as np
import pytest

from rag.corpus.text import words
from rag.search.distributional import Floats, sum_of


def likeness(one: str, other: str) -> float:
    """The cosine of two texts' sums."""
    rows: list[Floats] = [sum_of(words(text)) for text in (one, other)]
    return float(rows[0] @ rows[1] / np.prod([np.linalg.norm(row) for row in rows]))


ALIKE = [
    ("اشترى", "ابتاع"),
    ("سجن", "حبس"),
    ("هرب", "فر"),
    ("صرح", "أعلن"),
    ("ارتفع", "ازداد"),
    ("طبيب", "جراح"),
    ("حافلة", "قطار"),
    ("قمح", "شعير"),
]


def test_words_of_like_meaning_are_nearer_than_others() -> None:
    chance = random.Random(1)
    others = [(one, chance.choice(ALIKE)[1]) for one, _ in ALIKE for _ in range(8)]
    near = np.median([likeness(*pair) for pair in ALIKE])
    far = np.median([likeness(*pair) for pair in others if pair not in ALIKE])
    assert near > 0.4 > far + 0.2


def test_a_question_is_nearer_to_what_answers_it_in_other_words() -> None:
    asked = "متى يستطيع الخاسر أن يعترض على النتيجة أمام القضاء؟"
    answer = "ويحق للمرشح الذي لم يفز أن يطعن لدى المحكمة خلال خمسة عشر يوما."
    other = "وافتتحت البلدية حديقة جديدة فيها نافورة وملعب للأطفال."
    assert likeness(asked, answer) > likeness(asked, other) + 0.2


def test_sums_add_up() -> None:
    one, other = ["اشتري", "سيار"], ["طبيب"]
    assert sum_of(one + other) == pytest.approx(sum_of(one) + sum_of(other), abs=1e-5)


def test_a_word_that_is_not_known_is_like_itself_alone() -> None:
    unknown = ["xylophone", "صححصص", "ژژژژ", "4711"]
    for n, one in enumerate(unknown):
        assert likeness(one, one) == pytest.approx(1)
        assert all(abs(likeness(one, other)) < 0.3 for other in [*unknown[:n], "طبيب"])
    assert not sum_of([]).any()


def test_the_rarer_a_word_the_more_it_counts() -> None:
    rare, frequent = (np.linalg.norm(sum_of([word])) for word in ("نافور", "في"))
    assert rare > 10 * frequent
