"""The tree holds every entry once, in order, and its root is the one RFC 6962 defines (with SM3)."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from palmtax import evidence
from palmtax.base.clock import FixedClock
from palmtax.evidence.model import sm3
from palmtax.evidence.tasks import grow_tree
from palmtax.evidence.tree import EMPTY, grow, needed_for_growth, parent
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import TaskContext


def plain_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, written the slow way."""
    if not leaves:
        return EMPTY.root
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return parent(plain_root(leaves[:split]), plain_root(leaves[split:]))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_growing_in_any_portions_gives_the_defined_root(portions: list[int]) -> None:
    """However the leaves arrive, the root is that of the definition."""
    nodes: dict[tuple[int, int], bytes] = {}
    leaves: list[bytes] = []
    for portion in portions:
        new = [sm3(f"{len(leaves) + i}".encode()) for i in range(portion)]
        edge = {place: nodes[place] for place in needed_for_growth(len(leaves))}
        made, root = grow(len(leaves), edge, new)
        assert not made.keys() & nodes.keys()
        nodes |= made
        leaves += new
        assert root == plain_root(leaves)


async def test_the_task_takes_every_entry_once(task_context: TaskContext, clock: FixedClock) -> None:
    """Run twice, with entries in between, every entry has one leaf and heads grow."""
    for taxpayer_id in (7, 7, 8):
        async with task_context.database.transaction() as tx:
            await evidence.append(
                tx,
                actor=None,
                clock=clock,
                act="filing.return_submitted",
                taxpayer_id=taxpayer_id,
                subject_id=uuid4(),
                payload={"amount_fen": 1},
            )
        await grow_tree(task_context, {})
    await grow_tree(task_context, {})
    async with task_context.database.transaction() as tx:
        assert [r["size"] for r in await tx.fetch("select size from evidence_head order by size")] == [1, 2, 3]
        assert await tx.fetchval("select count(*) from evidence_leaf") == 3
        seen = await evidence.timeline(tx, taxpayer_id=7)
        assert [e.act for e in seen] == ["filing.return_submitted"] * 2
        leaves = [r["leaf_hash"] for r in await tx.fetch("select leaf_hash from evidence_leaf order by leaf_no")]
        assert await tx.fetchval("select root from evidence_head where size = 3") == plain_root(leaves)


async def test_an_entry_of_a_rolled_back_act_is_not_there(tx: Tx, clock: FixedClock) -> None:
    """Evidence lives and dies with its act."""
    inner = tx.transaction()
    await inner.start()
    await evidence.append(
        tx, actor=None, clock=clock, act="filing.return_submitted", taxpayer_id=9, subject_id=None, payload={}
    )
    await inner.rollback()
    assert await evidence.timeline(tx, taxpayer_id=9) == []
