"""Markdown is read as it is shown: its words without its marks. Other text stays as it is."""

import pytest

from rag.corpus.documents import make_document

MARKED = """# The **plan** of May

The *ministry* announced [a new plan](https://example.org/a_b "of May") on Sunday, for 1,250 children
in 5 < 6 & 7 of the snake_case_villages.

- First, nurses are **trained**.
- Second, villages are visited.

| Region | Children |
|--------|---------:|
| North  | 1,250    |

> Nobody is left behind. ![A photograph](photo.jpg)

    An indented line is text.

<script>alert("no text")</script>
"""
READ = """The plan of May

The ministry announced a new plan on Sunday, for 1,250 children
in 5 < 6 & 7 of the snake_case_villages.

First, nurses are trained.

Second, villages are visited.

Region | Children

North | 1,250

Nobody is left behind.

An indented line is text."""


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_marks_are_no_text(name: str) -> None:
    document = make_document(name, MARKED.encode())
    assert document.text == READ
    assert document.article.title == "The plan of May"


def test_front_matter_names_a_title_before_the_heading_does() -> None:
    stated = f"---\ntitle: Another\ndate: 12 مايو 2021\n---\n{MARKED}"
    document = make_document("a.md", stated.encode())
    assert document.text == READ
    assert (document.article.title, document.article.published) == ("Another", "2021-05-12")


@pytest.mark.parametrize(
    "text",
    [
        "1. First, 2 * 3 * 4 is 24.\n2. Then a_b_c and 2**3**4.\n\n  [1] It is <so>.\n\n#hashtag",
        "A line\nand a line [see below] (of 2021).\n\n* * *\n\n- a list\n",
        f"**Bold** and {'[' * 30_000}",
    ],
    ids=["figures", "brackets", "hostile"],
)
def test_what_is_no_markdown_stays_as_it_is(text: str) -> None:
    assert make_document("a.md", text.encode()).text == text
