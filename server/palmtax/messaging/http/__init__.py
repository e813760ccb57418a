"""Routes of messaging."""

from palmtax.messaging.http import inbox, rescue, serving, wishes

router = inbox.router
more_routers = [wishes.router, rescue.router, serving.router]

__all__ = ["more_routers", "router"]
