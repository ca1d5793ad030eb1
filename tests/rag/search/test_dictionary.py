"""What sounds like a question's word, as the definition of sounding alike has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings import EMBEDDED, load_encoder
from rag.corpus.sounds import is_latin, sound, sound_alike
from rag.index import store
from rag.index.local import LocalIndex
from rag.index.opened import OpenIndex
from rag.search.dictionary import heard_across

ASKED = ["blinken", "بلينكن", "washington", "khartoum", "دارفور", "5ara2et", "hamas", "من", "2024"]


@pytest.fixture(scope="module")
def index(home: Path) -> Iterator[OpenIndex]:
    local = LocalIndex(home, load_encoder(EMBEDDED))
    with local.reading() as state:
        yield state
    local.close()


@pytest.fixture(scope="module")
def vocabulary(home: Path) -> list[str]:
    with store.reading(home) as connection:
        return [word for word, _ in store.words_after(connection, 0)]


def test_heard_across_is_every_word_of_the_same_sound(
    index: OpenIndex, vocabulary: list[str]
) -> None:
    heard = heard_across(ASKED, index)
    assert any(heard.values())
    for word in ASKED:
        same = [other for other in vocabulary if sound_alike(sound(other), sound(word)) == 1]
        assert heard[word] == sorted(o for o in same if is_latin(o) != is_latin(word))
