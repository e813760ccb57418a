"""Halls of three levels, people who come to them, and a clock that stands where places are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from filing.make import OWNER, SHOP, make_taxpayer
from messaging.make import make_act, make_actor

from palmtax import identity, registry
from palmtax.appointments.actions import halls
from palmtax.appointments.actions.booking import book
from palmtax.appointments.model.booking import Outcome
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id
from palmtax.plumbing.database import Database, Tx

PROVINCE, CITY, HALL, BRANCH = "14400000000", "14403000000", "14403050000", "14403050100"
NAMES = {PROVINCE: "云省税务局", CITY: "云汀市税务局", HALL: "云山区税务局", BRANCH: "云山区第一所"}
CLERK, STRANGER, HEAD, FAR_HEAD = 401, 402, 403, 404
TUESDAY = date(2026, 11, 24)
"""The day after the clock's Monday."""


def somebody(number: int) -> Any:
    """A person with a taxpayer of their own."""
    return make_actor(10_000 + number, taxpayer_id=20_000 + number)


def clerk() -> Any:
    """An officer of the hall."""
    return make_actor(CLERK, office_code=HALL, scopes={"appointments.serve"})


async def make_town(tx: Tx, clock: Clock) -> None:
    """Four offices, two officers, the owner of a shop."""
    offices = [registry.Office(code, name, f"Office {code}") for code, name in NAMES.items()]
    await registry.load_offices(tx, [*offices, registry.Office("14404000000", "临岸市税务局", "Lin'an")])
    shop = replace(make_taxpayer(SHOP), office_code=HALL)
    await registry.load_taxpayers(tx, [shop])
    people = [
        identity.NewPerson(one, f"人{one}", f"1540000{one:04d}", make_resident_id("990100", clock.today(), one))
        for one in (OWNER, CLERK, STRANGER, HEAD, FAR_HEAD)
    ]
    hats = [
        identity.NewHat(CLERK, "hall_clerk", NAMES[HALL], office_code=HALL),
        identity.NewHat(STRANGER, "hall_clerk", "临岸市税务局", office_code="14404000000"),
        identity.NewHat(HEAD, "approver", NAMES[HALL], office_code=HALL),
        identity.NewHat(FAR_HEAD, "approver", "临岸市税务局", office_code="14404000000"),
        identity.NewHat(OWNER, "legal_rep", shop.name, taxpayer_id=SHOP, uscc=shop.uscc),
    ]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)


async def plan(database: Database, clock: Clock, *, places: int = 1, hours: Any = (("09:00", "10:00"),)) -> None:
    """The invoice desk of the hall gives so many places in each slot."""
    async with database.transaction() as tx:
        await halls.set_plan(
            tx,
            actor=clerk(),
            clock=clock,
            office_code=HALL,
            windows={"invoice": 2},
            places={"invoice": places},
            hours=hours,
        )


async def ask(database: Database, clock: Clock, number: int, time: str = "09:00", **more: Any) -> Outcome:
    """Somebody asks for a place at the invoice desk on Tuesday."""
    actor = more.pop("actor", None) or somebody(number)
    values = {"office_code": HALL, "topic_text": "invoice", "day": TUESDAY, "time": time, **more}
    async with database.transaction() as tx:
        return await book(tx, actor=actor, clock=clock, taxpayer_id=actor.taxpayer_id, **values)


__all__ = ["make_act", "make_actor"]
