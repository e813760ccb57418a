"""A town of many shops whose owners agreed, two officers who write and approve campaigns, and the steps of one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
from filing.make import Caller, make_taxpayer

from palmtax import identity, messaging, registry
from palmtax.base.clock import Clock, FixedClock
from palmtax.base.identifiers import make_resident_id
from palmtax.identity.model.tokens import Device
from palmtax.insight.actions import tagging
from palmtax.messaging.model.messages import ConsentGiven, choices
from palmtax.messaging.store import wishes
from palmtax.plumbing.database import Database, Tx
from palmtax.plumbing.outbox import TASKS, TaskContext

CITY, DISTRICT, OTHER = "14403000000", "14403050000", "14404000000"
EDITOR, APPROVER, WRITING_APPROVER, STRANGER, CLERK = 801, 802, 803, 804, 805
ROLES = {EDITOR: "push_editor", APPROVER: "push_approver", WRITING_APPROVER: "push_approver", STRANGER: "push_approver",
         CLERK: "case_officer"}  # fmt: skip
FIRST = 60_000
"""The first shop; its owner has the same number less fifty thousand."""
WORDS = {
    "headline": "增值税起征点提醒",
    "words": "季度销售额不超过30万元的，免征增值税。申报时系统自动算好，您核对即可。",
    "brief": "季度销售额30万元以下免征增值税，申报时自动算好。",
    "headline_en": "The VAT threshold",
    "words_en": "With sales of at most 300,000 yuan in a quarter no VAT is due.",
    "brief_en": "No VAT below 300000 yuan a quarter.",
}
SMALL = {"match": "all", "groups": [{"match": "all", "conditions": [
    {"tag": "vat_kind", "compare": "is", "values": ["small_scale"]}]}]}  # fmt: skip


def asked(**other: Any) -> dict[str, Any]:
    """A campaign on the wire: everybody in one stage, nobody held back, unless said otherwise."""
    return {
        "name": "起征点提醒", "template": "campaign_policy", "words": WORDS, "audience": SMALL, "goal": "filed",
        "goal_days": 14, "holdout_bp": 0, "stages": [{"share_bp": 10_000, "minutes": 0}],
    } | other  # fmt: skip


async def make_shops(
    tx: Tx, clock: Clock, count: int, *, agreed: int | None = None, ways: tuple[str, ...] = ("sms",)
) -> None:
    """So many shops, each with an owner; the first `agreed` agreed to promotions and chose these ways."""
    await registry.load_offices(tx, [
        registry.Office(CITY, "云山市税务局", "Yunshan tax office"), registry.Office(DISTRICT, "云山区税务局", "Yunshan district"),
        registry.Office(OTHER, "临安市税务局", "Linan tax office"),
    ])  # fmt: skip
    numbers = range(FIRST, FIRST + count)
    await registry.load_taxpayers(tx, [make_taxpayer(one, office_code=DISTRICT) for one in numbers])
    people = [
        identity.NewPerson(
            one - 50_000, f"陈{one}", f"139{one:08d}", make_resident_id("990000", date(1990, 1, 1), one % 900)
        )
        for one in numbers
    ]
    hats = [identity.NewHat(one - 50_000, "legal_rep", "面馆", taxpayer_id=one) for one in numbers]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)
    for one in list(numbers)[: count if agreed is None else agreed]:
        await agree(tx, clock.now(), one)
        wish = messaging.Preference(tuple(choices("topics")), ("inbox", *ways))
        await wishes.keep_preference(
            tx, taxpayer_id=one, person_id=one - 50_000, wish=wish, at=clock.now(), application_id=None
        )


async def agree(tx: Tx, at: datetime, taxpayer_id: int, *, is_given: bool = True, purpose: str = "promotion") -> None:
    """The owner agrees, or takes it back."""
    given = ConsentGiven(purpose, is_given, "2026-11", "screen", at)
    await wishes.add_consent(tx, taxpayer_id=taxpayer_id, person_id=taxpayer_id - 50_000, given=given)


async def make_desks(tx: Tx, clock: Clock) -> None:
    """An editor, two approvers, an approver of another office, an officer without the scope."""
    people = [
        identity.NewPerson(one, f"顾{one}", f"15500000{one}", make_resident_id("990100", date(1980, 1, 1), one))
        for one in ROLES
    ]
    hats = [
        identity.NewHat(one, role, "税务局", office_code=OTHER if one == STRANGER else CITY)
        for one, role in ROLES.items()
    ]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)


async def tag_all(database: Database, clock: Clock, count: int) -> None:
    """The tags as the night makes them."""
    async with database.transaction() as tx:
        await tagging.refresh(tx, clock=clock, taxpayer_ids=list(range(FIRST, FIRST + count)))


async def desk(client: Any, database: Database, clock: Clock, person_id: int) -> Caller:
    """An officer at the workbench."""
    async with database.transaction() as tx:
        signed = await identity.open_session(
            tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
        )
    return Caller(client, signed.access_token, "workbench")


async def begun(editor: Caller, approver: Caller, **other: Any) -> dict[str, Any]:
    """A campaign that was written, submitted and approved."""
    made = await editor.ok("POST", "/insight/campaigns", asked(**other))
    path = f"/insight/campaigns/{made['campaign_id']}"
    sent = await editor.ok("POST", f"{path}/submission", {"version": made["version"]})
    found: dict[str, Any] = await approver.ok(
        "POST", f"{path}/decision", {"version": sent["version"], "is_agreed": True}
    )
    return found


async def drive(context: TaskContext, campaign_id: str, office_code: str = CITY) -> None:
    """One job of the campaign."""
    payload = {"office_code": office_code, "campaign_id": campaign_id}
    await TASKS["insight.drive_campaign"].handler(context, payload)


async def plan_told(context: TaskContext) -> int:
    """Run the jobs of planning that wait."""
    done = 0
    while True:
        async with context.database.transaction() as tx:
            row = await tx.fetchrow(
                "delete from pgqueuer where id = (select id from pgqueuer where entrypoint = 'messaging.plan_many'"
                " order by id limit 1) returning payload"
            )
        if row is None:
            return done
        await TASKS["messaging.plan_many"].handler(context, orjson.loads(row["payload"]))
        done += 1


async def rows(database: Database, table: str) -> list[dict[str, Any]]:
    """Everything in a table."""
    async with database.statement() as tx:
        return [dict(row.items()) for row in await tx.fetch(f"select * from {table} order by 1, 2")]


async def hand_over(database: Database, clock: FixedClock, *, fails: int = 0) -> int:
    """A channel takes every delivery that is due: the first `fails` are refused for good. How many."""
    found = [one for one in await rows(database, "messaging_delivery") if one["state"] == "wanted"]
    for number, one in enumerate(found):
        async with database.transaction() as tx:
            if not await messaging.take_deliveries(tx, clock, [(one["taxpayer_id"], one["delivery_id"])]):
                continue
            if number < fails:
                await messaging.not_handed_over(
                    tx, clock, one["taxpayer_id"], one["delivery_id"], "sms", "empty_number", "空号", "no such number",
                    is_final=True,
                )  # fmt: skip
            else:
                await messaging.handed_over(tx, clock, [(one["taxpayer_id"], one["delivery_id"], "sms", None)])
    return len(found)
