"""A house of our own to measure: PostgreSQL and town in a temporary folder below ./var, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from palmtax.base.clock import SystemClock
from palmtax.entry.domains import load_everything
from palmtax.entry.processes import REPOSITORY, Child, StartFault, Town, port_is_free, wait_for
from palmtax.plumbing.postgres import free_port
from palmtax.plumbing.settings import Settings

TODAY = date(2026, 10, 21)
"""A day on which the third quarter can be filed in time (deadline 2026-10-26)."""


@dataclass(slots=True)
class MeasuredHouse:
    """Database and web server under measurement."""

    folder: Path
    port: int
    town: Town
    children: list[Child] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        """The address of its database."""
        return self.town.dsn

    @property
    def url(self) -> str:
        """The address of its web server."""
        return f"http://127.0.0.1:{self.port}"

    def start_process(self, name: str, *, probe: str | None = None) -> Child:
        """Start `python -m palmtax <name>`; with `probe`, wait until that path answers."""
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        child = Child(name, ["-m", "palmtax", name], environment, self.folder / "log" / f"{name}.log")
        child.start()
        self.children.append(child)
        if probe is not None:
            wait_for(self.url + probe, 30, child)
        return child

    def stop(self) -> None:
        """End what was started here, by its id."""
        for child in reversed(self.children):
            child.stop()
        self.town.stop()


def lonely_port() -> int:
    """A port for the server whose sandbox port (900 above) is free too; drawn, so that two runs at once do not meet."""
    for _ in range(100):
        port = free_port()
        if port + 900 < 65_536 and port_is_free("127.0.0.1", port + 900):
            return port
    raise StartFault("没有空闲端口（no free port）")


@contextmanager
def measured_house() -> Iterator[MeasuredHouse]:
    """A house with its database started and migrated; every process ends and the folder goes with the block."""
    load_everything()
    above = REPOSITORY / "var"
    above.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=above))
    folder.chmod(0o755)
    port = lonely_port()
    before = dict(os.environ)
    os.environ |= {
        "PALMTAX_SERVER_PORT": str(port),
        "PALMTAX_SERVER_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PALMTAX_SERVER_SHIFT_DAYS": str((TODAY - SystemClock().today()).days),
        "PALMTAX_FILES_FOLDER": str(folder / "files"),
        "PALMTAX_PRIVACY_KEY_FILE": str(folder / "privacy.key"),
    }
    os.environ.pop("PALMTAX_DATABASE_URL", None)
    house = MeasuredHouse(folder, port, Town(Settings(), folder / "var"))
    try:
        house.town.start_database()
        os.environ["PALMTAX_DATABASE_URL"] = house.dsn
        yield house
    finally:
        house.stop()
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)
