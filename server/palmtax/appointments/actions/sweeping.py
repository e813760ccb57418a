"""What the clock does: nobody came, nobody moved up, tomorrow's reminder, tickets of days that are over."""

from __future__ import annotations

from datetime import timedelta

from palmtax import evidence
from palmtax.appointments.actions import halls
from palmtax.appointments.actions.booking import facts, tell
from palmtax.appointments.actions.changing import readable_booking
from palmtax.appointments.actions.queueing import end
from palmtax.appointments.events import AppointmentMissed
from palmtax.appointments.model.booking import OPEN, Booking, Ticket, about, paused_until
from palmtax.appointments.model.plan import rule
from palmtax.appointments.store import bookings, lines, tickets
from palmtax.base.clock import Clock, china_day, day_begins
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

BATCH = 500


async def over(tx: Tx, *, clock: Clock) -> list[Booking]:
    """Bookings whose time is over, at most a batch. One round trip."""
    late = timedelta(minutes=rule("late_minutes", clock.today()))
    return await bookings.over(tx, missed_before=clock.now() - late, now=clock.now(), limit=BATCH)


async def close(tx: Tx, *, clock: Clock, one: Booking) -> Booking | None:
    """Nobody came: missed, which counts unless they were moved up. Or nobody moved up: it lapses. None when it is over."""
    await lines.hold(tx, one.line)
    now = await readable_booking(tx, taxpayer_id=one.taxpayer_id, booking_id=one.booking_id)
    if now.state not in OPEN or now.line != one.line or now.time != one.time:
        return None
    state = "missed" if now.state == "booked" else "lapsed"
    after = await bookings.change(tx, now, state=state, ended_at=clock.now())
    if after is None:
        return None
    await bookings.release(tx, now.person_id, now.topic, now.booking_id)
    if state == "lapsed":
        await lines.leave(tx, now.line, now.arrival_no)
        return after
    await _missed(tx, clock, after)
    return after


async def _missed(tx: Tx, clock: Clock, one: Booking) -> None:
    until = {}
    if not one.is_moved_up:
        await bookings.miss(tx, one.person_id, one.booking_id, one.day)
        since = one.day - timedelta(days=rule("missed_days", one.day))
        last = paused_until(await bookings.missed_days(tx, one.person_id, since), clock.today())
        until = {"until": last.isoformat()} if last else {}
    await evidence.append(
        tx,
        actor=None,
        clock=clock,
        act="appointments.appointment_missed",
        taxpayer_id=one.taxpayer_id,
        subject_id=one.booking_id,
        payload=facts(one),
        summary={"appointment_no": one.appointment_no},
    )
    await outbox.emit(tx, AppointmentMissed(*about(one)))
    await tell(tx, clock, await halls.hall(tx, one.office_code), one, "appointment_missed", **until)


async def tomorrows(tx: Tx, *, clock: Clock) -> list[Booking]:
    """Bookings of the next day, at most a batch of ten thousand. One round trip."""
    first = day_begins(clock.today() + timedelta(days=1))
    return await bookings.between(tx, first, first + timedelta(days=1), 20 * BATCH)


async def remind(tx: Tx, *, clock: Clock, one: Booking) -> None:
    """Tell somebody about tomorrow, once; not who booked today and was told a moment ago."""
    if china_day(one.made_at) < clock.today():
        await tell(tx, clock, await halls.hall(tx, one.office_code), one, "appointment_reminder")


async def stale(tx: Tx, *, clock: Clock) -> list[Ticket]:
    """Tickets of days that are over. One round trip."""
    return await tickets.stale(tx, clock.today(), BATCH)


async def forget(tx: Tx, *, clock: Clock, one: Ticket) -> None:
    """A ticket of yesterday: who stood at the window was served, who waited is gone."""
    await end(tx, clock, one, "served" if one.state == "called" else "absent")
