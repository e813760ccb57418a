"""A person's minutes at a kiosk: a code on the screen, confirmed on the phone under one hat, over by itself.

It is no session: what the machine holds opens the list of papers and printing, and nothing else of the house.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from palmtax import evidence, identity, privacy
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.channels.actions.kiosks import machine
from palmtax.channels.errors import VisitOver, VisitTaken, VisitUnknown
from palmtax.channels.model.kiosks import CHANNEL, Ending, Kiosk, Visit, new_number, rule_on
from palmtax.channels.store import kiosks as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.faults import Busy

_ABOUT = "channels.visit"
_TRIES = 8
SCOPE = "certificates.read"
"""What a hat must carry to read and print papers."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands at the machine: the person under the hat they confirmed, as it is today."""

    kiosk: Kiosk
    visit: Visit
    actor: Actor
    taxpayer_id: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A visit as its phone sees it, with the machine it is at."""

    visit: Visit
    kiosk: Kiosk


async def begin(tx: Tx, *, clock: Clock, kiosk: Kiosk) -> tuple[Visit, str]:
    """A code for the screen: number, six digits, and the secret that never leaves the machine. Two round trips.

    Errors: plumbing.busy (all digits tried are taken).
    """
    now, visit_id, secret = clock.now(), uuid7(), secrets.token_urlsafe(32)
    until = now + timedelta(seconds=rule_on(clock.today()).code_seconds)
    for _ in range(_TRIES):
        number = new_number()
        if await store.take_number(tx, number, visit_id, now=now, until=until):
            break
    else:
        raise Busy()
    made = Visit(
        visit_id=visit_id, office_code=kiosk.office_code, kiosk_id=kiosk.kiosk_id, number=number, state="waiting",
        expires_at=until, idle_at=None, person_id=None, hat_id=None, taxpayer_id=None, title="", end_reason="",
    )  # fmt: skip
    await store.add_visit(tx, made, secret_hash=privacy.fingerprint(secret, _ABOUT), at=now)
    return made, f"{visit_id}.{secret}"


async def at_machine(tx: Tx, *, clock: Clock, kiosk_secret: str, visit_secret: str) -> tuple[Kiosk, Visit]:
    """The visit of this machine; one whose time is up is ended. At most three round trips.

    Errors: channels.kiosk_not_paired, channels.visit_over (unknown here, or another machine's).
    """
    kiosk = await machine(tx, secret=kiosk_secret)
    number, _, secret = visit_secret.partition(".")
    try:
        visit_id = UUID(number)
    except ValueError:
        raise VisitOver() from None
    found = await store.visit_at(tx, kiosk, visit_id, privacy.fingerprint(secret, _ABOUT))
    if found is None:
        raise VisitOver()
    why = found.ending_at(clock.now())
    if why and found.state != "ended":
        await store.end_visit(tx, visit_id, now=clock.now(), why=why)
        found = replace(found, state="ended", end_reason=why, title="")
    return kiosk, found


async def visitor(tx: Tx, *, clock: Clock, kiosk_secret: str, visit_secret: str, request_id: str) -> Visitor:
    """Who stands at the machine now, under the hat they confirmed if they still hold it. Three round trips.

    Errors: channels.kiosk_not_paired, channels.visit_over.
    """
    kiosk, found = await at_machine(tx, clock=clock, kiosk_secret=kiosk_secret, visit_secret=visit_secret)
    if found.state != "open" or found.person_id is None or found.taxpayer_id is None:
        raise VisitOver()
    actor = await identity.acting_for(
        tx, clock=clock, person_id=found.person_id, taxpayer_id=found.taxpayer_id, request_id=request_id,
        hat_id=found.hat_id,
    )  # fmt: skip
    if actor is None or not actor.may(SCOPE):
        raise VisitOver()
    return Visitor(kiosk, found, replace(actor, channel=CHANNEL, session_id=found.visit_id), found.taxpayer_id)


async def stay(tx: Tx, *, clock: Clock, visit: Visit) -> Visit:
    """Somebody touches the screen: the idle minutes begin anew, never beyond the whole time. One round trip.

    Errors: channels.visit_over.
    """
    now = clock.now()
    idle_at = now + timedelta(seconds=rule_on(clock.today()).idle_seconds)
    found = await store.stay(tx, visit.visit_id, now=now, idle_at=idle_at)
    if found is None:
        raise VisitOver()
    return found


async def end(tx: Tx, *, clock: Clock, visit: Visit, why: Ending) -> None:
    """The person goes; again changes nothing. One round trip."""
    await store.end_visit(tx, visit.visit_id, now=clock.now(), why=why)


async def look(tx: Tx, *, clock: Clock, code: str, person_id: int) -> Shown:
    """What a code on a screen leads to, by its number or its six digits: which machine, where it stands.

    Errors: channels.visit_unknown (also when it is another person's), channels.visit_taken. At most three round trips.
    """
    now = clock.now()
    visit_id = await store.visit_of_number(tx, code, now) if len(code) == 6 else UUID(code)
    found = await store.visit(tx, visit_id) if visit_id else None
    kiosk = await store.kiosk(tx, found.office_code, found.kiosk_id) if found else None
    if found is None or kiosk is None or kiosk.revoked_at is not None or found.person_id not in (None, person_id):
        raise VisitUnknown()
    why = found.ending_at(now)
    if why and found.person_id is None:
        raise VisitTaken()
    return Shown(replace(found, state="ended", end_reason=why) if why else found, kiosk)


async def confirm(tx: Tx, *, actor: Actor, clock: Clock, visit_id: UUID, taxpayer_id: int) -> Shown:
    """The person opens the machine for themselves under the hat they wear; again changes nothing.

    Evidence `channels.visit_confirmed` in the taxpayer's timeline. Errors: channels.visit_unknown, channels.visit_taken.
    Seven round trips.
    """
    shown = await look(tx, clock=clock, code=str(visit_id), person_id=actor.person_id)
    if shown.visit.state == "open":
        return shown
    if shown.visit.state == "ended" or actor.hat is None:
        raise VisitTaken()
    rule, now = rule_on(clock.today()), clock.now()
    opened = await store.open_visit(
        tx, shown.visit, person_id=actor.person_id, hat_id=actor.hat.hat_id, taxpayer_id=taxpayer_id,
        title=await _called(tx, actor, actor.hat.hat_id, clock), now=now,
        until=now + timedelta(seconds=rule.visit_seconds), idle_at=now + timedelta(seconds=rule.idle_seconds),
    )  # fmt: skip
    if not opened:
        raise VisitTaken()
    kiosk = shown.kiosk
    await evidence.append(
        tx, actor=actor, clock=clock, act="channels.visit_confirmed", taxpayer_id=taxpayer_id, subject_id=visit_id,
        payload={"kiosk_id": kiosk.kiosk_id, "office_code": kiosk.office_code, "name": kiosk.name, "place": kiosk.place},
        summary={"title": kiosk.name, "title_en": kiosk.name_en},
    )  # fmt: skip
    return await look(tx, clock=clock, code=str(visit_id), person_id=actor.person_id)


async def _called(tx: Tx, actor: Actor, hat_id: UUID, clock: Clock) -> str:
    """What the screen calls the visitor: the business, or their own name masked, for others may look."""
    title = (await identity.hat_titles(tx, clock=clock, person_id=actor.person_id)).get(hat_id)
    return title or (await identity.people(tx, [actor.person_id]))[actor.person_id].name_masked


async def leave(tx: Tx, *, actor: Actor, clock: Clock, visit_id: UUID) -> None:
    """The person ends it from the phone; again changes nothing. Errors: channels.visit_unknown. Two round trips."""
    found = await store.visit(tx, visit_id)
    if found is None or found.person_id != actor.person_id:
        raise VisitUnknown()
    await store.end_visit(tx, visit_id, now=clock.now(), why="phone")


async def forget(tx: Tx, *, clock: Clock) -> None:
    """Drop old visits; what they printed stays. Two round trips."""
    await store.forget(tx, clock.now() - store.KEPT)
