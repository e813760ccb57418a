"""Figures by the minute become those of the hour, once; periods add up whatever has been rolled up."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from channels.make import channels

from palmtax.base.clock import FixedClock
from palmtax.channels.actions import measuring
from palmtax.channels.model.figures import BOUNDS, bucket, percentile, usual
from palmtax.channels.model.monitoring import objectives, prices, services
from palmtax.channels.store import figures as store
from palmtax.channels.store.figures import Figure

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def put(database):
    """Counts calls at an instant."""

    async def count(at, *found: Figure) -> None:
        async with database.transaction() as tx:
            await store.count(tx, [(one, at) for one in found])

    return count


def handed(count=1, channel="sms", milliseconds=80, waited=500, **more) -> Figure:
    return Figure(
        channel, "handed", took=bucket(milliseconds), waited=bucket(waited), count=count,
        milliseconds=milliseconds * count, slowest=milliseconds, **more,
    )  # fmt: skip


def failed(count=1, channel="sms", outcome="unanswered", code="timeout", **more) -> Figure:
    return Figure(
        channel, outcome, code, took=bucket(5000), count=count, milliseconds=5000 * count, slowest=5000, **more
    )


async def overview(database, clock, period="today", **more):
    async with database.transaction() as tx:
        return await measuring.overview(tx, clock=clock, period=period, **more)


async def roll(database, clock):
    async with database.transaction() as tx:
        return await measuring.roll_up(tx, clock=clock)


async def test_a_rolled_up_day_is_the_same_day(database, clock, put):
    for hours in range(3, 0, -1):
        await put(NOW - timedelta(hours=hours), handed(10 * hours), failed(hours))
    before = await overview(database, clock)
    assert before["sms"][0].handed == 60
    assert await roll(database, clock) == 4, "an hour is rolled up when the last figures of it have come"
    assert await overview(database, clock) == before
    assert await roll(database, clock) == 0
    await put(NOW, handed(1))
    assert (await overview(database, FixedClock(NOW + timedelta(minutes=1))))["sms"][0].handed == 61


async def test_two_processes_roll_up_at_once_and_one_is_killed(database, clock, put):
    await put(NOW - timedelta(hours=2), handed(7))
    pool = await database.pool()
    async with pool.acquire() as connection:
        work = connection.transaction()
        await work.start()
        assert await measuring.roll_up(connection, clock=clock) == 1
        await work.rollback()  # as when its process is killed
    await asyncio.gather(roll(database, clock), roll(database, clock))
    assert (await overview(database, clock))["sms"][0].handed == 7


async def test_minutes_are_swept_only_after_their_hours_are_kept(database, clock, put, rows):
    """A worker that was away for a day rolls up what it missed; nothing is swept before."""
    await put(NOW - timedelta(days=1, hours=3), handed(5))
    await roll(database, clock)
    assert await rows("select count from channels_hour") == [{"count": 5}]
    assert timedelta(hours=1) > store.LATE


async def test_periods_are_compared_with_the_same_part_of_the_one_before(database, clock, put):
    await put(NOW - timedelta(days=1, hours=1), handed(4))
    await put(NOW - timedelta(days=1) + timedelta(hours=2), handed(100))
    await put(NOW - timedelta(minutes=5), handed(6))
    now, before = (await overview(database, clock))["sms"]
    assert (now.handed, before.handed) == (6, 4)


async def test_figures_are_cut_by_matter_and_by_office_with_those_below(database, clock, put):
    await put(NOW, handed(1, matter="FPBL-002", office_code="14401060000"))
    await put(NOW, handed(2, matter="FPBL-002", office_code="14404000000"))
    await put(NOW, handed(4, matter="XXBG-012", office_code="14401000000"))
    clock = FixedClock(NOW + timedelta(minutes=1))
    assert (await overview(database, clock, matter="FPBL-002"))["sms"][0].handed == 3
    assert (await overview(database, clock, office="14401000000"))["sms"][0].handed == 5
    async with database.transaction() as tx:
        found = await measuring.measured(tx, clock=clock, channel="sms", period="hour")
    assert [(code, one.handed) for code, one in found.matters] == [("XXBG-012", 4), ("FPBL-002", 3)]
    assert len(found.points) == 60
    assert sum(one.handed for one in found.points) == 7


async def test_percentiles_come_from_buckets(database, clock, put):
    await put(NOW - timedelta(minutes=1), handed(90, milliseconds=40), handed(10, milliseconds=900))
    one = (await overview(database, clock, "hour"))["sms"][0]
    assert 25 < one.p50 <= 50
    assert 500 < one.p95 <= 1000
    assert percentile({bucket(40): 90, bucket(900): 10}, 990) == one.p99


async def test_cost_is_priced_by_the_day(database, clock, put):
    await put(NOW, handed(1000), handed(10, channel="wechat_oa"))
    found = await overview(database, FixedClock(NOW + timedelta(minutes=1)))
    assert (found["sms"][0].cost_fen, found["wechat_oa"][0].cost_fen) == (4500, 0)
    assert prices().cost_fen([("sms", date(2025, 1, 1), 1000)]) == 0
    assert prices().cost_fen([("sms", date(2026, 5, 1), 1)]) == 5


def weekly(hour, weeks, calls):
    """The same hour and its neighbours of so many earlier weeks."""
    return [
        (hour - timedelta(weeks=week) + timedelta(hours=beside), calls)
        for week in range(1, weeks + 1)
        for beside in (-1, 0, 1)
    ]


@pytest.mark.parametrize(("today", "mark"), [(500, ""), (5000, "more"), (3, "less")])
async def test_an_hour_unlike_the_same_hour_of_four_weeks_is_marked(database, clock, put, today, mark):
    hour = NOW - timedelta(hours=2)
    for at, calls in weekly(hour, 4, 500):
        await put(at, handed(calls))
    await put(hour, handed(today))
    await roll(database, clock)
    async with database.transaction() as tx:
        found = await measuring.measured(tx, clock=clock, channel="sms", period="today")
    point = next(one for one in found.points if one.at == hour)
    assert (found.has_history, point.mark) == (True, mark)
    assert not mark or point.middle == 500


async def test_failures_are_marked_even_when_traffic_is_usual(database, clock, put):
    hour = NOW - timedelta(hours=1)
    for at, calls in weekly(hour, 4, 300):
        await put(at, handed(calls))
    await put(hour, handed(200), failed(100))
    await put(NOW - timedelta(minutes=1), handed(1))
    await roll(database, FixedClock(NOW + timedelta(minutes=30)))
    async with database.transaction() as tx:
        found = await measuring.measured(tx, clock=clock, channel="sms", period="today")
    assert next(one for one in found.points if one.at == hour).mark == "failing"


async def test_without_three_weeks_of_history_nothing_is_marked(database, clock, put):
    hour = NOW - timedelta(hours=2)
    for at, calls in weekly(hour, 2, 500):
        await put(at, handed(calls))
    await put(hour, handed(9000))
    await roll(database, clock)
    async with database.transaction() as tx:
        found = await measuring.measured(tx, clock=clock, channel="sms", period="today")
    assert (found.has_history, {one.mark for one in found.points}) == (False, {""})


def test_quiet_hours_have_a_floor():
    assert usual([[0, 1, 0]] * 4, 10).reach == 35


async def test_budgets_and_burn_rates_come_from_the_rows(database, clock, put):
    clock = FixedClock(NOW + timedelta(days=10))
    now = clock.now()
    await put(now - timedelta(days=9), handed(98_000))
    await put(now - timedelta(minutes=2), handed(1000), failed(1000))
    async with database.transaction() as tx:
        found = await measuring.held(tx, clock=clock, channels=[channels()["sms"]])
    calls = next(one for one in found if one.objective.code == "handed_over")
    assert (calls.budget.good, calls.budget.total) == (99_000, 100_000)
    assert calls.budget.left_per_mille == -1000  # 1 % went wrong where half a percent may
    assert calls.burns[0] == (1000, 1000)  # 50 % against .5 %: a hundred times too fast
    assert calls.burning == (True, True, True)
    waits = next(one for one in found if one.objective.code == "in_time")
    assert (waits.budget.left_per_mille, waits.burning) == (1000, (False, False, False))


async def test_too_few_calls_burn_nothing(database, put):
    clock = FixedClock(NOW + timedelta(days=10))
    await put(clock.now() - timedelta(minutes=2), failed(5))
    async with database.transaction() as tx:
        found = await measuring.held(tx, clock=clock, channels=[channels()["sms"]])
    assert [one.burning for one in found] == [(False, False, False)]


async def test_an_objective_that_is_not_yet_in_force_is_not_held(database, clock, put):
    await put(NOW - timedelta(minutes=2), failed(50))
    async with database.transaction() as tx:
        assert await measuring.held(tx, clock=clock, channels=[channels()["sms"]]) == []


def test_the_kinds_are_complete():
    assert {one.of for one in objectives().objectives} == {"calls", "waits", "callbacks", "journeys"}
    assert {one.code for one in services().services} >= {"h5", "filing", "payment", "matters", "invoice", "messages"}
    assert {one.channel for one in prices().prices} <= set(channels())
    assert list(BOUNDS) == sorted(set(BOUNDS))
