"""Looking at a page with the Chromium of the machine: width of what is laid out, contrast of texts, hosts that were asked.

Spoken to over a pipe in the DevTools protocol; a profile of its own that is thrown away. For the command line only: the
house itself opens no foreign page in a browser.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from palmtax.partners.adapters.feature_page import Looks

LOOK_SECONDS = 30.0
SETTLE_SECONDS = 1.0
LONGEST_MESSAGE = 2**25
_PIPED = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
_FLAGS = (
    "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--no-sandbox", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
)  # fmt: skip
_MEASURE = Path(__file__).resolve().parents[1] / "templates" / "feature-look.js"


class _Tab:
    """One page of one browser."""

    def __init__(self, into: asyncio.StreamWriter, out: asyncio.StreamReader) -> None:
        self._in, self._out = into, out
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self.hosts: set[str] = set()
        self.has_loaded = False

    async def attach(self) -> None:
        """Open the page that is spoken to."""
        made = await self.ask("Target.createTarget", url="about:blank")
        joined = await self.ask("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        self._session = joined["sessionId"]

    async def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """One command and its answer; what is told meanwhile is noted."""
        number = next(self._numbers)
        said: dict[str, Any] = {"id": number, "method": method, "params": values}
        if self._session:
            said["sessionId"] = self._session
        self._in.write(json.dumps(said).encode() + b"\0")
        await self._in.drain()
        while True:
            told = await self.hear()
            if told.get("id") == number:
                return dict(told.get("result", {}))

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        told: dict[str, Any] = json.loads((await self._out.readuntil(b"\0"))[:-1])
        if told.get("method") == "Network.requestWillBeSent":
            parts = urlsplit(told["params"]["request"]["url"])
            self.hosts |= (
                {parts.hostname} if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname else set()
            )
        self.has_loaded = self.has_loaded or told.get("method") == "Page.loadEventFired"
        return told


@asynccontextmanager
async def _browser(chromium: str) -> AsyncIterator[_Tab]:
    with tempfile.TemporaryDirectory(prefix="palmtax-look-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", _PIPED, "sh", chromium, *_FLAGS, f"--user-data-dir={profile}",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LONGEST_MESSAGE,
        )  # fmt: skip
        try:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("no pipe to the browser")
            yield _Tab(process.stdin, process.stdout)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def look(chromium: str, url: str) -> Looks:
    """What a phone of 390 by 844 pixels shows; `TimeoutError` when the page never settles."""
    async with asyncio.timeout(LOOK_SECONDS), _browser(chromium) as tab:
        await tab.attach()
        await tab.ask("Network.enable")
        await tab.ask("Page.enable")
        await tab.ask("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        await tab.ask("Page.navigate", url=url)
        while not tab.has_loaded:
            await tab.hear()
        await asyncio.sleep(SETTLE_SECONDS)
        told = await tab.ask("Runtime.evaluate", expression=_MEASURE.read_text(encoding="utf-8"), returnByValue=True)
        seen = told["result"]["value"]
    return Looks(int(seen["width"]), tuple(seen["faint"]), frozenset(tab.hosts))
