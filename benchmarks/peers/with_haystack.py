"""Haystack: FAISSDocumentStore and InMemoryBM25Retriever joined in a pipeline.

After the tutorial «Creating a Hybrid Retrieval Pipeline», without its reranking model, «FAISS» of
its integrations, and `reciprocal_rank_fusion` of the DocumentJoiner. Of the two stores only the
InMemoryDocumentStore has BM25; it is stored with `save_to_disk`. It lets one choose a pattern for
words, no stems; its own pattern takes Arabic words whole. A pipeline answers one question after
another.
"""

from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
from haystack_integrations.document_stores.faiss import FAISSDocumentStore

from benchmarks.peers.worker import BATCH, DEPTH, TOP, Search, read_passages

_WORDS = "words.json"
_VECTORS = "vectors"


def load(
    model: str,
) -> tuple[SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder]:
    """The model for documents and for questions, through sentence-transformers, loaded once."""
    settings = {
        "model": model,
        "device": ComponentDevice.from_str("cpu"),
        "batch_size": BATCH,
        "normalize_embeddings": True,
        "progress_bar": False,
    }
    embedders = (
        SentenceTransformersDocumentEmbedder(**settings),
        SentenceTransformersTextEmbedder(**settings),
    )
    for embedder in embedders:
        embedder.warm_up()
    return embedders


def index(
    loaded: tuple[SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder],
    source: Path,
    folder: Path,
) -> None:
    """Both stores, on disk."""
    documents = [Document(id=id_, content=text) for id_, text in read_passages(source)]
    words = InMemoryDocumentStore()
    words.write_documents(documents)
    words.save_to_disk(str(folder / _WORDS))
    embedded = loaded[0].run(documents)["documents"]
    vectors = FAISSDocumentStore(embedding_dim=len(embedded[0].embedding))
    vectors.write_documents(embedded)
    vectors.save(folder / _VECTORS)


def opened(
    loaded: tuple[SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder],
    folder: Path,
) -> Search:
    """The pipeline over both stores."""
    words = InMemoryDocumentStore.load_from_disk(str(folder / _WORDS))
    vectors = FAISSDocumentStore(index_path=str(folder / _VECTORS))
    pipeline = Pipeline()
    pipeline.add_component("embedder", loaded[1])
    pipeline.add_component("near", FAISSEmbeddingRetriever(document_store=vectors, top_k=DEPTH))
    pipeline.add_component("words", InMemoryBM25Retriever(document_store=words, top_k=DEPTH))
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)
    pipeline.add_component("joiner", joiner)
    pipeline.connect("embedder", "near")
    pipeline.connect("near", "joiner")
    pipeline.connect("words", "joiner")

    def one(question: str) -> list[str]:
        found = pipeline.run({"embedder": {"text": question}, "words": {"query": question}})
        return [document.id for document in found["joiner"]["documents"]]

    return Search(one)
