"""Routes of appointments: halls for everybody and their officers, bookings and tickets for taxpayers."""

from palmtax.appointments.http import booking, desk, halls

router = halls.router
more_routers = [booking.router, desk.router]

__all__ = ["more_routers", "router"]
