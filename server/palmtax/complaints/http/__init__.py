"""Routes of complaints: for who complains, and for the officers' desk."""

from palmtax.complaints.http import desk, own

router = own.router
more_routers = [desk.router]

__all__ = ["more_routers", "router"]
