"""The interface's language: what the visitor chose, else what the browser asks for.

The choice is a cookie, so that the page and every call it makes come with it.
"""

from collections.abc import Mapping

from starlette.requests import cookie_parser

from ui.texts import TEXTS, Language, interface_language

COOKIE = "isnad-language"


def language_of_request(headers: Mapping[str, str]) -> Language:
    """The language to speak to who sent a request with ``headers``, names in lower case."""
    chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE)
    known = next((language for language in TEXTS if language == chosen), None)
    return known or interface_language(headers.get("accept-language", ""))
