"""What the house says of itself: alive, ready, how much it does."""

from __future__ import annotations

import httpx
import pytest

import palmtax
from palmtax.entry import migrations
from palmtax.entry.web import create_app
from palmtax.plumbing import outbound
from palmtax.plumbing.database import Database


async def stamp(database, revision):
    async with database.transaction() as tx:
        await tx.execute("create table alembic_version (version_num text primary key)")
        await tx.execute("insert into alembic_version values ($1)", revision)


async def test_healthz_needs_nothing_but_the_process(house):
    house.database = Database("postgresql://nobody@127.0.0.1:1/none")
    transport = httpx.ASGITransport(app=create_app(house))
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as client:
        answer = await client.get("/healthz", headers={"x-request-id": "abcdef-1234"})
        assert answer.json() == {"state": "alive", "version": palmtax.__version__, "request_id": "abcdef-1234"}
        away = await client.get("/readyz")
    assert (away.status_code, away.json()["ready"], away.json()["checks"]["database"]["ok"]) == (503, False, False)


async def test_readyz_names_each_part_with_a_word(client, database):
    await stamp(database, migrations.newest())
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["ready"], set(told["checks"])) == (True, {"database", "queue", "migrations", "law"})
    assert all(check["ok"] and check["text"] for check in told["checks"].values())


@pytest.mark.parametrize("revision", ["0001", None])
async def test_a_house_whose_tables_are_old_is_not_ready(client, database, revision):
    if revision:
        await stamp(database, revision)
    answer = await client.get("/readyz")
    told = answer.json()["checks"]["migrations"]
    assert (answer.status_code, told["ok"]) == (503, False)
    assert migrations.newest() in told["text"]


async def test_too_many_waiting_jobs_are_not_ready(client, database):
    await stamp(database, migrations.newest())
    async with database.transaction() as tx:
        await tx.execute(
            "insert into pgqueuer (priority, entrypoint, status, execute_after)"
            " select 0, 'x.y', 'queued', now() + interval '1 hour' from generate_series(1, 10001)"
        )
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["queue"]["ok"]) == (503, False)
    assert "10001" in answer.json()["checks"]["queue"]["text"]


async def test_a_partner_that_is_away_is_told_but_does_not_close_the_house(house, client, database):
    await stamp(database, migrations.newest())
    house.probes["pay"] = outbound.client("pay", "http://127.0.0.1:1", timeout_seconds=0.5)
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["pay"] == {"ok": False, "text": "ConnectError", "needed": False}
    await house.probes["pay"].aclose()


async def test_metrics_count_requests_by_route_and_not_by_address(client):
    for number in (1, 2, 3):
        await client.get(f"/api/cases/taxpayers/{number}")
    text = (await client.get("/metrics")).text
    line = next(
        row for row in text.splitlines()
        if "/api/cases/taxpayers/{taxpayer_id}" in row and 'status="401"' in row and row.startswith("palmtax")
    )  # fmt: skip
    assert float(line.rsplit(" ", 1)[1]) >= 3
    assert "/api/cases/taxpayers/1" not in text
    assert 'palmtax_queue_jobs{status="queued"}' in text or "queued" in text


async def test_metrics_are_for_the_machine_itself(house):
    transport = httpx.ASGITransport(app=create_app(house), client=("203.0.113.9", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as stranger:
        answer = await stranger.get("/metrics")
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", "new\tline", "ünïcode", "a" * 7, "' or 1=1"])
async def test_a_strange_request_id_is_replaced(client, given):
    answer = await client.get("/healthz", headers={"x-request-id": given.encode("utf-8")})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 24
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
