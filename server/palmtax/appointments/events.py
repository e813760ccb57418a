"""News of appointments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from palmtax.appointments.model.booking import AboutBooking


@dataclass(frozen=True, slots=True)
class AppointmentBooked(AboutBooking):
    """Somebody has a place in a hall, or (`is_waiting`) stands on its waiting list."""

    name: ClassVar[str] = "appointments.appointment_booked"
    is_waiting: bool = False


class AppointmentMovedUp(AboutBooking):
    """A place came free and went to the next on the waiting list."""

    __slots__ = ()
    name: ClassVar[str] = "appointments.appointment_moved_up"


class AppointmentCancelled(AboutBooking):
    """A booking or a place on the waiting list was given back."""

    __slots__ = ()
    name: ClassVar[str] = "appointments.appointment_cancelled"


class AppointmentMissed(AboutBooking):
    """Nobody came."""

    __slots__ = ()
    name: ClassVar[str] = "appointments.appointment_missed"
