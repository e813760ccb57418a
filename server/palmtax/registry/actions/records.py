"""Keeping and ending records of the register; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from palmtax import evidence
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act
from palmtax.plumbing.together import Part, once
from palmtax.registry import errors
from palmtax.registry.model import Record, RecordKind, record_kinds, record_number
from palmtax.registry.store import records as store


def record_kind(code: str) -> RecordKind:
    """What a kind of record is called and how many there may be. Errors: registry.record_kind_unknown."""
    found = record_kinds().get(code)
    if found is None:
        raise errors.RecordKindUnknown(kind=code)
    return found


async def records(tx: Tx, taxpayer_id: int, kinds: Sequence[str], *, clock: Clock) -> list[Record]:
    """A taxpayer's records of these kinds that count today, newest first. One round trip."""
    return await store.current(tx, taxpayer_id, kinds, clock.today())


async def keep(tx: Tx, *, act: Act, kind: str, data: Mapping[str, Any]) -> Record:
    """Put a record into the register, once for an application and kind; of `one` it replaces the one before.

    Errors: registry.record_kind_unknown; plumbing.busy when the same application does it at this very moment.
    """
    known, today = record_kind(kind), act.clock.today()
    cause = f"keep:{kind}"
    before = await store.of_cause(tx, act.taxpayer_id, act.application_id, cause)
    if before is not None:
        return before
    if known.keeps == "one":
        for old in await store.lock_kind(tx, act.taxpayer_id, kind, today):
            _, row = await _closing(tx, act=act, old=old, reason="replaced")
            await once(tx, row)
    record_id = uuid7()
    made = Record(
        taxpayer_id=act.taxpayer_id,
        record_id=record_id,
        record_no=record_number(record_id, today),
        kind=kind,
        data=dict(data),
        valid_from=today,
        valid_until=None,
        known_at=act.clock.now(),
        application_id=act.application_id,
        application_no=act.application_no,
        matter_code=act.matter_code,
    )
    row = store.row_part(made, cause=cause, reason="", office_code=act.office_code)
    await once(tx, row, _told(act=act, name="registry.record_kept", kept=made))
    return made


async def end(tx: Tx, *, act: Act, kind: str, record_no: str, reason: str) -> Record:
    """A record no longer counts from today; once for an application. Errors: registry.record_unknown."""
    record_kind(kind)
    before = await store.of_cause(tx, act.taxpayer_id, act.application_id, f"end:{record_no}")
    if before is not None:
        return before
    old = await store.locked(tx, act.taxpayer_id, record_no, act.clock.today())
    if old is None or old.kind != kind:
        raise errors.RecordUnknown(record_no=record_no)
    closed, row = await _closing(tx, act=act, old=old, reason=reason)
    await once(tx, row, _told(act=act, name="registry.record_ended", kept=closed))
    return closed


async def _closing(tx: Tx, *, act: Act, old: Record, reason: str) -> tuple[Record, Part]:
    """Marks the row that told about the record; the one that closes it, and what writes it."""
    now, today = act.clock.now(), act.clock.today()
    await store.supersede(tx, old.taxpayer_id, old.record_id, now)
    closed = replace(
        old,
        record_id=uuid7(),
        valid_until=max(today, old.valid_from),
        known_at=now,
        application_id=act.application_id,
        application_no=act.application_no,
        matter_code=act.matter_code,
    )
    cause = f"end:{old.record_no}"
    return closed, store.row_part(closed, cause=cause, reason=reason, office_code=act.office_code)


def _told(*, act: Act, name: str, kept: Record) -> Part:
    return evidence.part(
        actor=act.actor,
        clock=act.clock,
        act=name,
        taxpayer_id=act.taxpayer_id,
        subject_id=kept.record_id,
        payload={
            "record_no": kept.record_no,
            "kind": kept.kind,
            "data": kept.data,
            "application_id": act.application_id,
        },
        summary={"record_no": kept.record_no, "kind": kept.kind, "application_no": act.application_no},
    )
