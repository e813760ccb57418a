"""The two processes that do the work: the web server and the worker, each over the house of its own process."""

from __future__ import annotations

import asyncio
import gc
import signal

import uvicorn
import uvloop

from palmtax import matters
from palmtax.entry.enacting import current_law
from palmtax.entry.house import context_of, house_of
from palmtax.entry.processes import REPOSITORY
from palmtax.entry.web import create_app
from palmtax.plumbing import logs, worker
from palmtax.plumbing.settings import ServerSettings, Settings
from palmtax.plumbing.waiting.entrance import protocol_of

WEB_FOLDER = REPOSITORY / "web" / "dist"


def serve_web(settings: Settings) -> None:
    """Serve the API and the front ends until stopped."""
    logs.set_up()
    server = settings.of(ServerSettings)
    app = create_app(house_of(settings, "palmtax-web"), WEB_FOLDER)
    matters.warm_up()  # the first visitor does not wait for it, and a broken catalogue keeps the process from serving
    # What was imported and read stays for ever: the collector need not look at it again (.2 to .5 ms per request, docs/bench.md).
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    uvicorn.run(
        app, host=server.host, port=server.port, http=protocol_of(app.state.house.door), log_config=None, access_log=False,
        timeout_graceful_shutdown=5,
    )  # fmt: skip


def work(settings: Settings) -> None:
    """Do tasks, listeners and the schedule until stopped."""
    logs.set_up()
    uvloop.run(_work(settings))


async def _work(settings: Settings) -> None:
    house = house_of(settings, "palmtax-worker")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with current_law(house.database):
        await worker.serve(context_of(house), shutdown=stop)
    await house.database.close()
