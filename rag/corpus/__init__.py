"""Articles in: from a file's bytes to a canonical text with passages and exact offsets."""
