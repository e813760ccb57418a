"""Taking an application back, and the end of those that nobody answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from palmtax import cases, messaging
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import finishing
from palmtax.matters.actions.drafting import state_refused
from palmtax.matters.actions.starting import moved, readable
from palmtax.matters.model import catalogue, states
from palmtax.matters.model.application import Application
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together


async def withdraw(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, application_id: UUID, reason: str
) -> Application:
    """Take back what is not decided yet. Errors: matters.application_unknown, matters.state_refused."""
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.state not in states.OPEN:
        raise state_refused(one)
    matter = catalogue.find_matter(one.matter_code)
    await cases.close_case(tx, clock=clock, taxpayer_id=taxpayer_id, subject_id=application_id, reason="withdrawn")
    return await finishing.end(
        tx, one=one, from_version=one.version, matter=matter, actor=actor, clock=clock, state="withdrawn", note=reason
    )


async def lapse(tx: Tx, *, clock: Clock, taxpayer_id: int, application_id: UUID) -> None:
    """End a supplement whose last day is over; safe to run twice."""
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.state != "supplement" or one.until_on is None or one.until_on >= clock.today():
        return
    matter = catalogue.find_matter(one.matter_code)
    await cases.close_case(tx, clock=clock, taxpayer_id=taxpayer_id, subject_id=application_id, reason="lapsed")
    ended = await finishing.end(
        tx, one=one, from_version=one.version, matter=matter, actor=None, clock=clock, state="lapsed", note=""
    )
    await messaging.tell(
        tx, clock=clock, taxpayer_id=taxpayer_id, template="application_lapsed", values=finishing.named(matter, ended),
        subject_kind="application", subject_id=application_id, key=f"lapsed:{application_id}",
        matter_code=one.matter_code,
    )  # fmt: skip


async def put_away(tx: Tx, *, clock: Clock, taxpayer_id: int, application_id: UUID) -> None:
    """Discard a draft that nobody touched for half a year; it can still be restored for 30 days."""
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.state != "draft" or one.updated_at > clock.now() - timedelta(days=states.AGES["draft"].days):
        return
    changed = replace(one, state="discarded", version=one.version + 1, updated_at=clock.now())
    await together(
        tx,
        applications.update_part(changed, one.version),
        moved(one, "matters.application_discarded", None, clock.now()),
    )
