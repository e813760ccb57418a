"""Stands in for the whole application while other domains are being written."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from palmtax.entry.domains import pick_up
from palmtax.payment.http import router
from palmtax.plumbing.edge import Envelope, add_refusals
from palmtax.plumbing.settings import ServerSettings


@pytest.fixture
async def client(house):
    pick_up("tables")
    app = FastAPI()
    app.state.house = house
    add_refusals(app)
    app.include_router(router)
    app.add_middleware(Envelope, settings=house.settings.of(ServerSettings))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as made:
        yield made
