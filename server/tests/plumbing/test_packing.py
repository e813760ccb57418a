"""Large JSON is packed for who takes it; streams, files, small answers and what is packed already pass untouched."""

from __future__ import annotations

import gzip
import json

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from palmtax.plumbing.packing import SMALLEST, Packing

LARGE = ["掌上税务局"] * 1000


async def _events():
    yield b"data: " + b"x" * SMALLEST + b"\n\n"
    yield b"data: 2\n\n"


@pytest.fixture
async def phone():
    ready = gzip.compress(json.dumps(LARGE).encode())
    routes = [
        Route("/large", lambda _: JSONResponse(LARGE)),
        Route("/small", lambda _: JSONResponse(["一"])),
        Route("/file", lambda _: Response(b"x" * 9000, media_type="application/pdf")),
        Route("/events", lambda _: StreamingResponse(_events(), media_type="text/event-stream")),
        Route("/ready", lambda _: Response(ready, media_type="application/json", headers={"content-encoding": "gzip"})),
    ]
    app = Packing(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://palmtax.test") as made:
        yield made


async def test_large_json_is_packed_and_reads_the_same(phone):
    answer = await phone.get("/large")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < SMALLEST
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.json() == LARGE


async def test_a_client_that_does_not_take_it_gets_it_plain(phone):
    answer = await phone.get("/large", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.json() == LARGE


@pytest.mark.parametrize("path", ["/small", "/file", "/events"])
async def test_small_answers_files_and_streams_pass_untouched(phone, path):
    answer = await phone.get(path)
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


async def test_what_is_packed_already_is_not_packed_again(phone):
    assert (await phone.get("/ready")).json() == LARGE
