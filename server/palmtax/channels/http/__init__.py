"""Routes of channels: what platforms call, and what officers see."""

from __future__ import annotations

from palmtax.channels.http.accounts import router as accounts_router
from palmtax.channels.http.callbacks import router
from palmtax.channels.http.desk import router as desk_router
from palmtax.channels.http.incidents import router as incidents_router
from palmtax.channels.http.kiosk_desk import router as kiosk_desk_router
from palmtax.channels.http.kiosk_machine import router as kiosk_machine_router
from palmtax.channels.http.kiosk_phone import router as kiosk_phone_router
from palmtax.channels.http.monitoring import router as monitoring_router
from palmtax.channels.http.push import router as push_router
from palmtax.channels.http.rooms import router as rooms_router
from palmtax.channels.http.status import page_router as status_page_router
from palmtax.channels.http.status import router as status_router

more_routers = [
    kiosk_desk_router,
    kiosk_machine_router,
    kiosk_phone_router,
    accounts_router,
    rooms_router,
    monitoring_router,
    incidents_router,
    desk_router,
    push_router,
    status_router,
    status_page_router,
]
__all__ = ["more_routers", "router"]
