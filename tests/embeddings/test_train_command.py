"""`python -m embeddings.train DATA OUT` from end to end on a folder of a few pairs."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest

from embeddings.static import load_static
from embeddings.train.__main__ import main

PAIRS = [
    ("peace in the city", "السلام في المدينة"),
    ("war in the city", "الحرب في المدينة"),
    ("peace on the river", "السلام على النهر"),
    ("war on the river", "الحرب على النهر"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "train").mkdir(parents=True)
    with lzma.open(folder / "train" / "own.words.jsonl.xz", "wt", encoding="utf8") as out:
        for english, arabic in PAIRS:
            row = {"a": arabic, "b": english, "la": "ar", "lb": "en"}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return folder


def run(data: Path, out: Path, *more: str) -> int:
    options = ["--steps", "30", "--pieces", "120", "--subwords", "90", "--dimension", "16"]
    return main([str(data), str(out), "--own", str(data / "own"), *options, *more])


def test_makes_a_model_with_card_and_report(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = data.parent / "model"
    assert run(data, out) == 0
    encoder = load_static(out, name="model")
    left = encoder.encode_questions([english for english, _ in PAIRS])
    right = encoder.encode_passages([arabic for _, arabic in PAIRS])
    np.testing.assert_array_equal((left @ right.T).argmax(axis=1), range(len(PAIRS)))
    report = json.loads((out / "report.json").read_text(encoding="utf8"))
    assert report["settings"]["plan"]["steps"] == 30
    assert report["sources"][0]["name"] == "own.words"
    assert "own.words" in (out / "README.md").read_text(encoding="utf8")
    assert "tokenizer of" in capsys.readouterr().out


def test_same_seed_same_model(data: Path) -> None:
    first, second = data.parent / "one", data.parent / "two"
    assert run(data, first) == run(data, second) == 0
    weights = "model.safetensors"
    assert (first / weights).read_bytes() == (second / weights).read_bytes()


def test_other_settings_in_one_work_folder_are_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = data.parent / "model"
    assert run(data, out) == 0
    assert run(data, out, "--seed", "1") == 1
    assert "--work" in capsys.readouterr().err
