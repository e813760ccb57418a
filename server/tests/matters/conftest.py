"""A town and its people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from matters.make import Town, make_offices

from palmtax.base.clock import FixedClock


@pytest.fixture
def clock():
    """Monday 2026-11-23, 10:00 in China: halls are open."""
    return FixedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
async def town(client, database, clock):
    """Offices and officers; taxpayers are made as they are needed."""
    async with database.transaction() as tx:
        await make_offices(tx, clock)
    return Town(client, database, clock)
