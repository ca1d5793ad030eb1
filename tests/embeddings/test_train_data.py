"""What is trained on and what never: reading, licences, cleaning, overlap, held-out slices."""

import hashlib
import json
import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.train import data
from embeddings.train.clean import clean, fold, tidy
from embeddings.train.data import (
    NEVER_TRAINED,
    Pair,
    hashes_out,
    held_out,
    read_pairs,
    split_held_out,
)
from embeddings.train.licences import Entry, read_manifest
from embeddings.train.overlap import evaluation_texts, forbidden, overlaps
from embeddings.train.prepare import prepare


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def arabic_that(*, is_out: bool) -> str:
    """The first of some Arabic sentences whose hash falls on the wanted side."""
    candidates = (f"جملة عربية رقم {number}" for number in range(1000))
    return next(s for s in candidates if hashes_out(s) is is_out)


def test_reads_both_kinds_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.xz"
    write(path, [{"a": "1", "b": "2", "la": "en", "lb": "fr"}])
    assert list(read_pairs(path)) == [Pair("1", "2", "en", "fr")]
    write(path, [{"q": "1", "p": "2", "lq": "en", "lp": "ar", "title": "t"}])
    assert list(read_pairs(path)) == [Pair("1", "2", "en", "ar")]


@given(st.text())
def test_the_held_out_rule(text: str) -> None:
    clean_text = text.encode("utf8", "ignore").decode()
    expected = hashlib.sha256(clean_text.encode()).digest()[0] < 26
    assert hashes_out(clean_text) is expected


def test_a_held_out_sentence_takes_its_translations_along() -> None:
    out, kept = arabic_that(is_out=True), arabic_that(is_out=False)
    rows = [
        Pair(out, "english", "ar", "en"),
        Pair(out, "français", "ar", "fr"),
        Pair("english", "français", "en", "fr"),
        Pair("english", "français encore", "en", "fr"),
        Pair(kept, "other", "ar", "en"),
    ]
    texts = held_out(rows)
    assert texts == {out, "english", "français", "français encore"}
    assert split_held_out("own.sentences", rows, texts) == (rows[4:], 4)
    questions = [Pair("who?", "english", "fr", "en"), Pair("who?", "other", "fr", "en")]
    assert split_held_out("own.questions", questions, texts) == (questions[1:], 1)


def test_hashing_a_foreign_text_holds_nothing_out() -> None:
    """Only the Arabic side decides."""
    out, kept = arabic_that(is_out=True), arabic_that(is_out=False)
    assert held_out([Pair(kept, out, "ar", "en")]) == frozenset()


def test_misaligned_stretches_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(data.MISALIGNED, ("some.source", "fr"), range(1, 2))
    french = [Pair(f"a{i}", f"b{i}", "en", "fr") for i in range(3)]
    arabic = [Pair(f"a{i}", f"c{i}", "en", "ar") for i in range(3)]
    kept = list(data.sound_pairs("some.source", [*french, *arabic]))
    assert kept == [french[0], french[2], *arabic]
    assert list(data.sound_pairs("other.source", french)) == french


def test_arcd_is_never_trained_on() -> None:
    rows = [Pair("q", "p", "ar", "ar")]
    assert NEVER_TRAINED == ("arcd.train",)
    assert split_held_out("arcd.train", rows, frozenset()) == ([], 1)


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("CC-BY-SA 4.0", True),
        ("MIT (repo); Wikipedia text CC-BY-SA", True),
        ("CC0", True),
        ("public domain", True),
        ("CC-BY-NC 4.0", False),
        ("CC-BY-ND 4.0", False),
        ("non-commercial research", False),
        ("no licence file (public competition data): check", False),
        ("not stated", False),
    ],
)
def test_licences(licence: str, may: bool) -> None:
    assert Entry("x", "y", licence).may_ship is may


