"""From a message that was told to deliveries: to whom, by which way, when. The worker's work, safe to run twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from palmtax import identity
from palmtax.base.actor import NATURAL_BASE
from palmtax.base.clock import Clock, china_day, day_begins
from palmtax.messaging.actions.officers import wishes_of
from palmtax.messaging.events import DeliveryDied, DeliveryWanted
from palmtax.messaging.model.deliveries import Kept
from palmtax.messaging.model.officers import first_wish, sending_of
from palmtax.messaging.model.planning import Person, Planned, for_whom, plan
from palmtax.messaging.model.reading import every_template
from palmtax.messaging.model.sending import INBOX
from palmtax.messaging.model.templates import Template
from palmtax.messaging.store import deliveries as store
from palmtax.messaging.store import messages, wishes
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx


async def plan_message(
    tx: Tx, *, clock: Clock, taxpayer_id: int, message_id: UUID, request_id: str = "", priority: int = 0
) -> list[Kept]:
    """Write down the deliveries of a message, and tell channels which are due; the second time nothing is new.

    Everybody who reads for the taxpayer has it in the inbox; outside it goes as template, wish and address allow.
    Seven round trips, whatever the number of people.
    """
    told = await messages.told(tx, taxpayer_id, message_id)
    template = every_template().get(told.template) if told else None
    if told is None or template is None:
        return []
    readers = await readers_of(tx, clock, template, taxpayer_id)
    people = [one for one in readers if told.for_person_id in (None, one.person_id)]
    now = clock.now()
    known = await _known(tx, taxpayer_id, [one.person_id for one in people], template, told.subject_id, now)
    planned: list[tuple[int, Planned]] = []
    for reader in people:
        is_meant = told.for_person_id is not None or for_whom(template, [reader.role_code])
        steps = (
            plan(template, known[reader.person_id], sending_of(template), now=now)
            if is_meant
            else [Planned(INBOX, "delivered")]
        )
        planned += [(reader.person_id, one) for one in steps]
    added = await store.add(
        tx,
        taxpayer_id=taxpayer_id,
        message_id=message_id,
        template=template.slug,
        purpose=template.purpose,
        subject_id=told.subject_id,
        is_must=template.reach == "must",
        planned=planned,
        deadline_at=now + template.expires,
        now=now,
    )
    new = {(one.person_id, one.way) for one in added}
    replaced = [one.replaces for person_id, one in planned if one.replaces and (person_id, one.way) in new]
    if replaced:
        await store.suppress(tx, taxpayer_id, replaced, code="merged", now=now)
    due = [one for one in added if one.state == "wanted" and one.next_at is not None and one.next_at <= now]
    await _call(tx, due, request_id, priority)
    await _bury(tx, added, request_id)
    return added


async def readers_of(tx: Tx, clock: Clock, template: Template, taxpayer_id: int) -> list[identity.Reader]:
    """Who may be told by this template today: who reads for the taxpayer; an officer while they are one. One round trip."""
    if template.audience != "officer":
        return await identity.readers(tx, taxpayer_id=taxpayer_id, clock=clock)
    person_id = taxpayer_id - NATURAL_BASE
    hats = await identity.officer_hats(tx, person_id=person_id, clock=clock)
    return [identity.Reader(person_id, hat.role_code) for hat in hats[:1]]


async def _known(
    tx: Tx, taxpayer_id: int, person_ids: Sequence[int], template: Template, subject_id: UUID | None, now: datetime
) -> dict[int, Person]:
    """What is known of these people for this message. Four round trips."""
    midnight = day_begins(china_day(now)).astimezone(UTC)
    since = min(midnight, now - template.repeat, now - timedelta(days=1))
    wished = await wishes_of(tx, template, taxpayer_id, person_ids)
    asks = template.purpose in sending_of(template).consents
    consents = await wishes.consents(tx, taxpayer_id, person_ids) if asks else {}
    recent = await store.recent(
        tx, person_ids, taxpayer_id=taxpayer_id, template=template.slug, subject_id=subject_id, since=since, now=now
    )
    ways, reachable = sending_of(template).ways, dict[int, set[str]]()
    for address in await identity.addresses(tx, person_ids):
        if address.is_reachable:
            reachable.setdefault(address.person_id, set()).add(address.family)
    return {
        one: Person(
            person_id=one,
            wish=wished.get(one) or first_wish(template),
            ways=frozenset(way.code for way in ways.values() if reachable.get(one, set()) & set(way.families)),
            consents=consents.get(one, frozenset()),
            recent=recent.get(one, []),
            day_began_at=midnight,
        )
        for one in person_ids
    }


async def announce(tx: Tx, kept: Sequence[Kept], *, now: datetime, request_id: str = "") -> None:
    """Tell channels of those that are due; the sweep tells of the others when they are. Two round trips."""
    due = [one for one in kept if one.next_at is not None and one.next_at <= now]
    if not due:
        return
    await store.announced(tx, due, now)
    await _call(tx, due, request_id)


async def _call(tx: Tx, due: Sequence[Kept], request_id: str, priority: int = 0) -> None:
    wanted = [DeliveryWanted(one.taxpayer_id, one.delivery_id, one.person_id, one.way) for one in due]
    await outbox.enqueue_all(tx, [outbox.news(one, request_id, priority) for one in wanted])


async def _bury(tx: Tx, kept: Sequence[Kept], request_id: str) -> None:
    for one in kept:
        if one.state == "dead":
            await outbox.emit(tx, died(one, one.code), request_id)


def died(kept: Kept, code: str) -> DeliveryDied:
    """The news that no way led to the person."""
    return DeliveryDied(kept.taxpayer_id, kept.delivery_id, kept.person_id, kept.way, kept.template, kept.is_must, code)
