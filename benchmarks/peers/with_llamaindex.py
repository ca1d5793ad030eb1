"""LlamaIndex: FaissVectorStore and BM25Retriever under a QueryFusionRetriever.

After «Reciprocal Rerank Fusion Retriever», «BM25 Retriever» and «Faiss Vector Store» of its
documentation: reciprocal ranks, `num_queries=1` so that no language model is asked, everything
persisted. Four choices differ from the guides, all in its favour:

- The model is put under `BaseEmbedding`, as in «Custom Embeddings»: its own HuggingFaceEmbedding
  refuses models without a limit of length (version 0.8.0).
- The index holds inner products: fusion sorts by score, highest first, and would turn round the
  distances of the guide's IndexFlatL2.
- Stems and the pattern of words are Arabic too, and are set again after loading: they are not
  persisted, and English ones would take their place.
- `use_async` is off: its two sides would run in an event loop of their own, one after the other
  all the same.
"""

from pathlib import Path

import faiss
from llama_index.core import Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr
from sentence_transformers import SentenceTransformer

from benchmarks.peers.stems import WORD, Stems
from benchmarks.peers.worker import BATCH, DEPTH, TOP, Search, read_passages

_ARABIC_TOO = {"stemmer": Stems(), "token_pattern": WORD}


class SentenceEmbedding(BaseEmbedding):
    """A sentence-transformers model as LlamaIndex wants it."""

    _model: SentenceTransformer = PrivateAttr()

    def __init__(self, model: str) -> None:
        """Load ``model``, a folder."""
        super().__init__(model_name=model, embed_batch_size=BATCH)
        self._model = SentenceTransformer(model, device="cpu")

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._model.encode(texts, batch_size=BATCH, normalize_embeddings=True).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def load(model: str) -> SentenceEmbedding:
    """The model, through sentence-transformers; no language model."""
    Settings.llm = None
    return SentenceEmbedding(model)


def index(loaded: SentenceEmbedding, source: Path, folder: Path) -> None:
    """Both indexes, persisted."""
    nodes = [TextNode(id_=id_, text=text) for id_, text in read_passages(source)]
    width = len(loaded.get_query_embedding("width"))
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(width))
    context = StorageContext.from_defaults(vector_store=store)
    made = VectorStoreIndex(nodes, storage_context=context, embed_model=loaded)
    made.storage_context.persist(persist_dir=str(folder / "vectors"))
    words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH, **_ARABIC_TOO)
    words.persist(str(folder / "words"))


def opened(loaded: SentenceEmbedding, folder: Path) -> Search:
    """Both indexes, fused."""
    there = str(folder / "vectors")
    store = FaissVectorStore.from_persist_dir(there)
    context = StorageContext.from_defaults(vector_store=store, persist_dir=there)
    near = load_index_from_storage(context, embed_model=loaded).as_retriever(similarity_top_k=DEPTH)
    words = BM25Retriever.from_persist_dir(str(folder / "words"))
    vars(words).update(_ARABIC_TOO)
    both = QueryFusionRetriever(
        [near, words],
        similarity_top_k=TOP,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
    )

    def one(question: str) -> list[str]:
        return [found.node.node_id for found in both.retrieve(question)]

    return Search(one)
