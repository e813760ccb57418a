"""What officers do while nobody has read a served document: they call, or send it on paper. Each attempt is evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from palmtax import evidence, identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.messaging.actions.serving import record_of
from palmtax.messaging.errors import DayAhead, NoSuchPhone, NotThisStep, ServiceUnknown
from palmtax.messaging.events import ServiceEnded
from palmtax.messaging.model.service import OUTCOMES, Attempt, Called, Papered, Served, ServiceRecord, calls_in_vain
from palmtax.messaging.store import attempts
from palmtax.messaging.store import serving as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx


async def service_of_message(tx: Tx, *, taxpayer_id: int, message_id: UUID) -> ServiceRecord:
    """The record of the document that a message brought. Five round trips. Errors: messaging.service_unknown."""
    served = await store.of_message(tx, taxpayer_id, message_id, is_locked=False)
    if served is None:
        raise ServiceUnknown()
    return await record_of(tx, served)


async def note_call(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    message_id: UUID,
    person_id: int,
    outcome: Called,
    note: str,
) -> bool:
    """A call was made; whether the task is over: somebody was reached, or calling is of no use and paper follows at once.

    Evidence `messaging.document_phoned`. Five to seven round trips.
    Errors: messaging.service_unknown, messaging.not_this_step, messaging.no_such_phone.
    """
    served = await _waiting(tx, taxpayer_id, message_id, "phone")
    await _phone(tx, clock, taxpayer_id, person_id)
    attempt = Attempt("phone", outcome, clock.now(), actor.person_id, person_id, note=note.strip())
    await attempts.add(tx, served, attempt)
    await _record(tx, actor, clock, served, attempt, act="messaging.document_phoned")
    made = [one for one in await attempts.of_document(tx, taxpayer_id, served.document_no) if one.step == "phone"]
    is_vain = outcome != "reached" and (outcome == "wrong_number" or len(made) >= calls_in_vain())
    if is_vain:
        await store.step(tx, served, "phone", clock.now())
    return is_vain or outcome == "reached"


async def note_paper(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    message_id: UUID,
    outcome: Papered,
    on_day: date,
    receipt_no: str,
    note: str,
) -> None:
    """It went on paper: nothing more need follow. The day on which it counts as served stays that of the entering.

    Evidence `messaging.document_on_paper`, event `messaging.service_ended`. Five round trips.
    Errors: messaging.service_unknown, messaging.not_this_step, messaging.day_ahead.
    """
    served = await _waiting(tx, taxpayer_id, message_id, "paper")
    if not served.served_on <= on_day <= clock.today():
        raise DayAhead(first=served.served_on.isoformat(), last=clock.today().isoformat())
    attempt = Attempt("paper", outcome, clock.now(), actor.person_id, None, on_day, receipt_no.strip(), note.strip())
    await attempts.add(tx, served, attempt)
    await _record(tx, actor, clock, served, attempt, act="messaging.document_on_paper")
    await store.step(tx, served, "done", None)
    await outbox.emit(tx, ServiceEnded(taxpayer_id, served.document_no, message_id), actor.request_id)


async def phones_of(tx: Tx, *, clock: Clock, taxpayer_id: int) -> Sequence[identity.Contact]:
    """Whom an officer may call about this taxpayer, who answers for it first; numbers masked. One round trip."""
    return [one for one in await identity.contacts(tx, taxpayer_id, clock=clock) if one.phone_masked]


async def show_phone(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, message_id: UUID, person_id: int, reason: str
) -> str:
    """The number in the clear, for a reason; evidence `messaging.phone_shown` each time. Four round trips.

    Errors: messaging.service_unknown, messaging.not_this_step, messaging.no_such_phone.
    """
    served = await _waiting(tx, taxpayer_id, message_id, "phone")
    number = await _phone(tx, clock, taxpayer_id, person_id)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="messaging.phone_shown",
        taxpayer_id=taxpayer_id,
        subject_id=message_id,
        payload={"document_no": served.document_no, "person_id": person_id, "reason": reason.strip()},
        summary={"document_no": served.document_no},
    )
    return number


async def _waiting(tx: Tx, taxpayer_id: int, message_id: UUID, step: str) -> Served:
    served = await store.of_message(tx, taxpayer_id, message_id)
    if served is None:
        raise ServiceUnknown()
    if served.step != step:
        raise NotThisStep()
    return served


async def _phone(tx: Tx, clock: Clock, taxpayer_id: int, person_id: int) -> str:
    if person_id not in {one.person_id for one in await identity.contacts(tx, taxpayer_id, clock=clock)}:
        raise NoSuchPhone()
    found = await identity.addresses(tx, [person_id], ["phone"])
    if not found:
        raise NoSuchPhone()
    return found[0].value


async def _record(tx: Tx, actor: Actor, clock: Clock, served: Served, attempt: Attempt, *, act: str) -> None:
    zh, en = OUTCOMES[attempt.outcome]
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=served.taxpayer_id,
        subject_id=served.message_id,
        payload={
            "document_no": served.document_no,
            "outcome": attempt.outcome,
            "person_id": attempt.person_id,
            "on_day": attempt.on_day,
            "receipt_no": attempt.receipt_no,
            "note": attempt.note,
        },
        summary={"document_no": served.document_no, "title": zh, "title_en": en},
    )
