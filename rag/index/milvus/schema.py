"""What lies in Milvus: four collections to each store that was copied there.

``passages`` are searched by vector and by words, ``words`` by vector and by sound; ``terms`` say in
how many passages a token stands; ``records`` hold all that is looked up: articles, their texts, the
files they are of. A collection is named after the lineage of its store; the alias `ALIAS` is that
of the passages that are searched now, so that a rebuilt index takes the old one's place at once.
"""

from pymilvus import CollectionSchema, DataType, MilvusClient
from pymilvus.milvus_client import IndexParams

from rag.index.milvus.client import call

ALIAS = "isnad"
KINDS = ("passages", "words", "terms", "records")
LONGEST = 65_535
"""The most bytes of one text that Milvus takes."""
_LONGEST_KEY = 200
_LONGEST_WORD = 500
# A collection needs a vector, also one that is only looked up.
_NO_VECTOR = "none"
NO_VECTOR = {_NO_VECTOR: [0.0, 0.0]}


def name(lineage: str, kind: str) -> str:
    """The name of a collection of the store with this lineage."""
    return f"{ALIAS}_{lineage}_{kind}"


def create(client: MilvusClient, lineage: str, dimension: int) -> None:
    """Make the collections of a store; ones of that name are dropped before."""
    drop(client, lineage)
    # What milvus-lite holds is few enough to be looked at all; its own choice, HNSW, can lose a
    # passage among many equal ones. A server searches small segments exactly, too.
    lite = str(call(client.get_server_version)).startswith("milvus_lite")
    for kind, (schema, indexes) in _schemas(dimension, "FLAT" if lite else "AUTOINDEX").items():
        collection = name(lineage, kind)
        call(client.create_collection, collection, schema=schema, consistency_level="Strong")
        # There is nothing to wait for: an empty collection's indexes are made as it fills.
        call(client.create_index, collection, indexes, sync=False)


def load(client: MilvusClient, lineage: str) -> None:
    """Have the collections of a store in memory to be searched, as they are on a server once made;
    milvus-lite forgets it when its process ends."""
    for kind in KINDS:
        call(client.load_collection, name(lineage, kind))


def drop(client: MilvusClient, lineage: str) -> None:
    """Drop the collections of a store."""
    for kind in KINDS:
        if call(client.has_collection, name(lineage, kind)):
            call(client.drop_collection, name(lineage, kind))


def lineages(client: MilvusClient) -> set[str]:
    """Of which stores there are collections, be they complete or not."""
    found = set()
    for collection in call(client.list_collections):
        prefix, _, rest = collection.partition("_")
        lineage, _, kind = rest.partition("_")
        if prefix == ALIAS and kind in KINDS:
            found.add(lineage)
    return found


def _schemas(dimension: int, near: str) -> dict[str, tuple[CollectionSchema, IndexParams]]:
    passages, found = _collection(DataType.INT64)
    passages.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    passages.add_field("tokens", DataType.SPARSE_FLOAT_VECTOR)
    _add_filtered(passages)
    for field in ("start", "end", "article_end"):
        passages.add_field(field, DataType.INT64)
    for field in ("language", "parts", "part_vectors", "before", "text", "after"):
        passages.add_field(field, DataType.VARCHAR, max_length=LONGEST)
    found.add_index("vector", index_type=near, metric_type="IP")
    found.add_index("tokens", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    found.add_index("article", index_type="INVERTED")

    words, heard = _collection(DataType.INT64)
    words.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    words.add_field("word", DataType.VARCHAR, max_length=_LONGEST_WORD)
    words.add_field("sound", DataType.VARCHAR, max_length=_LONGEST_WORD)
    heard.add_index("vector", index_type=near, metric_type="IP")
    heard.add_index("sound", index_type="INVERTED")

    terms, counted = _collection(DataType.INT64)
    terms.add_field("passages", DataType.INT64)
    _add_no_vector(terms, counted)

    records, kept = _collection(DataType.VARCHAR)
    _add_filtered(records)
    for field in ("kind", "owner", "file"):
        records.add_field(field, DataType.VARCHAR, max_length=_LONGEST_KEY)
    records.add_field("n", DataType.INT64)
    records.add_field("body", DataType.VARCHAR, max_length=LONGEST)
    _add_no_vector(records, kept)
    for field in ("kind", "owner", "file"):
        kept.add_index(field, index_type="INVERTED")
    return {
        "passages": (passages, found),
        "words": (words, heard),
        "terms": (terms, counted),
        "records": (records, kept),
    }


def _collection(key: DataType) -> tuple[CollectionSchema, IndexParams]:
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    long = {"max_length": _LONGEST_KEY} if key == DataType.VARCHAR else {}
    schema.add_field("id", key, is_primary=True, **long)
    return schema, MilvusClient.prepare_index_params()


def _add_filtered(schema: CollectionSchema) -> None:
    """The fields by which a search is restricted; see `rag.index.milvus.filters`."""
    for field in ("article", "article_language"):
        schema.add_field(field, DataType.VARCHAR, max_length=_LONGEST_KEY)
    for field in ("earliest", "latest"):
        schema.add_field(field, DataType.INT64)


def _add_no_vector(schema: CollectionSchema, indexes: IndexParams) -> None:
    schema.add_field(_NO_VECTOR, DataType.FLOAT_VECTOR, dim=2)
    indexes.add_index(_NO_VECTOR, index_type="FLAT", metric_type="IP")
