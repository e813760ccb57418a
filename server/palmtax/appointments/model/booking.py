"""Bookings, their fair order, the pause after two missed ones; tickets and the honest estimate of a wait. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from palmtax.appointments.model.plan import rule

State = Literal["booked", "waiting", "checked_in", "served", "cancelled", "missed", "lapsed"]
OPEN = frozenset({"booked", "waiting"})
TicketState = Literal["waiting", "called", "served", "absent", "left"]
ENOUGH = 5
"""So many measured services make an estimate measured, not planned."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where people stand in one order: the desk of a hall on a day."""

    office_code: str
    day: date
    desk: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking, or a place on the waiting list, of one person for one topic."""

    taxpayer_id: int
    booking_id: UUID
    appointment_no: str
    person_id: int
    office_code: str
    topic: str
    desk: str
    day: date
    time: str
    starts_at: datetime
    is_flexible: bool
    state: State
    arrival_no: int
    made_at: datetime
    is_moved_up: bool = False
    checked_in_at: datetime | None = None
    ended_at: datetime | None = None
    application_id: UUID | None = None
    moved_by: UUID | None = None

    @property
    def line(self) -> Line:
        """The order it stands in."""
        return Line(self.office_code, self.day, self.desk)


@dataclass(frozen=True, slots=True)
class AboutBooking:
    """What all news of a booking tells: whose, where, for what and when."""

    taxpayer_id: int
    booking_id: UUID
    office_code: str
    topic: str
    day: date
    time: str


def about(one: Booking) -> tuple[int, UUID, str, str, date, str]:
    """What news about a booking tells, in the order of `AboutBooking`."""
    return one.taxpayer_id, one.booking_id, one.office_code, one.topic, one.day, one.time


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody is told at once: booked, or the place on the waiting list and which times are free."""

    booking: Booking
    place: int = 0
    free: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request in the order in which it came; without names it may be shown to anybody."""

    arrival_no: int
    at: datetime
    time: str
    state: Literal["booked", "waiting", "moved_up", "left"]
    commitment: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number in the queue of today."""

    office_code: str
    ticket_id: UUID
    day: date
    desk: str
    ticket_no: str
    taxpayer_id: int
    person_id: int
    booking_id: UUID | None
    topic: str
    state: TicketState
    taken_at: datetime
    rank_at: datetime
    called_at: datetime | None = None
    window_no: int | None = None
    ended_at: datetime | None = None
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How a desk goes today: who waits, what was measured, windows at work."""

    waiting: int = 0
    served: int = 0
    seconds: int = 0
    windows: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Minutes to wait, from and to; `measured` services of today stand behind it, 0 means planned times."""

    low: int
    high: int
    measured: int


def commitment(booking_id: UUID, clock: str, at: datetime) -> bytes:
    """32 bytes that stand for a request in the public order: who made it can recompute them, nobody else can guess.

    >>> commitment(UUID(int=1), "09:00", datetime(2026, 11, 23)).hex()[:8]
    '141a100d'
    """
    return hashlib.sha256(f"{booking_id} {clock} {at.isoformat()}".encode()).digest()


def is_unbroken(arrivals: Sequence[Arrival]) -> bool:
    """Whether an order from its first request on is whole: each digest is the hash of the one before and its own."""
    last = b""
    for number, one in enumerate(arrivals, 1):
        last = hashlib.sha256(last + one.commitment).digest()
        if one.arrival_no != number or one.digest != last:
            return False
    return True


def paused_until(missed: Sequence[date], today: date) -> date | None:
    """The last day without booking after the last missed one and the one before it; none when there is no pause.

    Two missed bookings within 60 days pause for seven days, counted from the day after the second.

    >>> paused_until([date(2026, 11, 2), date(2026, 11, 20)], date(2026, 11, 23))
    datetime.date(2026, 11, 27)
    >>> (
    ...     paused_until([date(2026, 11, 20)], date(2026, 11, 23)),
    ...     paused_until([date(2026, 9, 1), date(2026, 11, 20)], date(2026, 11, 23)),
    ... )
    (None, None)
    """
    days = sorted(missed)
    limit = rule("missed_limit", today)
    if len(days) < limit or (days[-1] - days[-limit]).days > rule("missed_days", today):
        return None
    last = days[-1] + timedelta(days=rule("pause_days", today))
    return last if today <= last else None


def estimate(ahead: int, pace: Pace, *, minutes: int, windows: int) -> Estimate:
    """How long the wait will be: people ahead, times the measured time of a service, over the windows at work.

    Until five services were measured today the planned minutes count, and the range is wider.

    >>> estimate(6, Pace(6, 20, 600, 3), minutes=15, windows=4), estimate(6, Pace(), minutes=15, windows=3)
    (Estimate(low=16, high=26, measured=20), Estimate(low=18, high=54, measured=0))
    >>> estimate(0, Pace(), minutes=15, windows=3)
    Estimate(low=0, high=0, measured=0)
    """
    is_measured = pace.served >= ENOUGH
    seconds = pace.seconds if is_measured else minutes * 60
    at_work = max(1, pace.windows or windows)
    low, high = (80, 130) if is_measured else (60, 180)
    whole = ahead * seconds
    return Estimate(
        whole * low // (at_work * 6000),
        -(-whole * high // (at_work * 6000)),
        pace.served if is_measured else 0,
    )
