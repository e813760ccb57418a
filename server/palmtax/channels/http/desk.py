"""Routes of 渠道监控 (monitoring of channels) for officers."""

from __future__ import annotations

from palmtax.channels.actions import switching, versions, watching
from palmtax.channels.adapters.conformance import failed_rules
from palmtax.channels.adapters.process import process_of
from palmtax.channels.http.callbacks import Name
from palmtax.channels.schemas.desk import (
    ChannelsOut,
    RolledBackOut,
    SwitchedOut,
    SwitchIn,
    VersionOut,
    shape_channel,
    shape_version,
)
from palmtax.channels.store import versions as version_store
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/channels", tags=["channels"])


@router.get("")
async def list_channels(edge: Edge = may_officer("channels.read")) -> ChannelsOut:
    """Every channel with its light, the last hour's figures, and what went wrong in words."""
    async with edge.statement() as tx:
        found = await watching.reports(tx, clock=edge.clock)
    return ChannelsOut(channels=[shape_channel(one) for one in found])


@router.get("/{name}/versions")
async def list_versions(name: Name, edge: Edge = may_officer("channels.read")) -> list[VersionOut]:
    """The texts of a channel, newest first: in force, past, refused with their faults."""
    async with edge.statement() as tx:
        return [shape_version(one) for one in await version_store.history(tx, name)]


@router.post("/{name}/switch")
async def switch_channel(
    name: Name, given: SwitchIn, edge: Edge = may_officer("channels.switch", records="channels.switched")
) -> SwitchedOut:
    """Off at once with a reason; on when another officer agrees and the conformance kit passes."""
    process = process_of(edge.house)
    channel = (await process.memory.known(edge.house.database, edge.clock)).channel(name)
    failed = await failed_rules(channel) if given.is_on else []
    async with edge.transaction() as tx:
        is_on = await switching.switch(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            channel=name,
            part=given.part,
            is_on=given.is_on,
            reason=given.reason,
            failed_rules=failed,
        )
    process.memory.forget()
    return SwitchedOut(is_on=is_on, is_waiting=given.is_on and not is_on)


@router.post("/{name}/rollback")
async def roll_back_channel(
    name: Name, edge: Edge = may_officer("channels.switch", records="channels.manifest_rolled_back")
) -> RolledBackOut:
    """Put the version before the present one in force again."""
    process = process_of(edge.house)
    (await process.memory.known(edge.house.database, edge.clock)).channel(name)
    async with edge.transaction() as tx:
        number = await versions.roll_back(tx, actor=edge.actor, clock=edge.clock, channel=name)
    process.memory.forget()
    return RolledBackOut(version=number)
