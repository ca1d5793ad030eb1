"""txtai: its hybrid index, FAISS and BM25 under one Embeddings.

After «Benefits of hybrid search» and the configuration reference of its documentation:
`hybrid=True`, which normalises BM25's scores and takes half of each side, ten times as many
candidates of each as are wanted; `content=True`, so that passages come back with their text;
`save` and `load`. Its tokenizer cuts by Unicode's word boundaries, «works well for most
languages»; there are no stems to choose, but stop words, which make it faster and do its ranking
good. Many questions go through `batchsearch`.
"""

from pathlib import Path
from typing import Any

from txtai import Embeddings

from benchmarks.peers.worker import BATCH, TOP, Search, read_passages

_SCORING = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"stopwords": True}}


def load(model: str) -> Embeddings:
    """An empty index with the model, through sentence-transformers."""
    config = {
        "path": model,
        "method": "sentence-transformers",
        "gpu": False,
        "encodebatch": BATCH,
        "hybrid": True,
        "scoring": _SCORING,
        "content": True,
    }
    return Embeddings(config, models={})


def index(loaded: Embeddings, source: Path, folder: Path) -> None:
    """Vectors, words and texts, saved."""
    loaded.index((id_, text, None) for id_, text in read_passages(source))
    loaded.save(str(folder))


def opened(loaded: Embeddings, folder: Path) -> Search:
    """All of it, loaded with the model that is there already."""
    stored = Embeddings(models=loaded.models)
    stored.load(str(folder))

    def ids(found: list[dict[str, Any]]) -> list[str]:
        return [row["id"] for row in found]

    return Search(
        lambda question: ids(stored.search(question, TOP)),
        lambda questions: [ids(found) for found in stored.batchsearch(questions, TOP)],
    )
