"""Officers of several offices and their taxpayers."""

from __future__ import annotations

import pytest
from cases.cases_make import make_staff
from cases.make import NORTH, OFFICERS, make_town
from filing.make import Caller

from palmtax import identity
from palmtax.identity.model.tokens import Device


@pytest.fixture
async def town(database, clock):
    async with database.transaction() as tx:
        await make_town(tx, clock)


@pytest.fixture
def desk(town, client, database, clock):
    """Signs an officer in at the workbench."""

    async def sign_in(office: str = NORTH, channel: str = "workbench") -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx,
                clock=clock,
                person_id=OFFICERS[office],
                device=Device("screen", channel),
                way="sms",
                request_id="test",
            )
        return Caller(client, signed.access_token, channel)

    return sign_in


@pytest.fixture
async def staff(town, database, clock):
    """The town with officers who decide."""
    async with database.transaction() as tx:
        await make_staff(tx, clock)


@pytest.fixture
def officer(staff, client, database, clock):
    """Signs an officer of STAFF in at the workbench."""

    async def sign_in(person_id: int) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx,
                clock=clock,
                person_id=person_id,
                device=Device("screen", "workbench"),
                way="sms",
                request_id="test",
            )
        return Caller(client, signed.access_token, "workbench")

    return sign_in
