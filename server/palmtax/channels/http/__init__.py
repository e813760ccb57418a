"""Routes of channels: what platforms call, and what officers see."""

from __future__ import annotations

from palmtax.channels.http.callbacks import router
from palmtax.channels.http.desk import router as desk_router

more_routers = [desk_router]
__all__ = ["more_routers", "router"]
