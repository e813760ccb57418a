"""The last known public state: in memory and in a file, so that it can be told while the database is away."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from palmtax.channels.schemas.status import StatusOut

FRESH_SECONDS = 5.0
WRITTEN_SECONDS = 30.0


@dataclass(slots=True)
class Board:
    """What this process last told, and when."""

    file: Path
    told: StatusOut | None = None
    told_at: float = 0.0
    _written_at: float = field(default=0.0)

    def fresh(self, now: float) -> StatusOut | None:
        """What was told a moment ago; none when it is time to look again."""
        return self.told if self.told is not None and 0 <= now - self.told_at < FRESH_SECONDS else None

    def forget(self) -> None:
        """Look again at the next question."""
        self.told_at = 0.0

    async def keep(self, told: StatusOut, now: float) -> None:
        """Remember it, and write it down now and then; a file that cannot be written is no reason to say nothing."""
        self.told, self.told_at = told, now
        if now - self._written_at >= WRITTEN_SECONDS or now < self._written_at:
            self._written_at = now
            await asyncio.to_thread(self._write, told.model_dump_json().encode())

    def _write(self, content: bytes) -> None:
        part = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(self.file)
        except OSError:
            part.unlink(missing_ok=True)

    async def last(self) -> StatusOut | None:
        """What was told last, by this process or an earlier one."""
        if self.told is None:
            self.told = await asyncio.to_thread(self._read)
        return self.told

    def _read(self) -> StatusOut | None:
        try:
            return StatusOut.model_validate(orjson.loads(self.file.read_bytes()))
        except (OSError, ValueError):
            return None
