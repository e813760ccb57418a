"""The town of filing's tests, a process with invented secrets, officers who look after channels."""

from __future__ import annotations

from typing import Any

import pytest
from channels.make import process
from complaints.make import CHIEF, CITY, KEYS, NAMES
from filing.make import OWNER, Caller, make_town

from palmtax import identity, registry
from palmtax.base.identifiers import make_resident_id
from palmtax.channels.adapters.process import Process
from palmtax.identity.model.tokens import Device

SECOND_KEYS = 307


@pytest.fixture
async def town(database, clock):
    async with database.transaction() as tx:
        await make_town(tx, clock)


@pytest.fixture
def channels_process(outside, clock) -> Process:
    """The process's channels; a test may give its ports a platform."""
    made = process()
    made.ports.now = lambda: clock.now().timestamp()
    outside["channels"] = made
    return made


@pytest.fixture
async def office(town, database, clock):
    """Two administrators who switch, a head who only looks."""
    people = {KEYS: NAMES[KEYS], SECOND_KEYS: "许系统", CHIEF: NAMES[CHIEF]}
    roles = {KEYS: "system_admin", SECOND_KEYS: "system_admin", CHIEF: "decision_maker"}
    async with database.transaction() as tx:
        await registry.load_offices(tx, [registry.Office(CITY, "云汀市税务局", "Yunting Tax Bureau")])
        await identity.load_people(
            tx,
            clock=clock,
            people=[
                identity.NewPerson(one, name, f"1540000{one:04d}", make_resident_id("990100", clock.today(), one))
                for one, name in people.items()
            ],
            hats=[identity.NewHat(one, role, "云汀市税务局", office_code=CITY) for one, role in roles.items()],
        )


@pytest.fixture
def desk(office, channels_process, client, database, clock):
    """Signs an officer in at the workbench."""

    async def enter(person_id: int) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "workbench")

    return enter


@pytest.fixture
def rows(database):
    """Reads rows as dictionaries."""

    async def read(sql: str, *arguments: Any) -> list[dict[str, Any]]:
        async with database.statement() as tx:
            return [dict(row.items()) for row in await tx.fetch(sql, *arguments)]

    return read


@pytest.fixture
def bound(town, database, clock):
    """Binds an address to the owner of the shop."""

    async def bind(family: str, app_id: str, value: str, person_id: int = OWNER, proof: str = "oauth") -> None:
        async with database.transaction() as tx:
            await identity.bind(
                tx, clock=clock, person_id=person_id, family=family, app_id=app_id, value=value, proof=proof
            )

    return bind
