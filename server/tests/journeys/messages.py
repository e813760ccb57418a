"""Messages that reached nobody, for what others aim at."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from journeys.place import Place, Shop

from palmtax import messaging
from palmtax.base.identifiers import uuid7
from palmtax.channels.store import alerts
from palmtax.messaging.actions import planning


def dead_letter(place: Place, shop: Shop) -> str:
    """A message that reached its person by no way."""

    async def die() -> UUID:
        house, template = place.house, messaging.find_template("supplement_asked")
        async with house.database.transaction() as tx:
            message_id = await messaging.tell(
                tx, clock=place.clock, taxpayer_id=shop.taxpayer_id, template=template.slug, values=template.samples(),
                key=f"dead:{uuid7()}", for_person_id=shop.owner.person_id,
            )  # fmt: skip
            kept = await planning.plan_message(
                tx, clock=place.clock, taxpayer_id=shop.taxpayer_id, message_id=message_id
            )
            waits = next(one for one in kept if one.way != "inbox")
            await tx.execute(
                "update messaging_delivery set state = 'dead', next_at = null, then_ways = '{}', code = '43004',"
                " reason = '空号', reason_en = 'no such number' where taxpayer_id = $1 and delivery_id = $2",
                shop.taxpayer_id,
                waits.delivery_id,
            )
        return waits.delivery_id

    return str(place.run(die()))


def an_alert(place: Place) -> UUID:
    """A trouble that is open."""

    async def make() -> UUID:
        at, number = datetime.now(UTC), uuid7()
        async with place.house.database.transaction() as tx:
            words = "没有应答", "no answer"
            await alerts.open_one(
                tx, alerts.Alert(number, "red", f"sms:{number}", "page", *words, at, at, None, None, None)
            )
        return number

    return place.run(make())
