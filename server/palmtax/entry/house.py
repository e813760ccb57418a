"""What one process has: settings, database, clock, files, clients of partners."""

from __future__ import annotations

from palmtax import identity
from palmtax.base.clock import SystemClock
from palmtax.entry import outside
from palmtax.plumbing.database import Database
from palmtax.plumbing.edge import House
from palmtax.plumbing.files import store_of
from palmtax.plumbing.outbox import TaskContext
from palmtax.plumbing.settings import DatabaseSettings, FilesSettings, Settings


def house_of(settings: Settings, application: str) -> House:
    """The house of a process, over PALMTAX_DATABASE_URL."""
    database = settings.of(DatabaseSettings)
    return House(
        settings=settings,
        database=Database(database.url, database, application),
        clock=SystemClock(),
        files=store_of(settings.of(FilesSettings)),
        outside=outside.clients(settings),
        resolve_actor=identity.resolve_actor,
    )


def context_of(house: House) -> TaskContext:
    """The same for tasks."""
    return TaskContext(house.database, house.clock, house.settings, house.files, house.outside, "")
