"""A known text that documents are made of."""

import pytest
from made_files import PARAGRAPHS


@pytest.fixture
def paragraphs() -> tuple[str, ...]:
    return PARAGRAPHS
