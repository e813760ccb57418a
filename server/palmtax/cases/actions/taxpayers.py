"""What officers ask of a taxpayer: find, open, follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from palmtax import evidence, filing, identity, payment, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.model.acts import QUIET_ACTS
from palmtax.plumbing.database import Tx

PHONE_MASK = re.compile(r"^1[3-9]\d\*{4}\d{4}$|^1[3-9]\d{9}$")


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a search: the taxpayer, a contact, what is owed, how many returns are late."""

    taxpayer: registry.Taxpayer
    contact: identity.Contact | None
    owed_fen: int
    overdue_returns: int
    last_act_at: datetime | None = None


async def search(
    tx: Tx,
    *,
    actor: Actor,
    today: date,
    text: str,
    vat_kind: str | None,
    status: str | None,
    sort: str,
    cursor: str | None,
    limit: int,
    is_owing: bool = False,
) -> tuple[list[Hit], str | None, int]:
    """Taxpayers of the officer's office (and those below it) by name, USCC or phone (whole or masked 138****5678).

    `is_owing` leaves only those who owe something. Seven round trips at most, whatever the number of hits.
    """
    asked, office_code = text.strip(), _office(actor)
    if not office_code:
        return [], None, 0
    ids: list[int] | None = None
    if PHONE_MASK.match(asked):
        mask = asked if "*" in asked else f"{asked[:3]}****{asked[-4:]}"
        ids, asked = await identity.taxpayers_of_phone(tx, mask), ""
    if is_owing:
        owing = await payment.owing(tx)
        ids = owing if ids is None else sorted(set(ids) & set(owing))
    found, following, total = await registry.search(
        tx,
        text=asked,
        vat_kind=vat_kind,
        status=status,
        office_code=office_code,
        sort=sort,
        cursor=cursor,
        limit=limit,
        ids=ids,
    )
    numbers = [t.taxpayer_id for t in found]
    owed = await payment.owed(tx, numbers)
    late = await filing.overdue_counts(tx, numbers, today)
    contacts = await identity.first_contacts(tx, numbers)
    acts = await evidence.last_acts(tx, numbers, quiet=QUIET_ACTS)
    hits = [
        Hit(
            t,
            contacts.get(t.taxpayer_id),
            owed.get(t.taxpayer_id, 0),
            late.get(t.taxpayer_id, 0),
            acts.get(t.taxpayer_id),
        )
        for t in found
    ]
    return hits, following, total


def _office(actor: Actor) -> str:
    return actor.hat.office_code or "" if actor.hat else ""


async def readable_taxpayer(tx: Tx, actor: Actor, taxpayer_id: int) -> registry.Taxpayer:
    """The taxpayer, when the officer's office covers it; otherwise TaxpayerUnknown, as if it were not there."""
    found = await registry.taxpayer(tx, taxpayer_id)
    if not registry.covers(_office(actor), found.office_code):
        raise registry.TaxpayerUnknown()
    return found


async def open_file(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int) -> tuple[Hit, list[identity.Contact]]:
    """Open a taxpayer's file; that it was opened, and by whom, is evidence."""
    found = await readable_taxpayer(tx, actor, taxpayer_id)
    contacts = await identity.contacts(tx, taxpayer_id)
    owed = await payment.owed(tx, [taxpayer_id])
    late = await filing.overdue_counts(tx, [taxpayer_id], clock.today())
    await evidence.append(
        tx, actor=actor, clock=clock, act="cases.file_opened", taxpayer_id=taxpayer_id, subject_id=None, payload={}
    )
    first = contacts[0] if contacts else None
    return Hit(found, first, owed.get(taxpayer_id, 0), late.get(taxpayer_id, 0)), contacts


async def timeline(
    tx: Tx, *, actor: Actor, taxpayer_id: int, before: UUID | None, channel: str | None, act: str | None, limit: int
) -> tuple[list[evidence.Entry], dict[int, identity.Person], UUID | None]:
    """What happened on a taxpayer's file through every channel, newest first, who did it, and where the next page begins.

    Officers' own reading is left out unless asked for, however much there is of it. A few round trips.
    """
    await readable_taxpayer(tx, actor, taxpayer_id)
    shown: list[evidence.Entry] = []
    step, place = limit * 4, before
    while len(shown) <= limit:
        entries = await evidence.timeline(
            tx, taxpayer_id=taxpayer_id, before=place, channel=channel, act=act, limit=step
        )
        shown += [e for e in entries if act or e.act not in QUIET_ACTS]
        if len(entries) < step:
            break
        place = entries[-1].entry_id
    following = shown[limit - 1].entry_id if len(shown) > limit else None
    people = await identity.people(tx, sorted({e.person_id for e in shown[:limit] if e.person_id}))
    return shown[:limit], people, following
