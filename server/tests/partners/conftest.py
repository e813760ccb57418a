"""The town of filing's tests, two administrators, an application on trial and one that is live."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn
from channels.conftest import SECOND_KEYS
from complaints.make import CHIEF, CITY, KEYS, NAMES
from filing.make import OWNER, SHOP, VILLAGE, Caller, make_town, sign_in
from partners.make import Application, registered

from palmtax import identity, partners, registry
from palmtax.base.identifiers import make_resident_id
from palmtax.entry.web import create_app
from palmtax.identity.model.tokens import Device
from palmtax.plumbing.settings import Settings


@pytest.fixture
async def town(database, clock):
    """Taxpayers and people; the village shop is the sandbox's, two administrators review, a head looks."""
    people = {KEYS: NAMES[KEYS], SECOND_KEYS: "许系统", CHIEF: NAMES[CHIEF]}
    roles = {KEYS: "system_admin", SECOND_KEYS: "system_admin", CHIEF: "decision_maker"}
    async with database.transaction() as tx:
        await make_town(tx, clock)
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
        await partners.mark_invented(tx, taxpayer_id=VILLAGE, person_id=OWNER)


@pytest.fixture
def desk(town, client, database, clock):
    """Signs an officer in at the workbench."""

    async def enter(person_id: int) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "workbench")

    return enter


@pytest.fixture
def wearing(town, client, database, clock):
    """Signs a person in under the hat for a taxpayer."""

    async def enter(person_id: int = OWNER, taxpayer_id: int = SHOP) -> Caller:
        return await sign_in(client, database, clock, person_id, taxpayer_id, "h5")

    return enter


@pytest.fixture
async def trial(town, client) -> Application:
    """An application in the sandbox."""
    return await registered(client)


@pytest.fixture
async def live(town, client, desk) -> Application:
    """An application that two officers put live."""
    one = await registered(client, name="云汀银行", name_en="Yunting Bank")
    assert (await one.developer("POST", "/review")).status_code == 200
    for officer in (KEYS, SECOND_KEYS):
        await (await desk(officer)).ok("POST", f"/partners/desk/applications/{one.application_id}/approval")
    return one


@pytest.fixture
def rows(database):
    """Reads rows as dictionaries."""

    async def read(sql: str, *arguments: Any) -> list[dict[str, Any]]:
        async with database.statement() as tx:
            return [dict(row.items()) for row in await tx.fetch(sql, *arguments)]

    return read


@pytest.fixture
async def served(house, town) -> AsyncIterator[str]:
    """The application on a port of its own; the address."""
    door = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    house.settings = Settings({"PALMTAX_SERVER_PUBLIC_URL": address})
    server = uvicorn.Server(uvicorn.Config(create_app(house), log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[door]))
    yield address
    server.should_exit = True
    with suppress(asyncio.CancelledError):
        await running
