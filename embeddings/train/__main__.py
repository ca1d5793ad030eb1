"""`python -m embeddings.train DATA OUT`: make the embedded model from a folder of text pairs."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embeddings.train.recipe import Settings

NEEDED = ("torch", "tokenizers", "sentencepiece", "google")
HEAVY = (
    "training needs more than answering does; install it with: "
    "pip install torch tokenizers sentencepiece protobuf"
)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m embeddings.train", description=__doc__)
    made.add_argument("data", type=Path, help="folder with train/, text/, eval/ (see data.py)")
    made.add_argument("out", type=Path, help="folder to write the model to")
    made.add_argument("--work", type=Path, help="folder for resumption (default: OUT-work)")
    made.add_argument("--own", type=Path, help="folder of written text (default: the recipe's)")
    made.add_argument("--steps", type=int, default=7000)
    made.add_argument("--batch", type=int, default=2048, help="pairs a step")
    made.add_argument("--rate", type=float, default=0.5, help="AdaGrad's rate at the start")
    made.add_argument("--scale", type=float, default=12.0, help="cosines are multiplied by it")
    made.add_argument("--dimension", type=int, default=256)
    made.add_argument("--pieces", type=int, default=130_000, help="rows of the table")
    made.add_argument("--subwords", type=int, default=50_000, help="of them, trained word parts")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--threads", type=int, default=2)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit status."""
    asked = parser().parse_args(arguments)
    if not all(map(find_spec, NEEDED)):
        print(HEAVY, file=sys.stderr)
        return 1
    import torch

    torch.set_num_threads(asked.threads)
    from embeddings.train.fit import Plan
    from embeddings.train.recipe import Settings, WorkFolderDiffers

    plan = Plan(asked.steps, asked.batch, asked.dimension, asked.rate, asked.scale, seed=asked.seed)
    settings = Settings(plan, pieces=asked.pieces, subwords=asked.subwords)
    try:
        _make(asked, asked.work or Path(f"{asked.out}-work"), settings)
    except WorkFolderDiffers as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _make(asked: argparse.Namespace, work: Path, settings: "Settings") -> None:
    from embeddings.static import load_static
    from embeddings.train.export import write_model
    from embeddings.train.measures import measure_all
    from embeddings.train.recipe import train
    from embeddings.train.report import write_report
    from embeddings.train.written import OWN

    data, out = asked.data, asked.out
    done = train(data, work, settings, own=asked.own or OWN, say=_say)
    write_model(out, done.tokenizer, done.table)
    measures = measure_all(load_static(out, name=out.name), data)
    write_report(out, measures, done.counts, settings=asdict(settings))
    for name, value in measures.items():
        _say(f"{name}: {value:.3f}")


def _say(message: str) -> None:
    print(message, flush=True)


if __name__ == "__main__":
    sys.exit(main())
