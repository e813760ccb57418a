"""News that change tags or are the deed a campaign hoped for."""

from __future__ import annotations

from typing import Any

from palmtax.insight.actions import tagging
from palmtax.insight.store import members
from palmtax.plumbing.outbox import TaskContext, listens


@listens("filing.return_submitted")
async def return_filed(context: TaskContext, payload: dict[str, Any]) -> None:
    """A return was filed: the deed of a campaign, and another standing."""
    taxpayer_id = payload["taxpayer_id"]
    async with context.database.transaction() as tx:
        await members.note_deed(tx, taxpayer_id, "filed", context.clock.now())
        await tagging.note_filed(tx, clock=context.clock, taxpayer_id=taxpayer_id, payable_fen=payload["payable_fen"])
        await tagging.note_owed(tx, taxpayer_id=taxpayer_id)


@listens("filing.declared")
async def declaration_filed(context: TaskContext, payload: dict[str, Any]) -> None:
    """A declaration was filed: the deed of a campaign."""
    async with context.database.transaction() as tx:
        await members.note_deed(tx, payload["taxpayer_id"], "filed", context.clock.now())


@listens("payment.settled")
async def tax_paid(context: TaskContext, payload: dict[str, Any]) -> None:
    """An order was paid: the deed of a campaign, and perhaps nothing owed any more."""
    async with context.database.transaction() as tx:
        await members.note_deed(tx, payload["taxpayer_id"], "paid", context.clock.now())
        await tagging.note_owed(tx, taxpayer_id=payload["taxpayer_id"])


@listens("filing.return_voided")
async def return_voided(context: TaskContext, payload: dict[str, Any]) -> None:
    """A return was taken back: everything is read anew."""
    await _refresh(context, payload)


@listens("filing.return_amended")
async def return_amended(context: TaskContext, payload: dict[str, Any]) -> None:
    """A return was replaced: everything is read anew."""
    await _refresh(context, payload)


@listens("identity.authorisation_accepted")
async def reader_came(context: TaskContext, payload: dict[str, Any]) -> None:
    """Somebody else may read for the taxpayer."""
    await _refresh(context, payload)


@listens("identity.authorisation_revoked")
async def reader_left(context: TaskContext, payload: dict[str, Any]) -> None:
    """Somebody may no longer read for the taxpayer."""
    await _refresh(context, payload)


async def _refresh(context: TaskContext, payload: dict[str, Any]) -> None:
    async with context.database.transaction() as tx:
        await tagging.refresh(tx, clock=context.clock, taxpayer_ids=[payload["taxpayer_id"]])
