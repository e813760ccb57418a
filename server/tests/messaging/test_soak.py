"""Everything at once: channels that fail, die, answer twice and late; every message arrives once or is dead with a reason."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from filing.make import CLERK, OWNER, SHOP, VIEWER
from messaging.make import bind, deliveries, run_plans, take, tell

from palmtax import messaging
from palmtax.messaging.actions import planning, sweeping
from palmtax.messaging.model.deliveries import LEASE

pytestmark = pytest.mark.usefixtures("town")
MESSAGES, WORKERS, ROUNDS = 24, 6, 400


class Died(Exception):
    """The worker was killed inside its transaction."""


def killed(*, is_now: bool) -> None:
    """The end of the worker, if it is now."""
    if is_now:
        raise Died


@dataclass
class Platforms:
    """What the outside did: a message is taken once for each delivery, however often it is handed over."""

    chance: random.Random
    taken: Counter[UUID] = field(default_factory=Counter)
    handed_twice: int = 0

    def take(self, one: messaging.Delivery) -> None:
        """An idempotent platform: the same key again is the same message."""
        if self.taken[one.delivery_id]:
            assert one.is_repeat, "only after an unknown outcome is anything handed over again"
            self.handed_twice += 1
        self.taken[one.delivery_id] = 1


async def carry(database: Any, clock: Any, platforms: Platforms, delivery_id: UUID) -> None:
    """One worker with one delivery: takes it, and then something happens."""
    chance = platforms.chance
    one = await take(database, clock, delivery_id)
    if one is None:
        return
    fate = chance.choice(("taken", "taken", "taken", "killed before", "killed after", "busy", "refused", "rolled back"))
    if fate in ("taken", "killed after", "rolled back"):
        platforms.take(one)
    if fate.startswith("killed"):
        return
    said = chance.sample(("delivered", "handed", "read", "delivered"), chance.randint(0, 4))
    try:
        async with database.transaction() as tx:
            known = (tx, clock, SHOP, delivery_id)
            if fate == "busy":
                await messaging.not_handed_over(*known, "c", "-1", "忙", "busy", False, chance.choice((None, 5)))
            elif fate == "refused":
                await messaging.not_handed_over(*known, "c", "43101", "拒收", "refused", True)
            else:
                await messaging.handed_over(tx, clock, [(SHOP, delivery_id, "c", str(delivery_id))])
            killed(is_now=fate == "rolled back")
    except Died:
        return
    for state in said if fate == "taken" else ():
        async with database.transaction() as tx:
            await messaging.receipt(tx, clock, SHOP, delivery_id, state, clock.now())


@pytest.mark.parametrize("seed", [1, 7, 42])
async def test_each_message_arrives_once_or_is_dead_with_a_reason(database, clock, task_context, seed):
    chance = random.Random(seed)
    platforms = Platforms(chance)
    for person in (OWNER, CLERK, VIEWER):
        await bind(database, clock, person)
    await bind(database, clock, OWNER, "email", "owner@example.com")
    ids = [await tell(database, clock, n, template="application_refused", for_person_id=OWNER) for n in range(MESSAGES)]
    await run_plans(task_context)
    for _ in range(ROUNDS):
        open_rows = [row for row in await deliveries(database) if row["state"] in ("wanted", "handing")]
        if not open_rows:
            break
        due = [row["delivery_id"] for row in open_rows if row["next_at"] <= clock.now()] * 2
        chance.shuffle(due)
        await asyncio.gather(*(carry(database, clock, platforms, one) for one in due[:WORKERS]))
        again = chance.choice(ids)
        async with database.transaction() as tx:
            await sweeping.sweep(tx, clock=clock)
            await planning.plan_message(tx, clock=clock, taxpayer_id=SHOP, message_id=again)
        clock.move(seconds=chance.choice((1, 20, LEASE.total_seconds(), 900)))
    rows = await deliveries(database)
    assert {row["state"] for row in rows} & {"wanted", "handing"} == set()
    assert Counter((row["message_id"], row["way"]) for row in rows).most_common(1)[0][1] == 1
    for message in ids:
        mine = [row for row in rows if row["message_id"] == message and row["way"] != "inbox"]
        arrived = [row for row in mine if row["state"] in ("handed", "delivered", "read")]
        dead = [row for row in mine if row["state"] == "dead"]
        assert len(arrived) + len(dead) == 1, [(row["way"], row["state"], row["code"]) for row in mine]
        assert all(row["reason"] and row["reason_en"] for row in mine if row["state"] in ("dead", "failed"))
        assert all(platforms.taken[row["delivery_id"]] == 1 for row in arrived)
    assert len({row["state"] for row in rows}) > 3, "the platforms did give trouble"
    assert platforms.handed_twice > 0
