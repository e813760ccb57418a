"""What every process knows of the channels: manifests in force, switches, lights; read again every two seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from palmtax.base.clock import Clock
from palmtax.channels.actions.versions import channels_of
from palmtax.channels.errors import ChannelUnknown
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.reading import FOLDER, Texts, texts_in
from palmtax.channels.model.routing import Standing
from palmtax.channels.store import standings as standing_store
from palmtax.channels.store import versions as version_store
from palmtax.plumbing.database import Database, Tx
from palmtax.plumbing.metrics import CHANNEL_LIGHT

KEPT_SECONDS = 2
_LIGHTS = {"green": 2, "amber": 1, "red": 0}


@dataclass(frozen=True, slots=True)
class Known:
    """The channels in force and how each stands."""

    channels: Mapping[str, Channel]
    standings: Mapping[str, Standing]

    def channel(self, name: str) -> Channel:
        """The channel of this name. Errors: channels.channel_unknown."""
        if name not in self.channels:
            raise ChannelUnknown(channel=name[:40])
        return self.channels[name]


@lru_cache(maxsize=8)
def _folder(folder: Path) -> Mapping[str, Texts]:
    """The folder as it was when this process first looked: only for channels that the database does not know yet."""
    return texts_in(folder)


async def read_known(tx: Tx, folder: Path = FOLDER) -> Known:
    """Everything, now. Three round trips."""
    channels = channels_of(await version_store.in_force(tx), _folder(folder))
    switches: dict[str, dict[str, bool]] = {}
    for one in await version_store.switches(tx):
        switches.setdefault(one.channel, {})[one.part] = one.is_enabled
    stored = await standing_store.standings(tx)
    standings = {
        name: Standing(
            light=stored[name].light if name in stored else "green",  # type: ignore[arg-type]  # a check constraint
            weight=stored[name].weight if name in stored else 100,
            switches=switches.get(name, {}),
        )
        for name in channels
    }
    for name, standing in standings.items():
        CHANNEL_LIGHT.labels(name).set(_LIGHTS[standing.light])
    return Known(channels, standings)


@dataclass(slots=True)
class Memory:
    """What one process read last."""

    folder: Path = FOLDER
    _known: Known | None = None
    _read_at: float = field(default=0.0)

    async def known(self, database: Database, clock: Clock) -> Known:
        """The channels as they stood at most two seconds ago."""
        now, known = clock.now().timestamp(), self._known
        if known is None or not 0 <= now - self._read_at < KEPT_SECONDS:
            async with database.statement() as tx:
                known = self._known = await read_known(tx, self.folder)
            self._read_at = now
        return known

    def forget(self) -> None:
        """Read again at the next call."""
        self._known = None
