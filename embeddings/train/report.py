"""The report of a model: every measure beside the peers' published figures, and its card."""

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from embeddings.train.export import replace
from embeddings.train.measures import Measures, summary
from embeddings.train.prepare import Count

PEERS: Mapping[str, Mapping[str, float]] = {
    "tatoeba ar->en": {
        "static-similarity-mrl-multilingual-v1": 0.826,
        "potion-multilingual-128M": 0.330,
        "paraphrase-multilingual-MiniLM-L12-v2": 0.879,
        "multilingual-e5-base": 0.829,
    },
    "xquad es->es": {
        "BM25s": 0.952,
        "paraphrase-multilingual-MiniLM-L12-v2": 0.840,
        "multilingual-e5-base": 0.972,
    },
    "xquad de->de": {
        "BM25s": 0.925,
        "paraphrase-multilingual-MiniLM-L12-v2": 0.840,
        "multilingual-e5-base": 0.958,
    },
    "xquad tr->tr": {
        "BM25s": 0.895,
        "paraphrase-multilingual-MiniLM-L12-v2": 0.828,
        "multilingual-e5-base": 0.955,
    },
}
"""Published MTEB results (github.com/embeddings-benchmark/results, commit f4cc6c8, 2026-08-20).
MTEB's Tatoeba figure is an F1 of the same nearest-neighbour search, not our accuracy."""


def write_report(
    folder: Path, measures: Measures, counts: Sequence[Count], *, settings: Mapping[str, object]
) -> None:
    """`report.json` and the model card `README.md` in the model's folder."""
    report = {
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "settings": settings,
        "summary": summary(measures),
        "measures": {name: round(value, 4) for name, value in measures.items()},
        "peers": PEERS,
        "sources": [count_row(count) for count in counts],
    }
    replace(folder / "report.json", (json.dumps(report, indent=1) + "\n").encode())
    replace(folder / "README.md", card(measures, counts, settings=settings).encode())


def count_row(count: Count) -> dict[str, object]:
    """A source's account as a JSON object."""
    return {
        "name": count.name,
        "licence": count.licence,
        "read": count.read,
        "trained_on": count.kept,
        "held_out": count.held_out,
        "overlapping_evaluation": count.overlapping,
        "refused_for_its_licence": count.licence_refused,
    }


def card(measures: Measures, counts: Sequence[Count], *, settings: Mapping[str, object]) -> str:
    """The model card in Markdown."""
    return "\n".join(
        [
            CARD_HEAD,
            "## Measures",
            "",
            MEASURES_NOTE,
            "",
            *measure_table(measures),
            "",
            "## Data",
            "",
            *source_table(counts),
            "",
            "## Settings",
            "",
            *(f"- {name}: {value}" for name, value in settings.items()),
            "",
        ]
    )


def measure_table(measures: Measures) -> list[str]:
    """Lines of a Markdown table: measure, ours, and the peers where they publish one."""
    names = list(dict.fromkeys(peer for row in PEERS.values() for peer in row))
    lines = ["| measure | this model | " + " | ".join(names) + " |"]
    lines.append("| --- " * (len(names) + 2) + "|")
    for measure, value in measures.items():
        published = PEERS.get(measure, {})
        cells = [f"{published[name]:.3f}" if name in published else "" for name in names]
        lines.append(f"| {measure} | {value:.3f} | " + " | ".join(cells) + " |")
    return lines


def source_table(counts: Sequence[Count]) -> list[str]:
    """Lines of a Markdown table: source, licence, pairs trained on, held out, dropped."""
    lines = ["| source | licence | pairs | held out | overlapping evaluation text |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for count in counts:
        pairs = "refused for its licence" if count.licence_refused else str(count.kept)
        cells = (count.name, count.licence, pairs, str(count.held_out), str(count.overlapping))
        lines.append("| " + " | ".join(cells) + " |")
    return lines


CARD_HEAD = """---
library_name: sentence-transformers
tags: [sentence-transformers, static-embeddings, model2vec]
language: [ar, arz, en, fr, es, de, tr, fa]
license: cc-by-sa-4.0
---

# isnad-static

A small multilingual text embedding model: one vector a piece of a word, the mean over the text,
length 1. It puts Arabic (Egyptian too), English, French, Spanish, German, Turkish and Persian
texts of the same meaning near each other. Made by `python -m embeddings.train DATA OUT` from
openly licensed text alone, without a teacher model.

- 256 dimensions; int8 rows with a scale each (the model2vec layout).
- `SentenceTransformer("embeddings/model").encode(texts)`, or without torch
  `embeddings.load_encoder("isnad-static-v1")`.
- Questions and passages are encoded alike. No prompt, no limit of length.

## Limits

- Word order and negation are not seen: "A defeated B" and "B defeated A" have one vector.
- A word that the training text did not have has only the meaning of its letters' kin, and names
  across scripts are found only if the name was met. In one language, BM25 is better.
- Languages other than those named are not served; Chinese characters are not even read.
- Some training text is machine-translated documentation, and word-by-word glosses made from our
  own lexicon; its mistakes are in the vectors, and so are the views of its sources.

The licence is the most demanding of the sources' (share-alike). Texts are not stored in the model.
"""

MEASURES_NOTE = """Ours: accuracy of the nearest neighbour (Tatoeba, own sentences, TICO-19,
umbrella) or nDCG@10 (the others), see `embeddings/train/measures.py`; own, TICO-19 and ARCD are
slices held out of the training. Peers: published MTEB results, Tatoeba's as F1, so near to but not
the same as ours; XQuAD's as nDCG@10 over the same 240 passages."""
