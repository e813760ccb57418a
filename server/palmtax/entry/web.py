"""The web application: every domain's routes, health, metrics, the front ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

import palmtax
from palmtax.entry import health, pages
from palmtax.entry.domains import load_work, pick_up
from palmtax.entry.enacting import current_law
from palmtax.entry.waiting import door_of, is_last_days
from palmtax.plumbing.edge import Edge, Envelope, House, add_refusals, may_anyone
from palmtax.plumbing.packing import Packing
from palmtax.plumbing.settings import ServerSettings, WaitingSettings
from palmtax.plumbing.waiting.entrance import Entrance
from palmtax.plumbing.waiting.keeping import Keeper, kept

DESCRIPTION = """掌税：智能化掌上税务局的接口。金额一律为整数“分”；时间为 UTC，日期为北京时间的日历日。
Money is integer fen; instants are UTC, days are calendar days in China. Every refusal has the shape of `Problem`."""


def _operation_name(route: APIRoute) -> str:
    return route.name


def create_app(house: House, web_folder: Path | None = None) -> FastAPI:
    """The application over what the process has; serves built front ends when a folder is given."""
    load_work()
    settings = house.settings.of(ServerSettings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        keeper = Keeper(door, house.database, is_last_days=lambda: is_last_days(house.clock.today()))
        async with current_law(house.database), kept(keeper):
            yield
        await house.database.close()

    app = FastAPI(
        title="掌税 PalmTax",
        version=palmtax.__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        generate_unique_id_function=_operation_name,
    )
    app.state.house = house
    add_refusals(app)
    for module in pick_up("http"):
        app.include_router(module.router)
        for more in getattr(module, "more_routers", []):
            app.include_router(more)
    _add_watch(app)
    if web_folder is not None:
        pages.add(app, web_folder)
    house.door = door = door_of(house.settings.of(WaitingSettings), app.routes)
    app.add_middleware(Packing)
    app.add_middleware(Entrance, door=door)
    app.add_middleware(Envelope, settings=settings)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend the schema
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema["components"].setdefault("securitySchemes", {})["session"] = {"type": "http", "scheme": "bearer"}
        app.openapi_schema = schema
    return app.openapi_schema


def _add_watch(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz(edge: Edge = may_anyone(rate="600/minute")) -> dict[str, str]:
        """The process lives."""
        return {"state": "alive", "version": palmtax.__version__, "request_id": edge.request_id}

    @app.get("/readyz", include_in_schema=False)
    async def readyz(edge: Edge = may_anyone(rate="600/minute")) -> JSONResponse:
        """Database, queue, migrations and partners, each with its word; 503 when one that we need is away."""
        report = await health.ready(edge.house)
        return JSONResponse(report, status_code=200 if report["ready"] else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request, edge: Edge = may_anyone(rate="600/minute")) -> Response:
        """Prometheus text; only from the loopback (a proxy must not forward it)."""
        await health.refresh_gauges(edge.house)
        if request.client is not None and request.client.host not in ("127.0.0.1", "::1", "testclient"):
            return Response(status_code=404)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
