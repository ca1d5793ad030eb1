import pytest

from api.accept import prefers


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/html", True),
        ("text/*", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("TEXT/HTML; q=0.5", True),
        ("text/html;q=0.5, application/json;q=0.6", False),
        ("text/html, application/json", False),
        ("text/html;q=0, */*", False),
        ("text/html;q=lots", False),
        (";;,,q=", False),
    ],
)
def test_html_is_sent_where_it_ranks_above_json(accept: str, html: bool) -> None:
    assert prefers(accept, "text/html") is html
