"""Routes of the workbench."""

from palmtax.cases.http import cases, desks, queue, taxpayers, views

router = taxpayers.router
more_routers = [views.router, queue.router, cases.router, desks.router]

__all__ = ["more_routers", "router"]
