"""What one process has: settings, database, clock, files, clients of partners."""

from __future__ import annotations

from palmtax import partners
from palmtax.channels.adapters.accounts import accounts_of
from palmtax.channels.adapters.chats import chats_of
from palmtax.channels.adapters.letters import Letters
from palmtax.entry import outside
from palmtax.entry.shifted import ShiftedClock, ShiftedPay, clock_for
from palmtax.plumbing.database import Database
from palmtax.plumbing.edge import House
from palmtax.plumbing.files import store_of
from palmtax.plumbing.outbox import TaskContext
from palmtax.plumbing.settings import DatabaseSettings, FilesSettings, ServerSettings, Settings


def house_of(settings: Settings, application: str) -> House:
    """The house of a process, over PALMTAX_DATABASE_URL."""
    database = settings.of(DatabaseSettings)
    pool = Database(database.url, database, application)
    clients, probes = outside.clients(settings, pool)
    clock = clock_for(settings.of(ServerSettings).shift_days)
    if isinstance(clock, ShiftedClock) and "pay" in clients:
        clients["pay"] = ShiftedPay(clients["pay"], clock.days)
    house = House(
        settings=settings,
        database=pool,
        clock=clock,
        files=store_of(settings.of(FilesSettings)),
        outside=clients,
        probes=probes,
        resolve_actor=partners.resolve_caller,
    )
    return furnished(house)


def furnished(house: House) -> House:
    """The house with what channels do for identity: accounts that people sign in by, letters with codes, officers' chats."""
    house.outside["wechat_accounts"] = accounts_of(house, house.clock)
    house.outside["mail"] = Letters(house, house.clock)
    house.outside["office_chats"] = chats_of(house, house.clock)
    return house


def context_of(house: House) -> TaskContext:
    """The same for tasks."""
    return TaskContext(house.database, house.clock, house.settings, house.files, house.outside, "")
