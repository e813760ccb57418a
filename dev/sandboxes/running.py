"""Runs the sandboxes in a thread of the calling process: for tests that want real HTTP on a free port."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from sandboxes.application import build
from sandboxes.ground import Options

START_SECONDS = 10


@dataclass(frozen=True)
class Running:
    """Sandboxes that answer: where, the folder with their credentials, and a client for their own (sandbox) pages."""

    url: str
    folder: Path
    client: httpx.Client

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Ask a page."""
        return self.client.get(path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Do something: pay, log in, plan a fault."""
        return self.client.post(path, **more)

    def delete(self, path: str) -> httpx.Response:
        """Take back: `/sandbox/faults`."""
        return self.client.delete(path)

    def quiet(self) -> None:
        """As if nothing had been planned: no faults, no requests under way, no notices to come."""
        self.client.post("/sandbox/quiet")

    @property
    def credentials(self) -> dict[str, Any]:
        """What an operator would copy into the product's configuration."""
        document: dict[str, Any] = json.loads((self.folder / "credentials.json").read_text())
        return document


ALIVE: list[Running] = []
"""Every set of sandboxes that runs in this process."""


@contextmanager
def running(options: Options) -> Iterator[Running]:
    """Sandboxes on a free loopback port until the block ends; a second block on the same folder goes on from there."""
    with socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    ) as listener:  # named TCP: no 40 ms delays
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        application = build(replace(options, public_url=url))
        server = uvicorn.Server(uvicorn.Config(application, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                raise RuntimeError("the sandboxes did not start")
            time.sleep(0.01)
        try:
            with httpx.Client(base_url=url, trust_env=False, timeout=10) as client:
                here = Running(url, options.state_dir, client)
                ALIVE.append(here)
                yield here
        finally:
            ALIVE[:] = [one for one in ALIVE if one.url != url]
            server.should_exit = True
            thread.join(START_SECONDS)
