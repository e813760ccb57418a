"""News of appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """Somebody has a place in a hall, or stands on its waiting list."""

    name: ClassVar[str] = "appointments.appointment_booked"
    taxpayer_id: int
    booking_id: UUID
    office_code: str
    topic: str
    day: date
    time: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class AppointmentMovedUp:
    """A place came free and went to the next on the waiting list."""

    name: ClassVar[str] = "appointments.appointment_moved_up"
    taxpayer_id: int
    booking_id: UUID
    office_code: str
    topic: str
    day: date
    time: str


@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """A booking or a place on the waiting list was given back."""

    name: ClassVar[str] = "appointments.appointment_cancelled"
    taxpayer_id: int
    booking_id: UUID
    office_code: str
    topic: str
    day: date
    time: str


@dataclass(frozen=True, slots=True)
class AppointmentMissed:
    """Nobody came."""

    name: ClassVar[str] = "appointments.appointment_missed"
    taxpayer_id: int
    booking_id: UUID
    office_code: str
    topic: str
    day: date
    time: str
