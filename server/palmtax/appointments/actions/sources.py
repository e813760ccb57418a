"""What matters may read here: the person's next appointment."""

from __future__ import annotations

from collections.abc import Sequence

from palmtax.appointments.model.booking import OPEN
from palmtax.appointments.store import bookings
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Value, reads

MOST = 100


@reads(
    "appointments",
    names={"next_no": "text", "next_day": "date", "next_time": "time", "next_office": "office", "open_count": "number"},
)
async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: Sequence[str]) -> dict[str, Value]:
    """The next open booking of this person, else of the taxpayer, and how many are open. One round trip."""
    del names
    found = [one for one in await bookings.of_taxpayer(tx, taxpayer_id, MOST) if one.state in OPEN]
    coming = sorted(
        (one for one in found if one.starts_at > clock.now()),
        key=lambda one: (one.person_id != actor.person_id, one.starts_at),
    )
    if not coming:
        return {"open_count": len(found)}
    one = coming[0]
    return {
        "next_no": one.appointment_no,
        "next_day": one.day,
        "next_time": one.time,
        "next_office": one.office_code,
        "open_count": len(found),
    }
