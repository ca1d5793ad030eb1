"""LangChain: FAISS and BM25 under an EnsembleRetriever.

After «EnsembleRetriever» and «BM25Retriever» of its retriever guides and «FAISS» of its vector
store guides: reciprocal ranks, half the weight each; `save_local` for the vectors. The BM25
retriever has no form on disk of its own, so it is pickled, which opens faster than building it
anew from the documents. Many questions go through `batch`, which uses threads.
"""

import pickle
from pathlib import Path

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

from benchmarks.peers.stems import stems
from benchmarks.peers.worker import BATCH, DEPTH, TOP, Search, read_passages

_WORDS = "bm25.pickle"


def load(model: str) -> HuggingFaceEmbeddings:
    """The model, through sentence-transformers."""
    return HuggingFaceEmbeddings(
        model_name=model,
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True, "batch_size": BATCH},
    )


def index(loaded: HuggingFaceEmbeddings, source: Path, folder: Path) -> None:
    """Both indexes, stored."""
    documents = [Document(page_content=text, id=id_) for id_, text in read_passages(source)]
    FAISS.from_documents(documents, loaded).save_local(str(folder))
    words = BM25Retriever.from_documents(documents, preprocess_func=stems, k=DEPTH)
    (folder / _WORDS).write_bytes(pickle.dumps(words, protocol=pickle.HIGHEST_PROTOCOL))


def opened(loaded: HuggingFaceEmbeddings, folder: Path) -> Search:
    """Both indexes, fused."""
    vectors = FAISS.load_local(str(folder), loaded, allow_dangerous_deserialization=True)
    words = pickle.loads((folder / _WORDS).read_bytes())
    near = vectors.as_retriever(search_kwargs={"k": DEPTH})
    both = EnsembleRetriever(retrievers=[words, near], weights=[0.5, 0.5])

    def ids(found: list[Document]) -> list[str]:
        return [str(document.id) for document in found[:TOP]]

    return Search(
        lambda question: ids(both.invoke(question)),
        lambda questions: [ids(found) for found in both.batch(questions)],
    )
