"""What the clock does to complaints: accepts what nobody decided on, raises what is late, closes what was answered."""

from __future__ import annotations

from palmtax import evidence, rules
from palmtax.base.clock import Clock, day_begins
from palmtax.complaints.actions.complaints import changed, escalation
from palmtax.complaints.actions.handling import accept
from palmtax.complaints.actions.recording import keep_step
from palmtax.complaints.model.complaint import Complaint, higher_office
from palmtax.complaints.model.kinds import days_of
from palmtax.complaints.store import complaints as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

BATCH = 200


async def late(tx: Tx, *, clock: Clock) -> list[Complaint]:
    """What the clock has to move now, at most a batch. One round trip."""
    today = clock.today()
    last = rules.add_working_days(today, -days_of("close_days", today))
    before = day_begins(last)
    return await store.late(tx, today=today, answered_before=before, limit=BATCH)


async def move_on(tx: Tx, *, clock: Clock, found: Complaint) -> Complaint:
    """One step by the clock. A real-name complaint that nobody decided on counts as accepted; what is late goes up.

    Errors: complaints.changed_meanwhile when somebody was faster: then there is nothing to do.
    """
    if found.state == "filed" and found.is_real_name:
        return await accept(tx, actor=None, clock=clock, found=found, is_by_time=True)
    if found.state == "answered":
        after = await changed(tx, found, state="closed", closed_at=clock.now())
        await keep_step(tx, after, actor=None, clock=clock, act="complaints.complaint_closed")
        await evidence.append(
            tx,
            actor=None,
            clock=clock,
            act="complaints.complaint_closed",
            taxpayer_id=after.shown_taxpayer_id,
            subject_id=after.complaint_id,
            payload={"answer": after.answer},
            summary={"complaint_no": after.complaint_no},
        )
        return after
    return await _raise(tx, clock, found)


async def _raise(tx: Tx, clock: Clock, found: Complaint) -> Complaint:
    """Overdue: the office above has it from now on; of a province's own complaint it is only told again."""
    above = higher_office(found.office_code) or found.office_code
    after = await changed(tx, found, escalated_at=clock.now(), office_code=above)
    await keep_step(tx, after, actor=None, clock=clock, act="complaints.complaint_escalated")
    await evidence.append(
        tx,
        actor=None,
        clock=clock,
        act="complaints.complaint_escalated",
        taxpayer_id=after.shown_taxpayer_id,
        subject_id=after.complaint_id,
        payload={"from_office": found.office_code, "to_office": above, "due_on": found.next_due_on},
        summary={"complaint_no": after.complaint_no},
    )
    await outbox.emit(tx, escalation(after, "overdue"))
    return after
