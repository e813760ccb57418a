"""Routes of matters: for everybody, for the taxpayer, for officers."""

from palmtax.matters.http import affairs, analytics, applications, catalogue, journeys, live, officers, papers

router = catalogue.router
more_routers = [
    applications.router,
    applications.changes_router,
    papers.router,
    journeys.router,
    live.router,
    officers.router,
    analytics.router,
    affairs.router,
]
