"""Acts as the engine of matters would hand them to effects; messages, wishes and addresses for deliveries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from filing.make import OFFICE, OWNER, SHOP

from palmtax import identity, messaging
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.messaging.actions.preferences import Reading
from palmtax.messaging.model.messages import choices
from palmtax.plumbing.database import Database
from palmtax.plumbing.effects import Act
from palmtax.plumbing.outbox import TASKS, TaskContext


def make_actor(person_id: int = OWNER, taxpayer_id: int | None = SHOP, **changed: Any) -> Actor:
    """A person under an enterprise hat, or an officer when an office is named."""
    office = changed.get("office_code")
    scopes = frozenset(changed.get("scopes", ()))
    kind, role = ("officer", "case_officer") if office else ("enterprise", "legal_rep")
    hat = Hat(uuid7(), kind, role, None if office else taxpayer_id, office, scopes)
    return Actor(person_id, uuid7(), hat, "workbench" if office else "miniprogram", "test-request")


def make_act(clock: Clock, application_id: UUID | None = None, **changed: Any) -> Act:
    """One application at the moment its effects run."""
    values: dict[str, Any] = {
        "actor": make_actor(), "clock": clock, "taxpayer_id": SHOP, "application_id": application_id or uuid7(),
        "application_no": "BJ20261123000001", "matter_code": "TSJY-001", "title": "纳税服务投诉",
        "title_en": "Complaint about service", "answers": {}, "computed": None, "office_code": OFFICE,
        "request_id": "test-request",
    }  # fmt: skip
    return Act(**(values | changed))


TEMPLATE = "application_submitted"


async def tell(database: Database, clock: Clock, number: int = 1, template: str = TEMPLATE, **more: Any) -> UUID:
    """One message to the shop, told by its template's own samples; its number."""
    values = messaging.find_template(template).samples() | more.pop("values", {})
    asked = {"taxpayer_id": SHOP, "subject_kind": "application", "subject_id": uuid7()} | more
    async with database.transaction() as tx:
        return await messaging.tell(tx, clock=clock, template=template, values=values, key=f"key:{number}", **asked)


async def run_plans(context: TaskContext) -> int:
    """Run the planning that waits, and nothing that hears of it."""
    done = 0
    while True:
        async with context.database.transaction() as tx:
            row = await tx.fetchrow(
                "delete from pgqueuer where id = (select id from pgqueuer where entrypoint = 'messaging.plan'"
                " order by id limit 1) returning payload"
            )
        if row is None:
            return done
        await TASKS["messaging.plan"].handler(context, orjson.loads(row["payload"]))
        done += 1


async def bind(database: Database, clock: Clock, person_id: int, family: str = "wechat_oa", value: str = "") -> None:
    """An address of a person."""
    async with database.transaction() as tx:
        await identity.bind(
            tx, clock=clock, person_id=person_id, family=family, app_id="app", value=value or f"{family}-{person_id}",
            proof="oauth",
        )  # fmt: skip


async def deliveries(database: Database, **where: Any) -> list[Any]:
    """Rows of deliveries in the order they were made."""
    async with database.statement() as tx:
        rows = await tx.fetch("select * from messaging_delivery order by created_at, delivery_id")
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


async def news(database: Database, name: str = "messaging.delivery_wanted") -> list[dict[str, Any]]:
    """The events of a name that were emitted and not yet told, in order; they are taken away."""
    async with database.transaction() as tx:
        rows = await tx.fetch("delete from pgqueuer where entrypoint = 'plumbing.fan_out' returning id, payload")
        found = [(row["id"], orjson.loads(row["payload"])) for row in rows]
        kept = [one for one in found if one[1]["event"] != name]
        for _, payload in kept:
            await tx.execute(
                "insert into pgqueuer (priority, entrypoint, payload, status) values (0, 'plumbing.fan_out', $1, 'queued')",
                orjson.dumps(payload),
            )
    return [one["data"] for _, one in sorted(found) if one["event"] == name]


async def set_wish(
    database: Database, clock: Clock, person_id: int = OWNER, ways: tuple[str, ...] = (), **more: Any
) -> None:
    """What a person wishes."""
    async with database.transaction() as tx:
        await messaging.set_preferences(
            tx, actor=make_actor(person_id), clock=clock, taxpayer_id=SHOP, topics=list(choices("topics")), ways=ways,
            reading=Reading(**more),
        )  # fmt: skip


async def take(database: Database, clock: Clock, delivery_id: UUID) -> messaging.Delivery | None:
    """Take a delivery of the shop as a channel does."""
    async with database.transaction() as tx:
        return next(iter(await messaging.take_deliveries(tx, clock, [(SHOP, delivery_id)])), None)


async def do(database: Database, action: Any, *given: Any, **named: Any) -> Any:
    """One call of a door in a transaction of its own."""
    async with database.transaction() as tx:
        return await action(tx, *given, **named)
