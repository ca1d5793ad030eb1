"""Speed and weight of the embedded model beside multilingual-e5-small's architecture.

`python benchmarks/embeddings/speed.py` measures, on one core and in fresh processes: sentences a
second of the embedded model (without torch, and through sentence-transformers) and of a
transformer with the shape of multilingual-e5-small (12 layers, 384 wide, 250,037 pieces) and
random weights; the time until the first vector; the memory held then. Writes `speed.md`.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SENTENCES = [
    "The government announced new economic reforms today",
    "أعلنت الحكومة اليوم عن إصلاحات اقتصادية جديدة",
    "Le gouvernement annonce de nouvelles réformes économiques",
    "Who won the presidential election last year?",
]
"""Seven words each."""


def save_e5_small_shape(folder: Path) -> None:
    """A BERT of multilingual-e5-small's shape with random weights and the embedded tokenizer."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    config = BertConfig(
        vocab_size=250_037,
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
        max_position_embeddings=512,
    )
    bare = folder / "bare"
    BertModel(config).save_pretrained(bare)
    pieces = ROOT / "embeddings" / "model" / "tokenizer.json"
    PreTrainedTokenizerFast(
        tokenizer_file=str(pieces), unk_token="[UNK]", pad_token="[UNK]", model_max_length=512
    ).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=512)
    model = SentenceTransformer(modules=[transformer, Pooling(384, "mean")], device="cpu")
    model.save(str(folder / "e5-small-shape"))


def measure(name: str, count: int) -> dict[str, float]:
    """In this process: load `name`, encode `count` sentences, and look at the memory."""
    began = time.perf_counter()
    sys.path.insert(0, str(ROOT))
    import embeddings

    encoder = embeddings.load_encoder(name or embeddings.EMBEDDED, device="cpu")
    encoder.encode_questions(SENTENCES[:1])
    first = time.perf_counter() - began
    texts = [f"{SENTENCES[i % 4]} {i}" for i in range(count)]
    began = time.perf_counter()
    encoder.encode_passages(texts)
    return {
        "first_vector_s": first,
        "sentences_per_s": count / (time.perf_counter() - began),
        "memory_mb": resident_mb(),
    }


def resident_mb() -> float:
    """Memory of this process now, in MB."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in x)
    return int(line.split()[1]) / 1024


def in_fresh_process(name: str, count: int) -> dict[str, float]:
    """`measure` in a new process on one core."""
    one = dict.fromkeys(("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, __file__, name, str(count)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **one}
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure all three, three times each, and write the best of each to `speed.md`."""
    with tempfile.TemporaryDirectory() as place:
        save_e5_small_shape(Path(place))
        subjects = {
            "embedded, without torch": ("", 40_000),
            "embedded, through sentence-transformers": (str(ROOT / "embeddings" / "model"), 40_000),
            "multilingual-e5-small's shape, random weights": (f"{place}/e5-small-shape", 256),
        }
        runs = {k: [in_fresh_process(*v) for _ in range(3)] for k, v in subjects.items()}
    (HERE / "speed.md").write_text(table(runs), encoding="utf8")
    print(table(runs))


def table(runs: dict[str, list[dict[str, float]]]) -> str:
    """The results in Markdown."""
    lines = [
        "# Speed of the embedded model",
        "",
        f"{date.today()}, {cpu()}, one core, Python {platform.python_version()}; best of three.",
        "Made by `python benchmarks/embeddings/speed.py`. Sentences of seven words and a number.",
        "",
        "| model | sentences a second | start to first vector | memory |",
        "| --- | --- | --- | --- |",
    ]
    for name, measured in runs.items():
        fastest = max(run["sentences_per_s"] for run in measured)
        first = min(run["first_vector_s"] for run in measured)
        memory = min(run["memory_mb"] for run in measured)
        lines.append(f"| {name} | {fastest:,.0f} | {first:.2f} s | {memory:.0f} MB |")
    return "\n".join(lines) + "\n"


def cpu() -> str:
    """The processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((x.split(":")[1].strip() for x in lines if "model name" in x), platform.machine())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
