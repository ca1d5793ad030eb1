"""The embedded model without torch: equal to sentence-transformers, named after its content."""

import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from embeddings import EMBEDDED, MODEL_FOLDER, Encoder, ModelUnavailable, load_encoder
from embeddings.static import StaticEncoder, _Pieces, fingerprint, load_static

TOKENIZER = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))

TEXTS = [
    "ما هي عاصمة تونس؟",
    "What is the capital of Tunisia?",
    "Quelle est la capitale de la Tunisie ?",
    "ٱلْجُمْهُورِيَّة",
    "x" * 3000,
    "漢字 and a word",
    "word " * 2000,
]


def test_name_carries_the_fingerprint() -> None:
    assert load_encoder(EMBEDDED).name == f"{EMBEDDED}@{fingerprint(MODEL_FOLDER)}"
    assert len(fingerprint(MODEL_FOLDER)) == 8


def test_other_weights_other_name(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, copy)
    assert fingerprint(copy) == fingerprint(MODEL_FOLDER)
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert fingerprint(copy) != fingerprint(MODEL_FOLDER)


def test_equals_sentence_transformers(get_encoder: Callable[[str], Encoder]) -> None:
    ours, theirs = get_encoder("embedded"), get_encoder("reference")
    np.testing.assert_allclose(
        ours.encode_passages(TEXTS), theirs.encode_passages(TEXTS), atol=1e-5
    )
    np.testing.assert_allclose(
        ours.encode_questions(TEXTS), theirs.encode_questions(TEXTS), atol=1e-5
    )


def test_plain_sentence_transformers_loads_the_folder() -> None:
    from sentence_transformers import SentenceTransformer

    rows = SentenceTransformer(str(MODEL_FOLDER), device="cpu").encode(TEXTS)
    ours = load_encoder(EMBEDDED).encode_passages(TEXTS)
    np.testing.assert_allclose(ours, rows, atol=1e-5)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), max_size=4))
@settings(max_examples=50, deadline=None)
def test_questions_and_passages_are_treated_alike(
    get_encoder: Callable[[str], Encoder], texts: list[str]
) -> None:
    encoder = get_encoder("embedded")
    np.testing.assert_array_equal(encoder.encode_questions(texts), encoder.encode_passages(texts))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
@settings(max_examples=300, deadline=None)
def test_a_text_has_the_pieces_of_its_stretches_in_a_row(text: str) -> None:
    whole = TOKENIZER.encode(text, add_special_tokens=False).ids
    stretches = [TOKENIZER.encode(s, add_special_tokens=False).ids for s in text.split()]
    assert list(chain.from_iterable(stretches)) == whole


