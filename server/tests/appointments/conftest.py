"""The halls, and people signed in."""

from __future__ import annotations

import pytest
from appointments.make import CLERK, make_town
from filing.make import OWNER, SHOP, Caller, sign_in

from palmtax import identity
from palmtax.identity.model.tokens import Device


@pytest.fixture
async def town(database, clock):
    async with database.transaction() as tx:
        await make_town(tx, clock)


@pytest.fixture
async def owner(town, client, database, clock) -> Caller:
    return await sign_in(client, database, clock, OWNER, SHOP)


@pytest.fixture
def desk(town, client, database, clock):
    """Signs an officer in at the workbench."""

    async def enter(person_id: int = CLERK) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "workbench")

    return enter


@pytest.fixture
def rows(database):
    async def read(sql: str, *args):
        async with database.statement() as tx:
            return [dict(row.items()) for row in await tx.fetch(sql, *args)]

    return read
