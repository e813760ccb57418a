"""Routes of messaging."""

from palmtax.messaging.http import campaigning, inbox, officers, rescue, serving, wishes

router = inbox.router
more_routers = [wishes.router, rescue.router, serving.router, campaigning.router, officers.router]

__all__ = ["more_routers", "router"]
