"""What one process has for channels: ports, limits, and its memory of the manifests; made once, kept by the house."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from palmtax.channels.actions.knowing import Memory
from palmtax.channels.actions.sharing import Shares
from palmtax.channels.adapters import ChannelsSettings, Ports
from palmtax.channels.adapters.remembering import Board
from palmtax.channels.adapters.tallying import Tallies
from palmtax.channels.adapters.wechat_menus import Numbers
from palmtax.channels.model.reading import FOLDER
from palmtax.plumbing.database import Database
from palmtax.plumbing.limits import Limiter
from palmtax.plumbing.settings import ServerSettings, Settings


class Housed(Protocol):
    """A house or a task's context."""

    @property
    def database(self) -> Database:
        """The database."""
        ...

    @property
    def settings(self) -> Settings:
        """All settings."""
        ...

    @property
    def outside(self) -> dict[str, Any]:
        """Clients of partners by name."""
        ...


@dataclass(slots=True)
class Process:
    """Channels, as one process sees them."""

    ports: Ports
    settings: ChannelsSettings
    memory: Memory
    limiter: Limiter = field(default_factory=Limiter)
    shares: Shares = field(default_factory=Shares)
    board: Board = field(default_factory=lambda: Board(Path("var/status.json")))
    tallies: Tallies = field(default_factory=Tallies)
    tags: dict[str, Numbers] = field(default_factory=dict)


def process_of(house: Housed) -> Process:
    """The process's channels; made at the first call from the credentials that `entry` put into `outside`."""
    known = house.outside.get("channels")
    if isinstance(known, Process):
        return known
    settings = house.settings.of(ChannelsSettings)
    ports = known if isinstance(known, Ports) else Ports(house.outside.get("credentials", {}))
    ports = replace(
        ports,
        sandbox_url=ports.sandbox_url or settings.sandbox_url,
        sandbox_smtp_url=ports.sandbox_smtp_url or settings.sandbox_smtp_url,
        link=ports.link or house.settings.of(ServerSettings).public_url,
        timeout_seconds=settings.timeout_seconds,
        database=house.database,
    )
    made = Process(ports, settings, Memory(settings.folder or FOLDER), board=Board(settings.status_file))
    house.outside["channels"] = made
    return made
