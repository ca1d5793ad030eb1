"""What stands at the top and foot of every page goes; what a page says stays."""

from rag.corpus.readers.running_heads import without_running_heads


def page(number: int, *, body: int = 8) -> list[str]:
    return [
        f"Sentence {line} of the page about subject {number * 31 + line}x." for line in range(body)
    ]


def test_heads_and_page_numbers_go() -> None:
    bodies = [page(n) for n in range(1, 6)]
    pages = [
        "\n".join(["مجلة العلوم، العدد 7", *body, "", f"- {n} -"])
        for n, body in enumerate(bodies, 1)
    ]
    texts, lost = without_running_heads(pages)
    assert texts == ["\n".join(body) for body in bodies]
    assert lost == [2] * 5


def test_two_lines_at_one_end_go_and_a_first_page_without_them_stays() -> None:
    title = "\n".join(["The title", *page(0)])
    others = ["\n".join(["Journal", f"Vol. 3, p. {n}", *page(n)]) for n in range(2, 6)]
    texts, lost = without_running_heads([title, *others])
    assert texts == [title, *("\n".join(page(n)) for n in range(2, 6))]
    assert lost == [0, 2, 2, 2, 2]


def test_pages_that_are_alike_but_short_or_few_stay() -> None:
    short = [f"On page {n} the price rose by {n} percent." for n in range(50)]
    assert without_running_heads(short) == (short, [0] * 50)
    few = ["\n".join(["Head", *page(n)]) for n in range(2)]
    assert without_running_heads(few) == (few, [0, 0])
