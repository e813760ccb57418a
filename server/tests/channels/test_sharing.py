"""The daily limit of a channel: held by all processes together, over it the next way, and the next day it is new."""

from __future__ import annotations

import asyncio

import pytest
from channels.make import Platforms, changed, channels
from channels.test_carrying import APP, deliveries, outer, wish  # noqa: F401  fixtures
from filing.make import OWNER
from messaging.make import tell

from palmtax.channels.actions.sharing import Shares
from palmtax.channels.model.manifest import Limits
from palmtax.plumbing.worker import drain


def limited(day: int, name: str = "wechat_oa"):
    return changed(channels()[name], limits=Limits(day=day))


async def spent(database, clock, shares: Shares, channel, *, processes: int) -> int:
    """How many messages go out when many are asked for."""
    count = 0
    for _ in range(400):
        await shares.top_up(database, clock, {channel.name: channel}, processes=processes)
        count += shares.may_spend(channel, clock)
    return count


@pytest.mark.parametrize(("day", "processes"), [(1, 1), (7, 3), (100, 2), (1000, 4)])
async def test_all_processes_together_never_pass_the_day(town, database, clock, day, processes):
    channel = limited(day)
    found = await asyncio.gather(
        *(spent(database, clock, Shares(), channel, processes=processes) for _ in range(processes))
    )
    assert sum(found) == min(day, 400 * processes)


async def test_a_new_day_is_new_and_a_raised_limit_counts_within_a_minute(town, database, clock):
    shares = Shares()
    assert await spent(database, clock, shares, limited(3), processes=1) == 3
    assert await spent(database, clock, shares, limited(5), processes=1) == 0
    clock.move(seconds=61)
    assert await spent(database, clock, shares, limited(5), processes=1) == 2
    clock.move(days=1)
    assert await spent(database, clock, shares, limited(5), processes=1) == 5


async def test_a_dead_process_loses_little(town, database, clock):
    channel = limited(1000)
    await Shares().top_up(database, clock, {channel.name: channel}, processes=1)
    async with database.statement() as tx:
        assert await tx.fetchval("select granted from channels_share") == 20


async def test_without_a_limit_nothing_is_asked(town, database, clock):
    assert await spent(database, clock, Shares(), limited(0), processes=1) == 400
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from channels_share") == 0


async def test_over_the_limit_the_message_goes_the_next_way_and_it_is_told(
    outer,  # noqa: F811
    bound, database, clock, task_context, deliveries,  # noqa: F811
    rows, outside,
):  # fmt: skip
    platforms: Platforms = outer()
    await bound("wechat_oa", APP, "o1")
    await wish(database, clock, "wechat", "sms", person_id=OWNER)
    outside["channels"].memory = Limited(outside["channels"].memory, limited(1))
    for number in (1, 2):
        await tell(database, clock, number)
        await drain(task_context)
    assert len(platforms.heard("wechat_oa")) == 1
    states = await rows(
        "select way, state, code from messaging_delivery where person_id = $1 and way <> 'inbox'", OWNER
    )
    assert sorted((one["way"], one["state"]) for one in states) == [
        ("sms", "handed"), ("wechat", "failed"), ("wechat", "handed"),
    ]  # fmt: skip
    assert [one["code"] for one in states if one["state"] == "failed"] == ["day_limit"]
    told = await rows("select outcome, code from channels_minute where channel = 'wechat_oa' order by outcome")
    assert [(one["outcome"], one["code"]) for one in told] == [("handed", ""), ("refused", "day_limit")]


class Limited:
    """A memory of manifests in which one channel has another limit."""

    def __init__(self, memory, channel):
        self.memory, self.channel = memory, channel

    async def known(self, database, clock):
        from dataclasses import replace

        found = await self.memory.known(database, clock)
        return replace(found, channels={**found.channels, self.channel.name: self.channel})

    def forget(self):
        self.memory.forget()
