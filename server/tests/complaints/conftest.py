"""The town of complaints, its people signed in."""

from __future__ import annotations

from typing import Any

import pytest
from complaints.make import make_town
from filing.make import OWNER, SHOP, Caller, sign_in

from palmtax import identity
from palmtax.complaints.tasks import move_on_late
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

    async def enter(person_id: int) -> Caller:
        async with database.transaction() as tx:
            signed = await identity.open_session(
                tx, clock=clock, person_id=person_id, device=Device("screen", "workbench"), way="sms", request_id="test"
            )
        return Caller(client, signed.access_token, "workbench")

    return enter


@pytest.fixture
def sweep(task_context):
    async def run() -> None:
        await move_on_late(task_context, {})

    return run


@pytest.fixture
def told(database):
    """Events in the queue: (name, data), oldest first."""

    async def read() -> list[tuple[str, dict[str, Any]]]:
        async with database.statement() as tx:
            rows = await tx.fetch("select convert_from(payload, 'utf8')::jsonb as p from pgqueuer order by id")
        return [(row["p"]["event"], row["p"]["data"]) for row in rows if "event" in row["p"]]

    return read


@pytest.fixture
def acts(database):
    """Evidence: (act, taxpayer, person), oldest first."""

    async def read() -> list[tuple[str, int, int]]:
        async with database.statement() as tx:
            rows = await tx.fetch("select act, taxpayer_id, person_id from evidence_entry order by entry_id")
        return [(row["act"], row["taxpayer_id"], row["person_id"]) for row in rows]

    return read
