"""Officers at the law desk; what a test puts in force ends with it."""

from __future__ import annotations

import pytest
from knowledge.make_law_desk import APPROVER, DRAFTER, make_officers, sign_in

from palmtax import rules


@pytest.fixture(autouse=True)
def _law_of_the_files():
    yield
    rules.enact({})


@pytest.fixture
async def bureau(database, clock):
    async with database.transaction() as tx:
        await make_officers(tx, clock)


@pytest.fixture
def officer(bureau, client, database, clock):
    """Signs an officer in."""

    async def enter(person_id: int, **more):
        return await sign_in(client, database, clock, person_id, **more)

    return enter


@pytest.fixture
async def drafter(officer):
    return await officer(DRAFTER)


@pytest.fixture
async def approver(officer):
    return await officer(APPROVER)