def test_manifest_is_found_beside_or_above(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "MANIFEST.md").write_text(
        "| file | records | languages | source | licence |\n| --- | --- | --- | --- | --- |\n"
        "| own.words.jsonl.xz | 3 | ar-en | written here | CC0 |\n",
        encoding="utf8",
    )
    entry = Entry("own.words", "written here", "CC0")
    assert read_manifest(tmp_path / "train") == read_manifest(tmp_path) == {"own.words": entry}
    assert read_manifest(tmp_path / "train" / "deep") == {}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("الجُمهوريّة!", "الجمهورية"),
        ("Élève, ÉCOLE", "eleve ecole"),
        ("a-b  c", "a b c"),
        ("…", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_tidy_takes_markup_off() -> None:
    assert tidy("**Bold** {/id/} see <b>x</b>\n https://a.b/c") == "Bold see x"


def test_clean_keeps_each_meaningful_pair_once() -> None:
    rows = [
        Pair("Peace", "سلام", "en", "ar"),
        Pair("peace!", "سَلام", "en", "ar"),
        Pair("OK", "ok", "en", "fr"),
        Pair("…", "سلام", "en", "ar"),
        Pair("和平", "peace", "zh", "en"),
        Pair("war", "حرب", "en", "ar"),
    ]
    kept = list(clean(rows, languages=frozenset({"en", "ar", "fr"})))
    assert kept == [rows[0], rows[5]]


def test_thirteen_shared_words_are_an_overlap() -> None:
    words = [f"w{n}" for n in range(20)]
    runs = forbidden([" ".join(words)])
    assert overlaps(Pair("x " + " ".join(words[3:16]), "y", "en", "en"), runs)
    assert not overlaps(Pair("x " + " ".join(words[3:15]) + " z", "y", "en", "en"), runs)


def test_a_whole_short_evaluation_text_is_an_overlap() -> None:
    runs = forbidden(["The cat sat on it.", "Yes, he did."])
    assert overlaps(Pair("x", "the CAT sat on it", "fr", "en"), runs)
    assert not overlaps(Pair("yes he did", "x", "en", "fr"), runs)


def test_evaluation_texts_of_every_kind(tmp_path: Path) -> None:
    (tmp_path / "xquad.es.jsonl").write_text('{"id": "1", "q": "qué", "p": "eso"}\n', "utf8")
    (tmp_path / "tatoeba.eng").write_text("Hello.\n", "utf8")
    write(tmp_path / "more.jsonl.xz", [{"a": "1", "b": "2", "la": "en", "lb": "fr"}])
    assert sorted(t.strip() for t in evaluation_texts(tmp_path)) == [
        "1",
        "2",
        "Hello.",
        "eso",
        "qué",
    ]


def make_data(folder: Path) -> Path:
    """A small data folder with something of everything that must be kept out."""
    out, kept = arabic_that(is_out=True), arabic_that(is_out=False)
    spoken = "one two three four five six seven eight nine ten eleven twelve thirteen"
    (folder / "eval").mkdir(parents=True)
    (folder / "eval" / "tatoeba.eng").write_text(spoken + "\n", "utf8")
    sentences = [
        {"a": out, "b": "held out sentence", "la": "ar", "lb": "en"},
        {"a": kept, "b": "kept sentence", "la": "ar", "lb": "en"},
        {"a": "شيء", "b": spoken, "la": "ar", "lb": "en"},
    ]
    write(folder / "train" / "own.sentences.jsonl.xz", sentences)
    words = [{"a": "جملة", "b": "sentence", "la": "ar", "lb": "en"}]
    words += [{"a": "عربية", "b": "Arabic", "la": "ar", "lb": "en"}]
    write(folder / "train" / "own.words.jsonl.xz", words)
    write(folder / "train" / "closed.jsonl.xz", [{"a": "x", "b": "y", "la": "en", "lb": "fr"}])
    (folder / "MANIFEST.md").write_text(
        "| own.sentences.jsonl.xz | 3 | ar-en | us | CC0 |\n"
        "| own.words.jsonl.xz | 2 | ar-en | us | CC0 |\n"
        "| closed.jsonl.xz | 1 | en-fr | them | CC-BY-NC |\n",
        "utf8",
    )
    (folder / "text").mkdir()
    with lzma.open(folder / "text" / "x.ar_text.txt.xz", "wt", encoding="utf8") as text:
        text.write("هذه جملة عربية طويلة جدا. وهذه جملة عربية أخرى هنا.\n")
    return folder


def test_prepare_accounts_for_every_pair(tmp_path: Path) -> None:
    prepared = prepare(make_data(tmp_path), own=tmp_path / "own", seed=0, say=lambda _: None)
    counts = {count.name: count for count in prepared.counts}
    sentences = counts["own.sentences"]
    assert (sentences.read, sentences.held_out) == (3, 1)
    assert (sentences.overlapping, sentences.kept) == (1, 1)
    assert counts["closed"].licence_refused
    sources = {source.name: source.pairs for source in prepared.sources}
    assert [pair.b for pair in sources["own.sentences"]] == ["kept sentence"]
    assert "closed" not in sources
    assert len(sources["made.cloze.ar"]) == 1
