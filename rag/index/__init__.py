"""What can be searched: vectors in FAISS, words in tantivy, and the truth in SQLite."""
