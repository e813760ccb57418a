"""The task that grows the tree: new entries become leaves, a head is published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.evidence import store
from palmtax.evidence.tree import Head, grow, needed_for_growth, remember
from palmtax.plumbing.outbox import TaskContext, every

OVERLAP_MILLISECONDS = 15 * 60 * 1000
"""How far back to look for entries of transactions that committed late (the longest transaction is 30 s)."""
BATCH = 5000


@every("* * * * *", "evidence.grow_tree")
async def grow_tree(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Take all new entries into the tree, a batch in one transaction each; only one process does it at a time."""
    while True:
        async with context.database.transaction() as tx:
            if not await store.only_grower(tx):
                return
            newest = await store.newest_head(tx)
            size = newest[0] if newest else 0
            since = _looking_back(newest[2].timestamp() if newest else None)
            entries = await store.without_leaf(tx, since=since, limit=BATCH)
            if not entries:
                if newest:
                    remember(Head(*newest))
                return
            edge = await store.right_edge(tx, needed_for_growth(size))
            leaves = [e.leaf() for e in entries]
            nodes, root = grow(size, edge, leaves)
            await store.add_leaves(
                tx, size, [(e.entry_id, e.taxpayer_id, h) for e, h in zip(entries, leaves, strict=True)]
            )
            await store.add_nodes(tx, nodes)
            at = context.clock.now()
            await store.add_head(tx, size + len(entries), root, at)
        remember(Head(size + len(entries), root, at))


def _looking_back(seconds: float | None) -> UUID:
    """The smallest time-ordered id (UUIDv7) of the overlap before the newest head."""
    if seconds is None:
        return UUID(int=0)
    return UUID(int=max(int(seconds * 1000) - OVERLAP_MILLISECONDS, 0) << 80)
