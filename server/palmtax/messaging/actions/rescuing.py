"""Officers look after messages that reached nobody: look, send again, give up with a reason. All with evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from palmtax import evidence, identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.messaging.actions.planning import announce
from palmtax.messaging.errors import DeliveryNotDead, DeliveryUnknown
from palmtax.messaging.model.deliveries import Kept
from palmtax.messaging.model.planning import Planned
from palmtax.messaging.model.reading import every_template
from palmtax.messaging.model.rescuing import DeadLetter, DeadPage, Dealt, Wanted
from palmtax.messaging.store import dead as store
from palmtax.messaging.store import deliveries
from palmtax.plumbing.database import Tx

LONGEST = timedelta(days=3)
"""How long a message whose template is gone may still be sent."""


async def dead_letters(tx: Tx, *, wanted: Wanted, before: UUID | None, limit: int) -> DeadPage:
    """A page of dead letters, people masked. Three round trips."""
    found = await store.page(tx, wanted=wanted, before=before, limit=limit + 1)
    people = await identity.people(tx, [kept.person_id for kept, _, _ in found])
    letters = [
        DeadLetter(kept, people[kept.person_id].name_masked if kept.person_id in people else "", zh, en)
        for kept, zh, en in found[:limit]
    ]
    following = letters[-1].kept.delivery_id if len(found) > limit else None
    return DeadPage(letters, await store.counts(tx), following)


_ACTS: Mapping[str, Literal["resent", "given_up"]] = {
    "messaging.delivery_resent": "resent",
    "messaging.delivery_given_up": "given_up",
}
MOST_ACTS = 50


async def history(tx: Tx, *, taxpayer_id: int, delivery_id: UUID) -> list[Dealt]:
    """What officers did with the message of a dead letter, the newest first. Three round trips.

    Errors: messaging.delivery_unknown.
    """
    kept = await store.one(tx, taxpayer_id, delivery_id)
    if kept is None:
        raise DeliveryUnknown()
    entries = await evidence.of_subjects(tx, taxpayer_id=taxpayer_id, subject_ids=[kept.message_id], limit=MOST_ACTS)
    found = [one for one in entries if one.act in _ACTS]
    people = await identity.people(tx, sorted({one.person_id for one in found}))
    return [
        Dealt(_ACTS[one.act], one.at, people[one.person_id].name_masked if one.person_id in people else "")
        for one in found
    ]


async def _dead(tx: Tx, taxpayer_id: int, delivery_id: UUID) -> Kept:
    kept = await deliveries.locked(tx, taxpayer_id, delivery_id)
    if kept is None:
        raise DeliveryUnknown()
    if kept.state != "dead":
        raise DeliveryNotDead()
    return kept


def _deadline(kept: Kept, now: datetime) -> datetime:
    template = every_template().get(kept.template)
    return now + (template.expires if template else LONGEST)


async def resend(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, delivery_id: UUID, way: str | None
) -> DeadLetter:
    """Send a dead letter again, by another way if one is named; evidence `messaging.delivery_resent`.

    Errors: messaging.delivery_unknown, messaging.delivery_not_dead. Six round trips.
    """
    kept, now = await _dead(tx, taxpayer_id, delivery_id), clock.now()
    if way in (None, kept.way):
        await store.revive(tx, [kept], deadlines=[_deadline(kept, now)], now=now)
        wanted = [replace(kept, state="wanted", next_at=now)]
    else:
        await deliveries.move(tx, kept, "suppressed", now=now, code="given_up")
        wanted = await deliveries.add(
            tx,
            taxpayer_id=taxpayer_id,
            message_id=kept.message_id,
            template=kept.template,
            purpose=kept.purpose,
            subject_id=None,
            is_must=kept.is_must,
            planned=[(kept.person_id, Planned(str(way), "wanted", (), now))],
            deadline_at=_deadline(kept, now),
            now=now,
        )
        if not wanted:  # it was tried that way already
            raise DeliveryNotDead()
    await announce(tx, wanted, now=now, request_id=actor.request_id)
    await _record(
        tx, actor, clock, kept, act="messaging.delivery_resent", told={"way": way or kept.way, "code": kept.code}
    )
    return await _shown(tx, taxpayer_id, wanted[0].delivery_id)


async def resend_all(tx: Tx, *, actor: Actor, clock: Clock, code: str, limit: int) -> int:
    """Send again the oldest that died of one reason; how many. Evidence for each. Round trips: three and one for each."""
    found, now = await store.lock_some(tx, code=code, limit=limit), clock.now()
    if found:
        await store.revive(tx, found, deadlines=[_deadline(one, now) for one in found], now=now)
        wanted = [replace(one, state="wanted", next_at=now) for one in found]
        await announce(tx, wanted, now=now, request_id=actor.request_id)
    for kept in found:
        await _record(
            tx, actor, clock, kept, act="messaging.delivery_resent", told={"way": kept.way, "code": kept.code}
        )
    return len(found)


async def give_up(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, delivery_id: UUID, reason: str
) -> DeadLetter:
    """Leave a dead letter for good, with the officer's reason; evidence `messaging.delivery_given_up`.

    Errors: messaging.delivery_unknown, messaging.delivery_not_dead. Four round trips.
    """
    kept = await _dead(tx, taxpayer_id, delivery_id)
    await deliveries.move(tx, kept, "suppressed", now=clock.now(), code="given_up", reason=reason.strip())
    await _record(
        tx, actor, clock, kept, act="messaging.delivery_given_up", told={"reason": reason.strip(), "code": kept.code}
    )
    return await _shown(tx, taxpayer_id, delivery_id)


async def _record(tx: Tx, actor: Actor, clock: Clock, kept: Kept, *, act: str, told: dict[str, str]) -> None:
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=kept.taxpayer_id,
        subject_id=kept.message_id,
        payload={"delivery_id": str(kept.delivery_id), "person_id": kept.person_id, **told},
        summary={"by": told.get("way", kept.way), "code": kept.code},
    )


async def _shown(tx: Tx, taxpayer_id: int, delivery_id: UUID) -> DeadLetter:
    kept = await deliveries.locked(tx, taxpayer_id, delivery_id)
    if kept is None:
        raise DeliveryUnknown()
    people = await identity.people(tx, [kept.person_id])
    zh, en = await store.titles(tx, kept)
    return DeadLetter(kept, people[kept.person_id].name_masked if people else "", zh, en)
