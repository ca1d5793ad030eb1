"""Plain text in whatever encoding it is."""

import codecs
import re

from charset_normalizer import from_bytes

from rag.corpus.repair import LOST, UNSOUND
from rag.errors import BadArticle, NoText, UnknownKind

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Without a mark these are tried before all the others, which are too much alike: French in
# cp1252 reads as well as Croatian in cp1250.
_LIKELY = ["cp1256", "cp1252", "iso8859_6", "utf_16", "utf_16_le", "utf_16_be"]
# The bytes of other encodings are hardly ever valid in UTF-8, and no text has control characters.
_SOUND_A_LOST_ONE = 20
_LETTER = re.compile(r"[^\W\d_]")


def decode(data: bytes) -> str:
    """Text from ``data`` in whatever encoding it is: a byte order mark, UTF-8, else by statistics.

    Raises:
        UnknownKind: not text (binary data), or no encoding fits.
        BadArticle: text without words, or damaged.
    """
    text = _decode_marked(data) or _decode_utf8(data) or _decode_guessed(data)
    require_words(text)
    return text


def require_words(text: str) -> None:
    """Refuse a text that has no letter in it.

    Raises:
        BadArticle: it has none.
    """
    if not _LETTER.search(text):
        raise NoText("no words in it")


def _decode_marked(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise BadArticle(f"not valid {encoding}: {error.reason}") from None
    return None


def _decode_utf8(data: bytes) -> str | None:
    """The text, if it is UTF-8 but for a few damaged characters, which are marked in it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        lost = text.count(LOST)
        if lost * _SOUND_A_LOST_ONE > sum(char > "\x7f" for char in text) - lost:
            return None
    marked, controls = UNSOUND.subn(LOST, text)
    return None if controls * _SOUND_A_LOST_ONE > len(text) else marked


def _decode_guessed(data: bytes) -> str:
    guess = from_bytes(data, cp_isolation=_LIKELY).best() or from_bytes(data).best()
    text = None if guess is None else str(guess)
    if text is None or UNSOUND.search(text):
        raise UnknownKind("not a text file (binary data, or an encoding that cannot be told)")
    return text