@pytest.mark.parametrize("kept", [0, 2, 150_000])
def test_what_is_kept_of_earlier_texts_changes_nothing(
    kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.static._KEPT", kept)
    pieces = _Pieces(TOKENIZER)
    for _ in range(3):
        for text in TEXTS:
            expected = TOKENIZER.encode(text, add_special_tokens=False).ids
            (found,) = pieces.of([text])
            assert np.frombuffer(found, np.int32).tolist() == expected


def test_a_stretch_that_nobody_writes_twice_is_read_and_not_kept() -> None:
    pieces, long = _Pieces(TOKENIZER), "سؤال" * 400
    (found,) = pieces.of([f"ما {long} هذا"])
    expected = TOKENIZER.encode(f"ما {long} هذا", add_special_tokens=False).ids
    assert np.frombuffer(found, np.int32).tolist() == expected
    assert set(pieces._recent) == {"ما", "هذا"}


def test_a_copy_in_another_process_is_the_same() -> None:
    encoder = load_encoder(EMBEDDED)
    copy = pickle.loads(pickle.dumps(encoder))
    assert copy.name == encoder.name
    np.testing.assert_array_equal(copy.encode_passages(TEXTS), encoder.encode_passages(TEXTS))


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("الجُمهوريّة", "الجمهورية"),
        ("الجمـهورية", "الجمهورية"),
        ("أحمد", "احمد"),
        ("مستشفى", "مستشفي"),
        ("سنة ١٩٥٧", "سنة 1957"),
        ("سال ۱۹۵۷", "سال 1957"),
        ("کتاب", "كتاب"),
        ("ÉLÈVE", "eleve"),
        ("ﺳﻼﻡ", "سلام"),
    ],
)
def test_forms_of_one_word_are_one(
    get_encoder: Callable[[str], Encoder], written: str, same: str
) -> None:
    left, right = get_encoder("embedded").encode_passages([written, same])
    assert float(left @ right) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("What is the capital of Egypt?", "القاهرة هي عاصمة مصر", "تلعب الموسيقى دورا في الثقافة"),
        ("ما هي أسباب الأزمة الاقتصادية؟", "the causes of the economic crisis", "a film festival"),
        ("les élections présidentielles", "الانتخابات الرئاسية", "كرة القدم في إسبانيا"),
        ("the war in Ukraine", "la guerre en Ukraine", "une recette de cuisine"),
        ("the peace agreement", "das Friedensabkommen", "die Küche"),
    ],
)
def test_finds_meaning_across_languages(
    get_encoder: Callable[[str], Encoder], question: str, right: str, wrong: str
) -> None:
    encoder = get_encoder("embedded")
    (asked,) = encoder.encode_questions([question])
    near, far = encoder.encode_passages([right, wrong]) @ asked
    assert near > far + 0.1


def test_texts_without_known_piece_share_one_vector(
    get_encoder: Callable[[str], Encoder],
) -> None:
    rows = get_encoder("embedded").encode_passages(["", "   ", "🕊️ …"])
    np.testing.assert_array_equal(rows[0], rows[1])
    np.testing.assert_array_equal(rows[0], rows[2])


def test_no_text_is_too_long(get_encoder: Callable[[str], Encoder]) -> None:
    """The second half of a very long text counts as much as the first."""
    encoder = get_encoder("embedded")
    assert encoder.max_tokens is None
    assert encoder.count_truncated(["word " * 100_000]) == 0
    (long,) = encoder.encode_passages(["سلام " * 2000 + "economy " * 2000])
    near, far = encoder.encode_passages(["economy", "music"]) @ long
    assert near > far


def test_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        load_static(tmp_path, name="some-model")
    message = str(caught.value)
    assert "\n" not in message
    assert "some-model" in message
    assert "tokenizer.json is missing" in message
    assert "reinstall" in message


def test_broken_file_is_one_clear_line(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, copy)
    (copy / "model.safetensors").write_bytes(b"not a tensor")
    with pytest.raises(ModelUnavailable, match="cannot be read") as caught:
        load_static(copy, name="some-model")
    assert "\n" not in str(caught.value)


def test_hand_made_table(tmp_path: Path) -> None:
    """The mean of (3, 4) x 0.5 and (0, 2) x 1 is (0.75, 2), of length sqrt(0.5625 + 4)."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1, "b": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    rows = np.array([[0, 0], [3, 4], [0, 2]], dtype=np.int8)
    scales = np.array([1, 0.5, 1], dtype=np.float32)
    encoder = StaticEncoder(tokenizer, rows, scales, name="hand-made")
    length = (0.75**2 + 2**2) ** 0.5
    np.testing.assert_allclose(
        encoder.encode_passages(["a b", "a", "b c"]),
        [[0.75 / length, 2 / length], [0.6, 0.8], [0, 1]],
        atol=1e-6,
    )


def test_no_heavy_library_is_imported() -> None:
    program = (
        "import sys, embeddings;"
        "encoder = embeddings.load_encoder(embeddings.EMBEDDED);"
        "encoder.encode_passages(['سلام']);"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'scipy', 'sklearn'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() == "[]"
