"""Payment with the real client against the WeChat Pay sandbox: signed orders, sealed notices, refunds, faults."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta

import httpx
import pytest
import uvicorn
from payment.make import TAXPAYER, charge, make_payer, make_taxpayer, taxes

from palmtax import payment
from palmtax.base.clock import SystemClock
from palmtax.entry.web import create_app
from palmtax.payment.adapters.wechat_pay import WeChatPay, WeChatPaySettings
from palmtax.plumbing.worker import drain
from sandboxes.ground import Options
from sandboxes.running import running

AUTH = {"authorization": "Bearer payer"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with running(Options(tmp_path_factory.mktemp("pay"), notice_delay_seconds=0.05, refund_seconds=0.1)) as made:
        yield made


@pytest.fixture
def clock():
    """Signatures carry real time, so this journey runs on the wall clock."""
    return SystemClock()


@pytest.fixture
async def site(house, outside, sandbox):
    """The real application on a free port, so that the sandbox can bring its notices."""

    async def resolve(_tx, *, access_token, **_more):
        return make_payer() if access_token == "payer" else None

    house.resolve_actor = resolve
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = WeChatPaySettings.from_credentials(
        sandbox.folder, sandbox.credentials, f"{sandbox.url}/pay", f"{url}/api/payment/wechat/notify"
    )
    server = uvicorn.Server(
        uvicorn.Config(create_app(house), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with httpx.AsyncClient(trust_env=False) as http, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        outside["pay"] = WeChatPay(settings, http)
        yield client
    server.should_exit = True
    await serving
    listener.close()


async def until(state, client, order_id):
    for _ in range(100):
        seen = (await client.get(f"/api/payment/orders/{order_id}", headers=AUTH)).json()
        if seen["state"] == state:
            return seen
        await asyncio.sleep(0.05)
    raise AssertionError(f"never {state}: {seen}")


async def start(client, database, clock):
    async with database.transaction() as tx:
        await make_taxpayer(tx)
        due_on = clock.today() + timedelta(days=10)
        return_id = await charge(tx, taxes(123_456), booked_at=clock.now(), due_on=due_on)
    order = (await client.post("/api/payment/orders", json={"return_id": str(return_id)}, headers=AUTH)).json()
    made = await client.post(f"/api/payment/orders/{order['order_id']}/wechat", json={"trade": "h5"}, headers=AUTH)
    assert made.status_code == 200, made.text
    return return_id, order, made.json()["h5_url"].split("prepay_id=")[1]


async def pay(sandbox, prepay_id):
    assert (await asyncio.to_thread(sandbox.post, "/pay/sandbox/pay", json={"prepay_id": prepay_id})).is_success


async def test_a_sealed_notice_settles_and_an_amendment_refunds(site, sandbox, database, clock, task_context):
    return_id, order, prepay_id = await start(site, database, clock)
    await pay(sandbox, prepay_id)
    paid = await until("paid", site, order["order_id"])
    assert len(paid["channel_trade_no"]) == 28
    async with database.transaction() as tx:
        await charge(tx, taxes(-23_456), booked_at=clock.now(), relates_to=return_id)
    for _ in range(60):
        await drain(task_context)
        seen = (await site.get(f"/api/payment/orders/{order['order_id']}", headers=AUTH)).json()
        if seen["refunds"] and seen["refunds"][0]["state"] == "done":
            break
        await asyncio.sleep(0.1)
    assert [(r["amount_fen"], r["state"]) for r in seen["refunds"]] == [(23_456, "done")]
    async with database.transaction() as tx:
        assert await payment.unbalanced(tx) == []
        assert await payment.owed(tx, [TAXPAYER]) == {TAXPAYER: 0}


@pytest.mark.parametrize("kind", ["missing", "double", "late", "forged", "probe", "tampered", "stale"])
async def test_whatever_happens_to_notices_the_order_is_paid_once(kind, site, sandbox, database, clock, capsys):
    planned = await asyncio.to_thread(
        sandbox.post, "/sandbox/faults", json={"server": "pay_notice", "kind": kind, "count": 3, "seconds": 1}
    )
    assert planned.is_success, planned.text
    _, order, prepay_id = await start(site, database, clock)
    await pay(sandbox, prepay_id)
    is_late = kind in {"missing", "late"}
    for _ in range(1 if is_late else 50):  # the genuine one follows in its own time
        await asyncio.sleep(0.3 if is_late else 0.1)
        seen = (await site.get(f"/api/payment/orders/{order['order_id']}", headers=AUTH)).json()
        if seen["state"] == "paid":
            break
    # a missing or late notice leaves the order waiting; a spoiled one is refused, and the genuine one follows it
    assert seen["state"] == ("paying" if is_late else "paid")
    assert capsys.readouterr().out.count("payment.notice_forged") == (kind in {"forged", "probe", "tampered", "stale"})
    asked = await site.post(f"/api/payment/orders/{order['order_id']}/query", headers=AUTH)
    assert asked.json()["state"] == "paid", asked.text
    await asyncio.to_thread(sandbox.delete, "/sandbox/faults")
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from payment_entry where kind = 'settlement'") == 1
        assert await payment.unbalanced(tx) == []


async def test_forged_notices_are_refused(site, sandbox, database, clock):
    _, order, _ = await start(site, database, clock)
    answer = await site.post(
        "/api/payment/wechat/notify",
        json={"id": "1", "event_type": "TRANSACTION.SUCCESS", "resource": {"ciphertext": "AAAA"}},
        headers={
            "wechatpay-timestamp": str(int(clock.now().timestamp())), "wechatpay-nonce": "n",
            "wechatpay-serial": "0" * 40,
            "wechatpay-signature": "WECHATPAY/SIGNTEST/AAAA",
        },
    )  # fmt: skip
    assert (answer.status_code, answer.json()) == (401, {"code": "FAIL", "message": "signature"})
    assert (await site.get(f"/api/payment/orders/{order['order_id']}", headers=AUTH)).json()["state"] == "paying"
