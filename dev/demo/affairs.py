"""What the town has under way with its bureau: applications in every state, so that no screen of a newcomer is empty.

They are begun, filled from the examples of the catalogue and handed in through the engine itself, on days that lie a little
back; whatever a rule refuses for a business is simply not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from demo.town import Business, Town, build
from palmtax import identity
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import FixedClock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.entry.domains import load_work
from palmtax.matters.actions import drafting, starting, submitting
from palmtax.matters.model.catalogue import catalogue
from palmtax.matters.model.matter import Example, Matter
from palmtax.plumbing.database import Database, Tx

MOST = 60
DROPPED_EVERY = 6
"""One application in six is begun and left, as people do."""


def _choices() -> list[tuple[Matter, Example]]:
    """Matters that an officer decides, with examples that need nothing beforehand; then some that are done at once."""
    known = [m for m in catalogue().values() if "legal_rep" in m.roles]
    decided = [m for m in known if m.decision.by != "instant"]
    instant = [m for m in known if m.decision.by == "instant" and m.mobile == "frequent" and m.document]
    return [(m, e) for m in [*decided, *instant, *decided] for e in m.examples if not e.given]


def _category(business: Business) -> str:
    if business.taxpayer.kind == "individual_business":
        return "individual_business"
    return "general" if business.taxpayer.vat_kind == "general" else "small_scale"


def _pairs(town: Town) -> Iterator[tuple[Business, Matter, Example]]:
    choices = _choices()
    for place, business in enumerate(one for one in town.businesses if one.role is None):
        category = _category(business)
        fitting = [(m, e) for m, e in choices if m.may(category, "legal_rep") and (not e.hat or category in e.hat)]
        if fitting:
            yield business, *fitting[place * 7 % len(fitting)]


async def _one(tx: Tx, business: Business, matter: Matter, example: Example, at: datetime, *, is_left: bool) -> None:
    clock = FixedClock(at)
    hat = Hat(
        uuid7(), "enterprise", "legal_rep", business.taxpayer.taxpayer_id, None, identity.ROLES["legal_rep"].scopes
    )
    actor = Actor(business.owner_id, uuid7(), hat, "miniprogram", "demo", second_factor=True)
    one = await starting.start(tx, actor=actor, clock=clock, matter_code=matter.code)
    given = {c: v for c, v in example.answers.items() if not (matter.by_code[c].is_locked and c in one.answers)}
    if is_left:
        given = dict(list(given.items())[: len(given) // 2])
    spent = {code: 4_000 + 900 * (place * 37 % 11) for place, code in enumerate(given)}
    one = await drafting.save(
        tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, application_id=one.application_id,
        version=one.version, changes=given, spent_ms=spent, office_code=None,
    )  # fmt: skip
    if is_left:
        return
    clock.move(minutes=4)
    await submitting.submit(
        tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, application_id=one.application_id,
        version=one.version, idempotency_key=f"demo-{uuid4()}",
    )  # fmt: skip


async def _begin(dsn: str, town: Town, today: date) -> int:
    load_work()
    database, done = Database(dsn), 0
    for place, (business, matter, example) in enumerate(_pairs(town)):
        if done >= MOST:
            break
        day = today - timedelta(days=place * 5 % 12)
        at = datetime.combine(day, time(1 + place % 8, place * 13 % 60), UTC)
        try:
            async with database.transaction() as tx:
                await _one(tx, business, matter, example, at, is_left=place % DROPPED_EVERY == 0)
        except PalmtaxError:
            continue  # papers are missing, or a rule says no to this business
        done += 1
    await database.close()
    return done


def begin(dsn: str, *, taxpayers: int, seed: int, today: date) -> int:
    """Begin and hand in what a small town has under way; how many applications there are then."""
    return asyncio.run(_begin(dsn, build(taxpayers=taxpayers, seed=seed, today=today), today))
