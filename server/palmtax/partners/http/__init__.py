"""Routes of partners: OAuth, what applications call, what developers, persons and officers do, the portal."""

from __future__ import annotations

from palmtax.partners.http import (
    consents,
    desk,
    developers,
    embeds,
    feature_desk,
    feature_frame,
    features,
    oauth,
    pages,
    surface,
    webhooks,
)

router = oauth.router
more_routers = [
    oauth.metadata_router,
    surface.router,
    pages.document_router,
    consents.router,
    webhooks.router,
    developers.router,
    desk.router,
    desk.scopes_router,
    features.router,
    embeds.router,
    feature_frame.router,
    feature_desk.developer_router,
    feature_desk.router,
    pages.router,
]
__all__ = ["more_routers", "router"]
