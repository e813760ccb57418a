"""Who works in the tax offices: what the officers' queue asks about colleagues, and an officer who acts in a chat."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from palmtax.base.actor import Actor, Channel, Hat
from palmtax.base.clock import Clock
from palmtax.identity.model.officers import Officer
from palmtax.identity.store import officers as store
from palmtax.identity.store import people
from palmtax.plumbing.database import Tx

NO_SESSION = UUID(int=0)
"""The session of what an officer does in a chat: the platform's signature stands for one."""


async def officers(tx: Tx, *, first_code: str, last_code: str, today: date) -> list[Officer]:
    """Officers of the offices with codes in this range today, masked, by office. One round trip."""
    return await store.officers(tx, first_code, last_code, today)


async def officer_hats(tx: Tx, *, person_id: int, clock: Clock) -> list[Hat]:
    """The hats in tax offices that a person wears today; none for somebody who is no officer. One round trip."""
    return [
        Hat(own.hat_id, own.kind, own.role_code, own.taxpayer_id, own.office_code, frozenset(own.scopes))
        for own in await people.hats(tx, person_id, clock.today())
        if own.kind == "officer"
    ]


async def officer_actors(tx: Tx, *, clock: Clock, person_id: int, channel: Channel, request_id: str) -> list[Actor]:
    """An officer who acts in a chat, under each of their own hats; never with a second factor. One round trip."""
    hats = await officer_hats(tx, person_id=person_id, clock=clock)
    return [Actor(person_id, NO_SESSION, hat, channel, request_id) for hat in hats]
