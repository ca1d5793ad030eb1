"""sentence-transformers models: prompts, truncation, and clean refusals."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embeddings import Encoder, ModelUnavailable, load_encoder
from embeddings.sentence import SentenceEncoder, prompts


@pytest.fixture
def by_hand(tiny_folders: dict[str, Path]) -> Callable[[str, list[str]], np.ndarray]:
    """Rows of a tiny model for whole texts, prompts written out, without our code."""
    from sentence_transformers import SentenceTransformer

    def encode(kind: str, texts: list[str]) -> np.ndarray:
        model = SentenceTransformer(str(tiny_folders[kind]), device="cpu")
        return model.encode(texts, prompt="", normalize_embeddings=True)

    return encode


@pytest.mark.parametrize(
    ("kind", "query", "passage"),
    [("plain", "", ""), ("e5", "query: ", "passage: "), ("prompted", "what : ", "the : ")],
)
def test_prompts_are_put_before_the_text(
    kind: str,
    query: str,
    passage: str,
    get_encoder: Callable[[str], Encoder],
    by_hand: Callable[[str, list[str]], np.ndarray],
) -> None:
    encoder = get_encoder(kind)
    np.testing.assert_allclose(
        encoder.encode_questions(["river"]), by_hand(kind, [query + "river"]), atol=1e-5
    )
    np.testing.assert_allclose(
        encoder.encode_passages(["river"]), by_hand(kind, [passage + "river"]), atol=1e-5
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("intfloat/multilingual-e5-small", ("query: ", "passage: ")),
        ("intfloat/e5-base-v2", ("query: ", "passage: ")),
        ("/models/multilingual_e5_large", ("query: ", "passage: ")),
        ("intfloat/multilingual-e5-large-instruct", (None, None)),
        ("BAAI/bge-m3", (None, None)),
        ("some/re5ult", (None, None)),
    ],
)
def test_e5_models_are_known_by_name(name: str, expected: tuple[str | None, str | None]) -> None:
    assert prompts({"query": None, "document": None}, name=name) == expected


def test_stored_prompts_win() -> None:
    stored = {"query": "q: ", "passage": "p: "}
    assert prompts(stored, name="intfloat/e5-base") == ("q: ", "p: ")


def test_truncation_is_counted_with_prompt_and_special_tokens(
    get_encoder: Callable[[str], Encoder],
) -> None:
    """16 tokens: [CLS], [SEP], and for the E5 model also "passage" and ":"."""
    texts = ["peace " * words for words in (12, 13, 14, 15)]
    assert get_encoder("plain").max_tokens == 16
    assert get_encoder("plain").count_truncated(texts) == 1
    assert get_encoder("e5").count_truncated(texts) == 3


def test_long_texts_are_cut_not_refused(get_encoder: Callable[[str], Encoder]) -> None:
    encoder = get_encoder("plain")
    cut, whole = encoder.encode_passages(["peace " * 14, "peace " * 500])
    assert float(cut @ whole) == pytest.approx(1, abs=1e-5)


def test_name_is_what_it_was_asked_for(
    get_encoder: Callable[[str], Encoder], tiny_folders: dict[str, Path]
) -> None:
    assert get_encoder("plain").name == str(tiny_folders["plain"])
    assert isinstance(get_encoder("plain"), SentenceEncoder)


def refusal(name: str) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        load_encoder(name)
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    return message


def test_missing_folder(tmp_path: Path) -> None:
    assert "no such folder" in refusal(str(tmp_path / "nothing"))


def test_folder_that_holds_no_model(tmp_path: Path) -> None:
    assert "cannot be loaded" in refusal(str(tmp_path))


def test_an_unreachable_hub_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Port 9 of this machine: nothing listens there."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    message = refusal("some-owner/some-model")
    assert "127.0.0.1:9 cannot be reached" in message
    assert "embedded model" in message


def test_offline_mode_asks_nobody() -> None:
    program = (
        "import embeddings\n"
        "try: embeddings.load_encoder('some-owner/some-model')\n"
        "except embeddings.ModelUnavailable as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={"HF_HUB_OFFLINE": "1", "PATH": "", "HOME": "/nonexistent"},
    )
    assert len(done.stdout.strip().splitlines()) == 1
    assert "some-owner/some-model" in done.stdout
    assert "Traceback" not in done.stderr
