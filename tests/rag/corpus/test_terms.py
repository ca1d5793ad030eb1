from rag.corpus.terms import key_terms


def test_what_is_repeated_comes_first_and_the_title_breaks_ties() -> None:
    text = (
        "green tea, then black coffee. black coffee! green tea? white wine; white wine white wine"
    )
    assert key_terms(text) == ["white wine", "green tea", "black coffee"]
    assert key_terms(text, "On black coffee") == ["white wine", "black coffee", "green tea"]


def test_what_stands_once_or_joins_words_is_none() -> None:
    assert key_terms("green tea and the tea of the day and the tea of the day") == []
    assert key_terms("page 12 page 12 page 12") == []
    assert key_terms("") == []


def test_no_word_is_used_twice() -> None:
    assert key_terms("new green tea, new green tea, green tea") == ["green tea"]


def test_an_arabic_word_that_leans_on_another_begins_none() -> None:
    text = "مكافحة التهريب لمكافحة التهريب ومكافحة التهريب مكافحة التهريب"
    assert key_terms(text) == ["مكافحة التهريب"]
