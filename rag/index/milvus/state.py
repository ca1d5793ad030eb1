"""What is searched now, as the collection that the alias names says itself.

It is one property of that collection: Milvus gives and takes it as a whole, at once and the same to
everybody, in a millisecond or two. Reading a row as surely would take a time tick (0.2 s). It names
the moment from which on every search must know what was written.
"""

import json
from dataclasses import asdict, dataclass, field, replace

from pymilvus import MilvusClient

from rag.index import store
from rag.index.milvus.client import call
from rag.index.milvus.schema import ALIAS, name
from rag.index.opened import Background

_PROPERTY = "isnad"
# Milvus counts time in units that begin here: «as of whenever, as much as there is».
_ANY_MOMENT = 1


@dataclass(frozen=True, slots=True)
class Published:
    """A copied store: its manifest, how far it was copied, and what is known of the whole.

    ``means`` are mean numbers of tokens, by field; ``moment`` is Milvus' time of the last write, as
    far as the server tells it; ``before`` is the lineage that the alias named before this one.
    """

    manifest: store.Manifest
    copied: store.Marks
    articles: int
    passages: int
    background: Background
    means: dict[str, float] = field(default_factory=dict)
    moment: int = _ANY_MOMENT
    before: str = ""

    @property
    def lineage(self) -> str:
        """That of the store, after which the collections are named."""
        return self.manifest.lineage


def published(client: MilvusClient, collection: str = ALIAS) -> Published | None:
    """What a collection, or the one that the alias names, says; ``None`` where there is none.

    Raises:
        IndexUnavailable: Milvus cannot be reached.
    """
    if not call(client.has_collection, collection):
        return None
    described = call(client.describe_collection, collection)
    if _PROPERTY not in described["properties"]:
        return None
    values = json.loads(described["properties"][_PROPERTY])
    return Published(
        manifest=store.Manifest(**values.pop("manifest")),
        copied=store.Marks(**values.pop("copied")),
        background=Background(**values.pop("background")),
        **values,
    )


def note(client: MilvusClient, state: Published) -> None:
    """Have the collection say ``state``."""
    properties = {_PROPERTY: json.dumps(asdict(state))}
    passages = name(state.lineage, "passages")
    call(client.alter_collection_properties, passages, properties=properties)


def publish(client: MilvusClient, state: Published) -> None:
    """Say that ``state`` is what is searched now."""
    note(client, state)
    passages = name(state.lineage, "passages")
    if not call(client.has_collection, ALIAS):
        call(client.create_alias, passages, ALIAS)
    elif call(client.describe_alias, ALIAS)["collection_name"] != passages:
        call(client.alter_alias, passages, ALIAS)


def seen(client: MilvusClient, state: Published) -> Published:
    """``state`` with the moment from which on its collections hold all that was written to them,
    once they do."""
    # A strong read waits until what was written before can be found.
    for kind in ("words", "terms", "records"):
        call(
            client.query, name(state.lineage, kind), filter="", limit=1, consistency_level="Strong"
        )
    found = call(
        client.search,
        name(state.lineage, "passages"),
        data=[[0.0] * state.manifest.dimension],
        anns_field="vector",
        limit=1,
        search_params={"metric_type": "IP"},
        consistency_level="Strong",
    )
    return replace(state, moment=found.get_session_ts() or _ANY_MOMENT)
