"""Public question sets as small collections of articles, like the ones a user would index.

Each collection is a handful of articles on neighbouring subjects, so that what does not answer a
question is close to what does. Where a sentence or an answer string is known to be the answer,
a quotable part is *gold* when it holds it.
"""

import hashlib
import json
import lzma
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from embeddings import Encoder
from embeddings.train.data import held_out_texts
from rag.records import Turn

WRITTEN = Path(__file__).parent / "written"
_KINDS = {
    "unanswerable-near": "near",
    "unanswerable-far": "far",
    "false-premise": "premise",
}
SENTENCES_AN_ARTICLE = 12
ARTICLES_A_COLLECTION = 5


@dataclass(frozen=True, slots=True)
class Support:
    """A passage of the article ``filename``, and from where to where in it the answer stands."""

    filename: str
    passage: str
    start: int
    end: int

    def place(self, text: str) -> range | None:
        """Where the answer stands in the article's canonical ``text``, if the passage does."""
        at = text.find(self.passage)
        return None if at < 0 else range(at + self.start, at + self.end)


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what answers it: nothing, for one that the articles do not answer.

    ``kind`` is ``answerable``, ``near`` (not answered, though on the articles' subject), ``far``
    (on another one) or ``premise`` (the support contradicts what the question takes for granted).
    """

    question: str
    language: str
    support: tuple[Support, ...]
    kind: str = "answerable"
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles by file name, their titles where they have one, and questions over them."""

    name: str
    source: str
    articles: dict[str, str]
    cases: list[Case]
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """What must not be split between fitting and measuring: the same sentences, translated."""
        return self.name.rsplit("-", 1)[0] if self.source.startswith("own") else self.name

    def write(self, folder: Path) -> None:
        """Put the articles and their sidecar into ``folder``, ready to be indexed."""
        for filename, text in self.articles.items():
            (folder / filename).write_text(text, "utf-8")
        sidecar = {
            name: {"title": {"value": title, "provenance": "stated"}}
            for name, title in self.titles.items()
        }
        (folder / "metadata.json").write_text(json.dumps(sidecar), "utf-8")


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON-lines file, compressed or not."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def squad_like(path: Path, *, limit: int | None = None) -> list[Collection]:
    """Collections from rows with a question ``q``, passage ``p``, ``title`` and ``answers``."""
    rows = [row for row in read(path) if row["answers"] and row["answers"][0] in row["p"]]
    by_title: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows[:limit]:
        by_title[row.get("title") or _digest(row["p"])[:2]].append(row)
    titles = sorted(by_title, key=_digest)
    name = path.name.split(".jsonl")[0]
    return [
        _squad_collection(f"{name}-{n}", name, {t: by_title[t] for t in group})
        for n, group in enumerate(_groups(titles, ARTICLES_A_COLLECTION))
    ]


def _squad_collection(
    name: str, source: str, by_title: dict[str, list[dict[str, Any]]]
) -> Collection:
    articles: dict[str, str] = {}
    cases: list[Case] = []
    titles: dict[str, str] = {}
    for title, rows in by_title.items():
        filename = f"{_digest(title)}.txt"
        passages = dict.fromkeys(row["p"].strip().replace("\n", " ") for row in rows)
        articles[filename] = "\n\n".join(passages)
        if rows[0].get("title"):
            titles[filename] = title.replace("_", " ")
        cases += [Case(r["q"], r["lq"], (Support(filename, *_answer_in(r)),)) for r in rows]
    return Collection(name, source, articles, cases, titles)


def _answer_in(row: dict[str, Any]) -> tuple[str, int, int]:
    """The passage, and from where to where its answer stands in it."""
    passage: str = row["p"].strip().replace("\n", " ")
    answer: str = row["answers"][0]
    start = passage.find(answer)
    if "answer_start" in row:
        at = row["answer_start"][0] - (len(row["p"]) - len(row["p"].lstrip()))
        start = at if passage.startswith(answer, at) else start
    return passage, start, start + len(answer)


def own(data: Path, encoder: Encoder) -> list[Collection]:
    """Collections from the sentences held out of the model's training, in three languages.

    Sentences near in meaning are put together with ones the model was trained on as neighbours;
    questions are asked of the held-out ones alone, in all three languages.
    """
    train = data / "train"
    translations: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read(train / "own.sentences.jsonl.xz"):
        if row["la"] == "ar":
            translations[row["a"]] |= {"ar": row["a"], row["lb"]: row["b"]}
    whole = [t for t in translations.values() if len(t) == 3]
    kept_out = held_out_texts(train)
    questions = defaultdict(list)
    for row in read(train / "own.questions.jsonl.xz"):
        if row["p"] in kept_out:
            questions[row["p"]].append((row["q"], row["lq"]))
    vectors = encoder.encode_passages([t["en"] for t in whole])
    clusters = MiniBatchKMeans(len(whole) // 60, random_state=0, n_init=3).fit_predict(vectors)
    return [
        _own_collection(
            int(n), language, [whole[i][language] for i in np.flatnonzero(clusters == n)], questions
        )
        for n in sorted(set(clusters))
        for language in ("ar", "en", "fr")
    ]


def _own_collection(
    n: int, language: str, sentences: list[str], questions: dict[str, list[tuple[str, str]]]
) -> Collection:
    random.Random(n).shuffle(sentences)
    articles: dict[str, str] = {}
    cases: list[Case] = []
    for at, group in enumerate(_groups(sentences, SENTENCES_AN_ARTICLE)):
        filename = f"{at:03}.txt"
        articles[filename] = "\n\n".join(sentence.replace("\n", " ") for sentence in group)
        cases += [
            Case(q, lq, (Support(filename, s.replace("\n", " "), 0, len(s)),))
            for s in group
            for q, lq in questions.get(s, ())
        ]
    return Collection(f"own-{n}-{language}", f"own.{language}", articles, cases)


def written(folder: Path = WRITTEN) -> list[Collection]:
    """The collections written for this, with questions as people ask them (see its README)."""
    return [_written_collection(path) for path in sorted(folder.glob("*.json"))]


def _written_collection(path: Path) -> Collection:
    raw = json.loads(path.read_text("utf-8"))
    articles = {article["filename"]: article["text"] for article in raw["articles"]}
    cases = [
        Case(
            row["question"],
            row["lang"],
            tuple(_quoted(articles, s["file"], s["quote"]) for s in row["support"]),
            _KINDS.get(row["kind"], "answerable"),
            tuple(Turn(turn["role"], turn["content"]) for turn in row["history"]),
        )
        for row in raw["questions"]
        if row["kind"] != "injection"  # told by other means
    ]
    return Collection(f"written-{path.stem}", "written", articles, cases)


def _quoted(articles: dict[str, str], filename: str, quote: str) -> Support:
    """The quote within its paragraph, or alone where it runs over several."""
    for paragraph in articles[filename].split("\n\n"):
        bare = paragraph.strip()
        if (at := bare.find(quote)) >= 0:
            return Support(filename, bare, at, at + len(quote))
    return Support(filename, quote, 0, len(quote))


def _groups(items: list[Any], size: int) -> Iterable[list[Any]]:
    return (items[n : n + size] for n in range(0, len(items), size))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
