"""Metadata comes from the sidecar or from where a text states it; nothing is invented."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from rag.corpus.documents import make_document
from rag.corpus.metadata import SIDECAR, Known, read_sidecar, stated_in
from rag.errors import BadArticle
from rag.records import Document


def _document(path: Path, sidecar: Mapping[str, Known] | None = None) -> Document:
    return make_document(path.name, path.read_bytes(), sidecar)


BODY = "\n\nThe ministers met on Monday and agreed on a plan that all the members would sign.\n" * 3


def test_a_title_line_is_the_title() -> None:
    assert stated_in("The ministers' plan" + BODY) == {
        "title": Known("The ministers' plan", "stated")
    }
    assert stated_in("# The plan" + BODY)["title"].value == "The plan"
    assert stated_in("“العنوان بين علامتين”" + BODY)["title"].value == "العنوان بين علامتين"


def test_a_text_that_begins_with_a_sentence_has_no_title() -> None:
    assert stated_in(BODY) == {}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("BY JANE DOE", "JANE DOE"),
        ("By Jane Doe and Ludwig van der Rohe | May 12, 2021", "Jane Doe and Ludwig van der Rohe"),
        ("Auteur : Jean Dupont", "Jean Dupont"),
        ("بقلم: أحمد العلي", "أحمد العلي"),
        ("بقلم:أحمد العلي", "أحمد العلي"),
        ("بقلم/ أحمد العلي", "أحمد العلي"),
        ("بقلم - د. أحمد العلي", "د. أحمد العلي"),
        ("كتبت: سارة حسن | القاهرة", "سارة حسن"),
    ],
)
def test_a_labelled_author(line: str, name: str) -> None:
    stated = stated_in(f"A title\n{line}{BODY}")
    assert stated["author"].value == name
    assert stated["title"].value == "A title"


@pytest.mark.parametrize(
    "line",
    ["By the river there lived a man", "Par la suite, la ville", "كتب الوزير رسالة إلى الشعب"],
)
def test_a_line_that_begins_as_a_byline_does_is_none(line: str) -> None:
    assert "author" not in stated_in(f"A title\n{line}{BODY}")


@pytest.mark.parametrize(
    "line",
    [
        "Published: 2021-06-28",
        "By Jane Doe | Published on June 28, 2021",
        "Publié le 28 juin 2021 à 10h00",
        "نُشر في: ٢٨ حزيران ٢٠٢١",
        "بقلم أحمد العلي - تاريخ النشر: 28 يونيو 2021",
    ],
)
def test_a_labelled_date_counts(line: str) -> None:
    assert stated_in(f"A title\n{line}{BODY}")["published"].value == "2021-06-28"


@pytest.mark.parametrize(
    "line",
    [
        "الأحد , أكتوبر 6 2024",
        "The report published on 28 June 2021 found nothing",
        "Published on 28 June 2021, the report of the ministry found nothing that could not have been"
        " known a year before by anybody who had asked",
    ],
)
def test_other_dates_do_not(line: str) -> None:
    assert "published" not in stated_in(f"A title\n{line}{BODY}")


def test_the_seeds_without_their_sidecar_invent_nothing(seeds: Path) -> None:
    for path in seeds.glob("*.txt"):
        article = _document(path).article
        assert article.published is None
        assert article.author is None
        assert article.publisher is None
        assert article.title is None or article.title in path.read_text("utf-8")


def test_the_seeds_sidecar_says_what_is_inferred(seeds: Path) -> None:
    sidecar = read_sidecar(seeds)
    assert set(sidecar) == {path.name for path in seeds.glob("*.txt")}
    for path in seeds.glob("*.txt"):
        for field, known in sidecar[path.name].items():
            if known.provenance == "stated":
                assert known.value in path.read_text("utf-8"), (path.name, field)
    assert all(fields["published"].provenance == "inferred" for fields in sidecar.values())


def test_the_sidecar_wins(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A title" + BODY)
    sidecar = {"title": Known("Another", "inferred"), "published": Known("2020", "stated")}
    article = _document(tmp_path / "a.txt", sidecar).article
    assert (article.title, article.published) == ("Another", "2020")
    assert article.provenance == {"title": "inferred", "published": "stated"}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "metadata.json"),
        ("[]", "must map"),
        ({"a.txt": {"colour": {"value": "x", "provenance": "stated"}}}, "not one of"),
        ({"a.txt": {"title": "x"}}, "must be a value"),
        ({"a.txt": {"title": {"value": "x", "provenance": "guessed"}}}, "stated or inferred"),
        ({"a.txt": {"published": {"value": "June 2020", "provenance": "stated"}}}, "YYYY"),
    ],
)
def test_a_malformed_sidecar_is_refused(tmp_path: Path, content: object, complaint: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / SIDECAR).write_text(text)
    with pytest.raises(BadArticle, match=complaint):
        read_sidecar(tmp_path)


def test_no_sidecar_says_nothing(tmp_path: Path) -> None:
    assert read_sidecar(tmp_path) == {}


def test_the_same_content_has_the_same_id_wherever_it_lies(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BODY)
    ids = {_document(tmp_path / name).article.id for name in ("a.txt", "b.txt")}
    assert len(ids) == 1
