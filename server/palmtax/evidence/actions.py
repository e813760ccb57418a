"""Appending evidence and reading a taxpayer's timeline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.evidence import store
from palmtax.evidence.model import Entry, digest_of
from palmtax.evidence.tree import current_head
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_NOBODY = Actor(0, UUID(int=0), None, "system", "")


def _entry(
    actor: Actor | None,
    clock: Clock,
    act: str,
    taxpayer_id: int,
    subject_id: UUID | None,
    payload: dict[str, Any],
    summary: dict[str, Any] | None,
) -> Entry:
    who = actor or _NOBODY
    return Entry(
        taxpayer_id=taxpayer_id,
        entry_id=uuid7(),
        at=clock.now(),
        act=act,
        channel=who.channel,
        person_id=who.person_id,
        hat_kind=who.hat.kind if who.hat else "none",
        role_code=who.hat.role_code if who.hat else "none",
        session_id=who.session_id if actor else None,
        request_id=who.request_id,
        subject_id=subject_id,
        digest=digest_of(payload),
        previous_head=current_head().root,
        summary={**(summary or {}), **({"through": who.visit.application} if who.visit else {})},
    )


def part(
    *,
    actor: Actor | None,
    clock: Clock,
    act: str,
    taxpayer_id: int,
    subject_id: UUID | None,
    payload: dict[str, Any],
    summary: dict[str, Any] | None = None,
) -> Part:
    """The entry as a part of one statement (`together`); `actor` none means the system itself."""
    return store.insert_part(_entry(actor, clock, act, taxpayer_id, subject_id, payload, summary))


async def append(
    tx: Tx,
    *,
    actor: Actor | None,
    clock: Clock,
    act: str,
    taxpayer_id: int,
    subject_id: UUID | None,
    payload: dict[str, Any],
    summary: dict[str, Any] | None = None,
) -> Entry:
    """Record an act in the caller's transaction.

    `act` is the event name (`filing.return_submitted`); `payload` is digested, not kept; `summary` holds the few
    non-personal values a timeline shows (`{"period": "2026Q3", "amount_fen": 19200}`). One round trip.
    """
    entry = _entry(actor, clock, act, taxpayer_id, subject_id, payload, summary)
    await store.insert(tx, entry)
    return entry


async def last_acts(tx: Tx, taxpayer_ids: Sequence[int], *, quiet: Collection[str] = ()) -> dict[int, datetime]:
    """When something last happened on each taxpayer's file; acts in `quiet` do not count. One round trip."""
    return await store.last_acts(tx, list(taxpayer_ids), sorted(quiet))


async def timeline(
    tx: Tx,
    *,
    taxpayer_id: int,
    before: UUID | None = None,
    channel: str | None = None,
    act: str | None = None,
    limit: int = 50,
) -> list[Entry]:
    """A taxpayer's acts through all channels, newest first; `act` is a prefix such as `filing.`. One round trip."""
    return await store.of_taxpayer(tx, taxpayer_id, before=before, channel=channel, act=act, limit=limit)


async def of_subjects(tx: Tx, *, taxpayer_id: int, subject_ids: Sequence[UUID], limit: int) -> list[Entry]:
    """The newest acts on these subjects of a taxpayer. One round trip."""
    return await store.of_subjects(tx, taxpayer_id, list(subject_ids), limit)
