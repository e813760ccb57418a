from __future__ import annotations
import pytest


# NARROW-BEGIN
import httpx
from fastapi import FastAPI


@pytest.fixture
async def client(house):
    import palmtax.identity.http as i
    import palmtax.registry.http as r
    from palmtax.plumbing.edge import Envelope, add_refusals
    from palmtax.plumbing.settings import ServerSettings

    app = FastAPI()
    app.state.house = house
    add_refusals(app)
    for router in (i.router, *i.more_routers, r.router):
        app.include_router(router)
    app.add_middleware(Envelope, settings=house.settings.of(ServerSettings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://x") as c:
        yield c
