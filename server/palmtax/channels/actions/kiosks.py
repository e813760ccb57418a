"""Printing kiosks: registered by officers of a hall, paired with a code, known by a secret, revoked at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from palmtax import appointments, evidence, privacy
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.channels.actions.knowing import Known
from palmtax.channels.errors import (
    KioskClosed,
    KioskNameTaken,
    KioskNotPaired,
    KioskRevoked,
    KioskUnknown,
    PairingCodeWrong,
)
from palmtax.channels.model import kiosks as model
from palmtax.channels.model.kiosks import CHANNEL, Kiosk, closed_because, rule_on
from palmtax.channels.model.routing import Standing
from palmtax.channels.store import kiosks as store
from palmtax.plumbing.database import Tx

_CODE, _SECRET = "channels.pairing_code", "channels.kiosk_secret"
SEEN_EVERY = timedelta(seconds=20)
WHY = {
    "off": ("渠道已停用", "the channel is switched off"),
    "region": ("本地区未开通", "it is not offered in this region"),
    "hours": ("不在服务时间", "it is outside service hours"),
}


def _code_hash(code: str) -> bytes:
    return privacy.fingerprint(model.plain_code(code), _CODE)


async def register(
    tx: Tx, *, actor: Actor, clock: Clock, office_code: str, name: str, name_en: str, place: str, place_en: str
) -> tuple[Kiosk, str]:
    """A new machine of a hall, and the code to pair it with; evidence `channels.kiosk_registered`.

    Errors: appointments.hall_unknown, channels.kiosk_name_taken. Four round trips.
    """
    await appointments.hall(tx, office_code)
    now, code = clock.now(), model.new_pairing_code()
    until = now + timedelta(seconds=rule_on(clock.today()).pairing_seconds)
    made = Kiosk(
        office_code=office_code, kiosk_id=uuid7(), name=name, name_en=name_en, place=place, place_en=place_en,
        paper="ok", registered_at=now, paired_at=None, seen_at=None, pairing_expires_at=until, revoked_at=None,
        revoked_reason="",
    )  # fmt: skip
    if not await store.add(tx, made, pairing_hash=_code_hash(code), registered_by=actor.person_id):
        raise KioskNameTaken(name=name)
    await _record(tx, actor, clock, made, act="channels.kiosk_registered")
    return made, code


async def kiosks_of(tx: Tx, office_code: str) -> list[Kiosk]:
    """The machines of a hall, those in use first. One round trip."""
    return await store.of_hall(tx, office_code)


async def _kiosk(tx: Tx, office_code: str, kiosk_id: UUID) -> Kiosk:
    found = await store.kiosk(tx, office_code, kiosk_id)
    if found is None:
        raise KioskUnknown()
    return found


async def new_code(tx: Tx, *, actor: Actor, clock: Clock, office_code: str, kiosk_id: UUID) -> tuple[Kiosk, str]:
    """Another pairing code; the machine that is paired stays so until another one uses it.

    Evidence `channels.kiosk_code_made`. Errors: channels.kiosk_unknown, channels.kiosk_revoked. Three round trips.
    """
    found, code = await _kiosk(tx, office_code, kiosk_id), model.new_pairing_code()
    until = clock.now() + timedelta(seconds=rule_on(clock.today()).pairing_seconds)
    if not await store.set_code(tx, found, pairing_hash=_code_hash(code), expires_at=until):
        raise KioskRevoked()
    await _record(tx, actor, clock, found, act="channels.kiosk_code_made")
    return replace(found, pairing_expires_at=until), code


async def revoke(tx: Tx, *, actor: Actor, clock: Clock, office_code: str, kiosk_id: UUID, reason: str) -> Kiosk:
    """Out of use at once: its secret, its code and whoever is signed in there; again changes nothing.

    Evidence `channels.kiosk_revoked`. Errors: channels.kiosk_unknown. Three round trips.
    """
    found = await _kiosk(tx, office_code, kiosk_id)
    if await store.revoke(tx, found, at=clock.now(), reason=reason):
        await _record(tx, actor, clock, found, act="channels.kiosk_revoked", reason=reason)
    return await _kiosk(tx, office_code, kiosk_id)


async def pair(tx: Tx, *, clock: Clock, code: str) -> tuple[Kiosk, str]:
    """The machine gets its secret for a code, which is spent; an older machine of the same entry is out.

    Evidence `channels.kiosk_paired`. Errors: channels.pairing_code_wrong. Three round trips.
    """
    now, hashed = clock.now(), _code_hash(code)
    found = await store.of_code(tx, hashed, now)
    if found is None:
        raise PairingCodeWrong()
    secret = model.new_secret(found.office_code, found.kiosk_id)
    secret_hash = privacy.fingerprint(secret, _SECRET)
    if not await store.pair(tx, found, pairing_hash=hashed, secret_hash=secret_hash, at=now):
        raise PairingCodeWrong()
    await _record(tx, None, clock, found, act="channels.kiosk_paired")
    return replace(found, paired_at=now, seen_at=now, paper="ok"), secret


async def machine(tx: Tx, *, secret: str) -> Kiosk:
    """The machine that shows this secret. Errors: channels.kiosk_not_paired. One round trip."""
    place = model.place_of_secret(secret)
    found = await store.of_secret(tx, *place, privacy.fingerprint(secret, _SECRET)) if place else None
    if found is None:
        raise KioskNotPaired()
    return found


async def beat(tx: Tx, *, clock: Clock, secret: str) -> Kiosk:
    """The machine says that it is there. Errors: channels.kiosk_not_paired. At most two round trips."""
    found, now = await machine(tx, secret=secret), clock.now()
    if found.seen_at is None or now - found.seen_at >= SEEN_EVERY:
        await store.seen(tx, found, now)
    return found


def why_closed(known: Known, office_code: str, clock: Clock) -> tuple[str, str] | None:
    """Why machines of a hall are closed now, in both languages; none while they are open."""
    standing = known.standings.get(CHANNEL, Standing())
    why = closed_because(known.channel(CHANNEL), standing, office_code, clock.now())
    return WHY[why] if why else None


def check_open(known: Known, office_code: str, clock: Clock) -> None:
    """`KioskClosed` when the machines of a hall are closed now."""
    why = why_closed(known, office_code, clock)
    if why is not None:
        raise KioskClosed(why=why[0], why_en=why[1])


async def _record(tx: Tx, actor: Actor | None, clock: Clock, one: Kiosk, *, act: str, **more: str) -> None:
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=0, subject_id=one.kiosk_id,
        payload={"office_code": one.office_code, "name": one.name, "place": one.place, **more},
        summary={"title": one.name, "title_en": one.name_en, **more},
    )  # fmt: skip
