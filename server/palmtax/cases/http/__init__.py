"""Routes of the workbench."""

from palmtax.cases.http import cases, desks, queue, serving, taxpayers, views

router = taxpayers.router
more_routers = [views.router, queue.router, cases.router, desks.router, serving.router]

__all__ = ["more_routers", "router"]
