"""Any encoding is read; what is no text is refused by a clear cause."""

import codecs
from pathlib import Path

import pytest

from rag.corpus.documents import make_document
from rag.corpus.read import article_files, read_bytes
from rag.corpus.readers.plain import decode
from rag.corpus.repair import LOST
from rag.errors import BadArticle

ARABIC = (
    "أكدت تقارير إعلامية عربية وجود اتصالات مكثفة بين الأجهزة السيادية لدول المنطقة المغاربية. " * 4
)
FRENCH = "L'été dernier, le ministère a présenté une stratégie européenne à l'étranger. " * 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1256"])
def test_arabic_in_any_encoding(encoding: str) -> None:
    assert decode(ARABIC.encode(encoding)) == ARABIC


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_french_in_any_encoding(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize("damage", [b"\xff", b"\xd8", b"\x00"])
def test_utf8_with_a_damaged_character_is_read_and_told(damage: bytes) -> None:
    sound = ARABIC.encode()
    data = b"A title\n" + sound[:61] + damage + sound[61:]
    assert decode(data).count(LOST) == 1
    assert decode(data).replace(LOST, "")[-200:] == ARABIC[-200:]
    article = make_document("a.txt", data).article
    assert article.quality == "doubtful"
    assert [(r.kind, r.lines) for r in article.repairs] == [("lost_characters", (2,))]


@pytest.mark.parametrize("encoding", ["cp1252", "cp1256"])
def test_other_encodings_are_not_taken_for_damaged_utf8(encoding: str) -> None:
    text = FRENCH if encoding == "cp1252" else ARABIC
    assert LOST not in decode(text.encode(encoding))


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" + bytes(range(256)) * 8,
        bytes(range(256)) * 40,
        b"\x7fELF\x02\x01\x01" + b"\x00" * 400,
        codecs.BOM_UTF16_LE + b"\x00\xd8\x00",
    ],
    ids=["png", "all bytes", "elf", "broken utf-16"],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(BadArticle, match=r"not a text file|not valid"):
        decode(data)


def test_a_file_without_words_is_refused() -> None:
    with pytest.raises(BadArticle, match="no words"):
        decode(b"... 123 ... !!!")


@pytest.mark.parametrize("data", [b"", b" \n\t "])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(BadArticle, match="empty"):
        read_bytes(tmp_path / "a.txt")


def test_a_folder_gives_its_articles_by_name(tmp_path: Path) -> None:
    contents = {
        "b.txt": "x", "a.md": "x", "c.pdf": "x", ".hidden.txt": "x", "sub/d.TXT": "x",
        ".git/e.txt": "x", "no suffix": "words", "page.php": "<!DOCTYPE html><p>x</p>",
        "scan.bin": "%PDF-1.4 x", "news.jsonl": '{"title": "t", "text": "words"}',
        "questions.jsonl": '{"question": "x"}', "script.py": "x", "table.csv": "x,y",
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    names = [str(p.relative_to(tmp_path)) for p in article_files(tmp_path).files]
    assert names == [
        "a.md", "b.txt", "c.pdf", "news.jsonl", "no suffix", "page.php", "scan.bin", "sub/d.TXT",
    ]  # fmt: skip


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match="no such file"):
        article_files(tmp_path / "nothing")
