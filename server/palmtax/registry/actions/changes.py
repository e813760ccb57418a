"""Changing what is registered: each change is kept with both its times, the column follows on its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from palmtax import evidence, identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act
from palmtax.registry import errors
from palmtax.registry.model import (
    FILING_PERIODS,
    STATUSES,
    VAT_KINDS,
    Change,
    natural_taxpayer_id,
    offices_of_region,
)
from palmtax.registry.store import changes as store

_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "vat_kind": VAT_KINDS,
    "filing_period": FILING_PERIODS,
    "status": STATUSES,
}
LOOK_BACK_DAYS = 14
"""How far the daily task looks back, so that a few days without a worker lose nothing."""


async def change(tx: Tx, *, act: Act, asked: Mapping[str, str], valid_from: date | None = None) -> None:
    """Change columns of the taxpayer from a day on (today when none is said); each once for an application.

    Errors: registry.taxpayer_unknown, registry.value_wrong.
    """
    for field, value in asked.items():
        if not value.strip() or value not in _ALLOWED.get(field, (value,)):
            raise errors.ValueWrong(field=field, value=value[:40])
    before = await store.lock(tx, act.taxpayer_id)
    if before is None:
        raise errors.TaxpayerUnknown()
    today = act.clock.today()
    day = valid_from or today
    done: dict[str, str] = {}
    for field, value in asked.items():
        made = Change(uuid7(), field, before[field], value.strip(), day, act.clock.now(), act.application_no)
        if await store.add(tx, act.taxpayer_id, made, act.application_id):
            done[field] = made.after
    if not done:
        return
    for field in done if day <= today else ():
        await _follow(tx, act.taxpayer_id, field, today)
    await evidence.append(
        tx,
        actor=act.actor,
        clock=act.clock,
        act="registry.details_changed",
        taxpayer_id=act.taxpayer_id,
        subject_id=act.application_id,
        payload={"after": done, "before": {field: before[field] for field in done}, "valid_from": day},
        summary={"fields": sorted(done), "valid_from": day.isoformat(), "application_no": act.application_no},
    )


async def _follow(tx: Tx, taxpayer_id: int, field: str, today: date) -> None:
    """The column becomes what its newest change says for today; a new name also stands on the hats."""
    value = await store.value_on(tx, taxpayer_id, field, today)
    if value is None:
        return
    await store.set_column(tx, taxpayer_id, field, value)
    if field == "name":
        await identity.retitle_hats(tx, taxpayer_id=taxpayer_id, title=value)


async def follow_changes(tx: Tx, *, clock: Clock) -> int:
    """Changes that begin today, or began in the last days, reach their columns; how many. Twice is once."""
    today = clock.today()
    begun = await store.beginning(tx, today - timedelta(days=LOOK_BACK_DAYS), today)
    for taxpayer_id, field in begun:
        await _follow(tx, taxpayer_id, field, today)
    return len(begun)


async def changes_of(tx: Tx, taxpayer_id: int, *, limit: int = 50) -> list[Change]:
    """What of a taxpayer changed, newest first. One round trip."""
    return await store.of_taxpayer(tx, taxpayer_id, limit)


async def ensure_natural_person(tx: Tx, *, clock: Clock, person_id: int, name_masked: str, office_code: str) -> int:
    """The taxpayer that a natural person is, added when there is none yet; its number. One round trip, two when new."""
    taxpayer_id = natural_taxpayer_id(person_id)
    is_new = await store.add_person(
        tx, taxpayer_id, name_masked=name_masked, office_code=office_code, today=clock.today()
    )
    if is_new:
        await evidence.append(
            tx,
            actor=None,
            clock=clock,
            act="registry.person_added",
            taxpayer_id=taxpayer_id,
            subject_id=None,
            payload={"person_id": person_id, "office_code": office_code},
        )
    return taxpayer_id


async def office_of_region(tx: Tx, region: str) -> str:
    """The office of an administrative division, or of the city or province above it; empty when none is loaded."""
    codes = offices_of_region(region)
    return await store.first_office(tx, codes) if codes else ""


async def choose_office(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, office_code: str) -> str:
    """A natural person's office from now on; a business has the one it is registered with. Two round trips.

    Errors: registry.office_unknown, registry.office_given.
    """
    if not await store.first_office(tx, [office_code]):
        raise errors.OfficeUnknown(office_code=office_code[:11])
    before = await store.set_office(tx, taxpayer_id, office_code)
    if before is None:
        raise errors.OfficeGiven()
    if before != office_code:
        payload = {"before": before, "after": office_code}
        await evidence.append(
            tx, actor=actor, clock=clock, act="registry.office_chosen", taxpayer_id=taxpayer_id, subject_id=None,
            payload=payload, summary=payload,
        )  # fmt: skip
    return office_code


async def top_office(tx: Tx) -> str:
    """The code of the office above all others; empty when no offices are loaded. One round trip."""
    return await store.top_office(tx)


async def hold_taxpayer(tx: Tx, taxpayer_id: int) -> None:
    """Let nobody else who asks for it act on this taxpayer until the transaction ends. Errors: registry.taxpayer_unknown."""
    if await store.lock(tx, taxpayer_id) is None:
        raise errors.TaxpayerUnknown()
