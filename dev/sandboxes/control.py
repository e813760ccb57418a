"""Steering the sandboxes: faults, clock, health, and a page that says what is here."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from sandboxes import callbacks
from sandboxes.faults import Fault
from sandboxes.ground import Json, Sandbox, read_object

PAGES = Path(__file__).parent / "pages"
QUIET_SECONDS = 3
"""How long `POST /sandbox/quiet` waits for requests under way."""


async def page(_: Request) -> Response:
    """What is here, for a human."""
    return HTMLResponse((PAGES / "index.html").read_text())


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /sandbox."""

    async def healthz(_: Request) -> Response:
        count = sandbox.state.number("select count(*) from pay_order")
        return Json({"status": "ok", "orders": int(count), "clock_ahead_seconds": sandbox.clock_ahead()})

    async def plan(request: Request) -> Response:
        asked = await read_object(request)
        try:
            sandbox.faults.plan(Fault(**asked or {}))
        except (TypeError, ValueError) as error:
            return Json({"error": str(error)}, 422)
        return Json({"planned": sandbox.faults.listed()}, 201)

    async def listed(_: Request) -> Response:
        return Json({"planned": sandbox.faults.listed()})

    async def clear(_: Request) -> Response:
        sandbox.faults.planned.clear()
        return Json({"planned": []})

    async def quiet(_: Request) -> Response:
        sandbox.faults.planned.clear()
        sandbox.hurry.set()
        until = time.monotonic() + QUIET_SECONDS
        while sandbox.in_flight and time.monotonic() < until:  # noqa: ASYNC110  # a lever for tests, at most three seconds
            await asyncio.sleep(0.005)
        sandbox.hurry.clear()
        sandbox.state.run("update pay_notice set next_at = null where next_at is not null")
        sandbox.state.run("update callback set next_at = null, is_held = 0 where next_at is not null or is_held = 1")
        sandbox.state.run(
            "update pay_refund set state = 'SUCCESS', done_at = ? where state = 'PROCESSING'", sandbox.now()
        )
        return Json({"in_flight": sandbox.in_flight})

    async def clock(request: Request) -> Response:
        asked = await read_object(request) or {}
        seconds = asked.get("ahead_seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return Json({"error": "ahead_seconds must be a number >= 0; 0 is wall time"}, 422)
        sandbox.set_clock(float(seconds))
        return Json({"clock_ahead_seconds": sandbox.clock_ahead()})

    async def callbacks_of(request: Request) -> Response:
        return Json({"callbacks": callbacks.listed(sandbox, request.query_params.get("target", ""))})

    async def style(_: Request) -> Response:
        return FileResponse(PAGES / "phone.css", media_type="text/css")

    async def script(_: Request) -> Response:
        return FileResponse(PAGES / "phone.js", media_type="text/javascript")

    return [
        Route("/healthz", healthz),
        Route("/faults", plan, methods=["POST"]),
        Route("/faults", listed, methods=["GET"]),
        Route("/faults", clear, methods=["DELETE"]),
        Route("/quiet", quiet, methods=["POST"]),
        Route("/clock", clock, methods=["POST"]),
        Route("/callbacks", callbacks_of),
        Route("/phone.css", style),
        Route("/phone.js", script),
    ]
