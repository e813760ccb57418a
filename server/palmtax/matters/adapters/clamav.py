"""ClamAV over its own protocol: INSTREAM in pieces with their length before them (clamd(8)), one connection a file."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import structlog
from pydantic import Field

from palmtax.matters.adapters import Scan
from palmtax.plumbing.settings import Section

log = structlog.get_logger()
PIECE = 64 * 1024
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless test file of the European institute for antivirus research, known to every scanner."""


class ScannerSettings(Section):
    """Where the virus scanner is."""

    section: ClassVar[str] = "scanner"
    host: str = Field(
        "", description="host of clamd; empty: only the EICAR test file is recognised, files are marked unscanned"
    )
    port: int = Field(3310, ge=1, le=65535, description="TCP port of clamd")
    timeout_seconds: float = Field(10.0, gt=0, le=120, description="longest wait for a verdict, seconds")


class ClamAV:
    """A client of clamd."""

    def __init__(self, settings: ScannerSettings) -> None:
        self.settings = settings

    async def scan(self, content: bytes) -> Scan:
        """The verdict of clamd; `unscanned` when it is away, busy or refuses the size."""
        if _EICAR in content[:4096]:
            return Scan("infected", "Eicar-Test-Signature")
        if not self.settings.host:
            return Scan("unscanned")
        try:
            async with asyncio.timeout(self.settings.timeout_seconds):
                answer = await self._ask(content)
        except (OSError, TimeoutError) as away:
            log.warning("matters.scanner_away", kind=type(away).__name__)
            return Scan("unscanned")
        if answer.endswith(" FOUND"):
            return Scan("infected", answer.removeprefix("stream: ").removesuffix(" FOUND"))
        return Scan("clean") if answer.endswith("OK") else Scan("unscanned", answer[:80])

    async def _ask(self, content: bytes) -> str:
        reader, writer = await asyncio.open_connection(self.settings.host, self.settings.port)
        try:
            writer.write(b"zINSTREAM\0")
            for place in range(0, len(content), PIECE):
                piece = content[place : place + PIECE]
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0").decode("utf-8", "replace").strip()
        except asyncio.IncompleteReadError as cut:
            return cut.partial.decode("utf-8", "replace")
        finally:
            writer.close()
