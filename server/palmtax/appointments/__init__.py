"""Coming to a service hall: appointments, waiting lists, tickets and the queue.

Owns the words hall 办税服务厅, desk 窗口类别, slot 时段, booking 预约, waiting list 候补, line 队列, arrival 到达次序, ticket 排队号,
pause 暂停预约. Places are given in strict order of arrival (decision 0022): one row decides who is next, the order is
public and chained, a place that is given back goes to the first who waits for it. Not what is done at the window
(matters, cases), not the channels that remind people (messaging).

Events: appointments.appointment_booked, appointment_moved_up, appointment_cancelled, appointment_missed.
"""

from palmtax.appointments.actions import effects, sources
from palmtax.appointments.actions.booking import book
from palmtax.appointments.actions.changing import bookings_of, cancel, move, readable_booking
from palmtax.appointments.actions.halls import hall, halls, screen
from palmtax.appointments.actions.queueing import call_next, check_in, take_ticket
from palmtax.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentMovedUp,
)
from palmtax.appointments.model.booking import Booking, Outcome, Ticket
from palmtax.appointments.model.plan import Hall, Topic, topics

__all__ = [
    "AppointmentBooked",
    "AppointmentCancelled",
    "AppointmentMissed",
    "AppointmentMovedUp",
    "Booking",
    "Hall",
    "Outcome",
    "Ticket",
    "Topic",
    "book",
    "bookings_of",
    "call_next",
    "cancel",
    "check_in",
    "effects",
    "hall",
    "halls",
    "move",
    "readable_booking",
    "screen",
    "sources",
    "take_ticket",
    "topics",
]
