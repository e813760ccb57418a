"""A town and its people."""

from __future__ import annotations

import pytest
from matters.make import Town, make_offices


@pytest.fixture
async def town(client, database, clock):
    """Offices and officers; taxpayers are made as they are needed."""
    async with database.transaction() as tx:
        await make_offices(tx, clock)
    return Town(client, database, clock)
