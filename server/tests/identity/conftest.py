"""Partners of identity and a small town."""

from __future__ import annotations

import pytest
from identity.make import FakeRegister, FakeSms, FakeWeChat, make_people


@pytest.fixture
def sms(outside):
    outside["sms"] = FakeSms()
    return outside["sms"]


@pytest.fixture
def wechat(outside):
    outside["wechat"] = FakeWeChat()
    return outside["wechat"]


@pytest.fixture
def register(outside):
    outside["real_name"] = FakeRegister()
    return outside["real_name"]


@pytest.fixture
async def town(database, clock):
    async with database.transaction() as tx:
        await make_people(tx, clock)
