"""Every process holds the versions of the law that two officers agreed on: from its start, and soon after each approval."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from palmtax import rules
from palmtax.entry.enacting import current_law, enact_once
from palmtax.entry.web import create_app
from palmtax.plumbing.database import Database

KEY, DAY = "vat_small_scale.quarter_threshold", date(2027, 1, 1)
BODY = {
    "value": "450000", "first_day": "2027-01-01", "until": "2027-12-31", "published": "2026-11-20", "source": "x",
    "article": "财政部 税务总局公告2026年第10号 起征点标准", "confidence": "own", "note": "", "confirm_retroactive": False,
}  # fmt: skip
CHANGE = (
    "insert into knowledge_law_change (change_id, key, drafted_by, drafted_at, request_hash)"
    " values ('00000000-0000-7000-8000-000000000001', $1, 1, now(), 'x')"
)
ACT = (
    "insert into knowledge_law_act (change_id, sequence, act_id, act, person_id, at, reason, body, trial)"
    " values ('00000000-0000-7000-8000-000000000001', $1, gen_random_uuid(), $2, $3, now(), $4, $5, $6)"
)


@pytest.fixture(autouse=True)
def _law_of_the_files():
    yield
    rules.enact({})


async def approve(database):
    async with database.transaction() as tx:
        await tx.execute(CHANGE, KEY)
        await tx.execute(ACT, 1, "drafted", 1, None, BODY, None)
        await tx.execute(ACT, 2, "approved", 2, None, BODY, {})


def threshold() -> int:
    return rules.parameter(KEY).on(DAY).value


async def until(expected):
    async with asyncio.timeout(5):
        while threshold() != expected:  # noqa: ASYNC110  # another task changes it, and tells nobody
            await asyncio.sleep(0.01)


async def test_a_process_that_starts_knows_what_was_approved_before(house, database):
    await approve(database)
    assert threshold() == 30_000_000
    app = create_app(house)
    async with app.router.lifespan_context(app):
        assert threshold() == 45_000_000


async def test_a_running_process_learns_of_it(database):
    async with current_law(database, seconds=0.02):
        assert threshold() == 30_000_000
        await approve(database)
        await until(45_000_000)
        async with database.transaction() as tx:
            await tx.execute(ACT, 3, "withdrawn", 2, "x", None, None)
        await until(30_000_000)


async def test_without_a_database_a_process_starts_after_a_while_and_goes_on_trying(database):
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    assert not await enact_once(away)
    async with current_law(away, seconds=0.02, patience=0.1):
        assert threshold() == 30_000_000
        await approve(database)
        away.dsn = database.dsn
        await until(45_000_000)
    await away.close()
