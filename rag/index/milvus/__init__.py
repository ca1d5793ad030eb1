"""The index in Milvus: a copy of the one in the writer's data folder, for many to read."""
