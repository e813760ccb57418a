"""The town of filing's tests, and its people signed in."""

from __future__ import annotations

import pytest
from filing.make import OWNER, SHOP, Caller, make_town, sign_in


@pytest.fixture
async def town(database, clock):
    async with database.transaction() as tx:
        await make_town(tx, clock)


@pytest.fixture
def caller(town, client, database, clock):
    """Signs somebody in under a hat."""

    async def enter(person_id: int = OWNER, taxpayer_id: int = SHOP) -> Caller:
        return await sign_in(client, database, clock, person_id, taxpayer_id)

    return enter
