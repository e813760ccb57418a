"""The town and the people of invoice tests."""

from __future__ import annotations

import pytest
from filing.make import CLERK, OWNER, SHOP, make_town, sign_in


@pytest.fixture
async def town(database, clock):
    async with database.transaction() as tx:
        await make_town(tx, clock)


@pytest.fixture
async def owner(town, client, database, clock):
    return await sign_in(client, database, clock, OWNER, SHOP)


@pytest.fixture
async def clerk(town, client, database, clock):
    return await sign_in(client, database, clock, CLERK, SHOP, "h5")
