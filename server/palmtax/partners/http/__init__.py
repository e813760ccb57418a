"""Routes of partners: OAuth, what applications call, what developers, persons and officers do, the portal."""

from __future__ import annotations

from palmtax.partners.http import consents, desk, developers, oauth, pages, surface, webhooks

router = oauth.router
more_routers = [
    oauth.metadata_router,
    surface.router,
    pages.document_router,
    consents.router,
    webhooks.router,
    developers.router,
    desk.router,
    pages.router,
]
__all__ = ["more_routers", "router"]
