"""What a model is judged by while it is made. Every figure lies in 0..1, higher is better.

Nearest neighbour: of the texts of one language, the share whose nearest text of the other
language is its translation (the accuracy of bitext mining). nDCG@10: Jarvelin and Kekalainen
2002, with one right passage a question, which makes it 1 / log2(rank + 1), 0 beyond rank 10.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.train.data import Pair, held_out, read_pairs

Measures = dict[str, float]
_TATOEBA = {
    "ara": "ar",
    "arz": "arz",
    "fra": "fr",
    "spa": "es",
    "deu": "de",
    "tur": "tr",
    "pes": "fa",
}
_XQUAD = ("es", "de", "tr")


def nearest(encoder: Encoder, left: Sequence[str], right: Sequence[str]) -> float:
    """Share of the lefts whose nearest right is the one in the same place."""
    scores = encoder.encode_questions(left) @ encoder.encode_passages(right).T
    return float(np.mean(scores.argmax(axis=1) == np.arange(len(left))))


def ndcg_at_10(scores: NDArray[Any], right: NDArray[Any]) -> float:
    """Mean over questions; `scores` (questions, passages), `right` (questions,) passage numbers."""
    own = scores[np.arange(len(right)), right][:, None]
    ranks = 1 + (scores > own).sum(axis=1)
    return float(np.mean(np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0.0)))


def retrieval(encoder: Encoder, questions: Sequence[str], passages: Sequence[str]) -> float:
    """nDCG@10 of finding each question's passage among all the different passages."""
    different = list(dict.fromkeys(passages))
    number = {passage: i for i, passage in enumerate(different)}
    scores = encoder.encode_questions(questions) @ encoder.encode_passages(different).T
    return ndcg_at_10(scores, np.array([number[passage] for passage in passages]))


def measure_all(encoder: Encoder, data: Path) -> Measures:
    """Every measure that the data folder has the files for, by name."""
    found: Measures = {}
    for measure in (_tatoeba, _xquad, _own, _tico, _arcd, _umbrella):
        try:
            found |= dict(measure(encoder, data))
        except FileNotFoundError:
            continue
    return found


def summary(measures: Measures) -> float | None:
    """One figure to choose by: the mean over kinds of measure of the mean within the kind;
    None without measures."""
    kinds: dict[str, list[float]] = {}
    for name, value in measures.items():
        kinds.setdefault(name.split(" ")[0], []).append(value)
    return float(np.mean([np.mean(values) for values in kinds.values()])) if kinds else None


def _tatoeba(encoder: Encoder, data: Path) -> Iterator[tuple[str, float]]:
    folder = data / "eval" / "tatoeba"
    for code, language in _TATOEBA.items():
        foreign = _lines(folder / f"tatoeba.{code}-eng.{code}")
        english = _lines(folder / f"tatoeba.{code}-eng.eng")
        yield f"tatoeba {language}->en", nearest(encoder, foreign, english)
        yield f"tatoeba en->{language}", nearest(encoder, english, foreign)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf8").splitlines()


def _xquad(encoder: Encoder, data: Path) -> Iterator[tuple[str, float]]:
    rows = {lang: _rows(data / "eval" / f"xquad.{lang}.jsonl") for lang in _XQUAD}
    passage_of = {lang: {r["id"]: r["p"] for r in rows[lang]} for lang in rows}
    for asked in rows:
        for told in rows:
            questions = [row["q"] for row in rows[asked]]
            passages = [passage_of[told][row["id"]] for row in rows[asked]]
            kind = "xquad" if asked == told else "xquad-cross"
            yield f"{kind} {asked}->{told}", retrieval(encoder, questions, passages)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]


def _own(encoder: Encoder, data: Path) -> Iterator[tuple[str, float]]:
    """The held-out tenth of our own sentences and questions."""
    sentences = list(read_pairs(data / "train" / "own.sentences.jsonl.xz"))
    out = held_out(sentences)
    for la, lb in (("ar", "en"), ("ar", "fr"), ("en", "fr")):
        pairs = [p for p in sentences if p.a in out and (p.la, p.lb) == (la, lb)]
        yield from _both_ways(encoder, "own-sentences", pairs, la, lb)
    questions = [p for p in read_pairs(data / "train" / "own.questions.jsonl.xz") if p.b in out]
    for la in ("ar", "en", "fr"):
        for lb in ("ar", "en", "fr"):
            pairs = [p for p in questions if (p.la, p.lb) == (la, lb)]
            figure = retrieval(encoder, [p.a for p in pairs], [p.b for p in pairs])
            yield f"own-questions {la}->{lb}", figure


def _both_ways(
    encoder: Encoder, kind: str, pairs: list[Pair], la: str, lb: str
) -> Iterator[tuple[str, float]]:
    left, right = [p.a for p in pairs], [p.b for p in pairs]
    yield f"{kind} {la}->{lb}", nearest(encoder, left, right)
    yield f"{kind} {lb}->{la}", nearest(encoder, right, left)


def _tico(encoder: Encoder, data: Path) -> Iterator[tuple[str, float]]:
    """The held-out tenth of TICO-19."""
    rows = list(read_pairs(data / "train" / "tico19.tico19.jsonl.xz"))
    out = held_out(rows)
    for la, lb in (("en", "ar"), ("ar", "fr"), ("ar", "es"), ("en", "fa")):
        pairs = _distinct(p for p in rows if p.a in out and (p.la, p.lb) == (la, lb))
        yield from _both_ways(encoder, "tico", pairs, la, lb)


def _distinct(pairs: Iterator[Pair]) -> list[Pair]:
    """Pairs of which no side came before."""
    kept: list[Pair] = []
    seen: set[str] = set()
    for pair in pairs:
        if pair.a not in seen and pair.b not in seen:
            kept.append(pair)
            seen |= {pair.a, pair.b}
    return kept


def _arcd(encoder: Encoder, data: Path) -> Iterator[tuple[str, float]]:
    pairs = list(read_pairs(data / "train" / "arcd.train.jsonl.xz"))
    yield "arcd ar->ar", retrieval(encoder, [p.a for p in pairs], [p.b for p in pairs])


def _umbrella(encoder: Encoder, data: Path) -> Iterator[tuple[str, float]]:
    folder = data / "evaluate-only"
    rows = [p for p in read_pairs(folder / "umbrella.parallel.jsonl.xz") if len(p.a.split()) >= 6]
    for la, lb in (("en", "ar"), ("ar", "fr"), ("en", "fr"), ("ar", "fa")):
        pairs = _distinct(p for p in rows if (p.la, p.lb) == (la, lb))[:2000]
        yield from _both_ways(encoder, "umbrella", pairs, la, lb)
    with_heading = list(read_pairs(folder / "umbrella.heading_passage.jsonl.xz"))
    for language in ("ar", "en", "fr", "es", "fa"):
        pairs = [p for p in with_heading if p.la == p.lb == language]
        figure = retrieval(encoder, [p.a for p in pairs], [p.b for p in pairs])
        yield f"umbrella-headings {language}", figure
