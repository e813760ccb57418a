"""The money journey over HTTP: order, cashier, notice, query, expiry, refunds, transfers."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from payment.make import DUE_ON, OFFICE, TAXPAYER, FakeChannel, charge, make_officer, make_payer, make_taxpayer, taxes

from palmtax import payment
from palmtax.base.identifiers import uuid7
from palmtax.payment import tasks
from palmtax.payment.errors import CashierAway
from palmtax.plumbing.worker import drain

AUTH = {"authorization": "Bearer payer"}
OFFICER = {"authorization": "Bearer officer"}


@pytest.fixture
def channel(clock, outside):
    outside["pay"] = FakeChannel(clock)
    return outside["pay"]


@pytest.fixture
def people(house):
    """Who each token stands for; a test may add some."""
    known = {"payer": make_payer(), "officer": make_officer()}

    async def resolve(_tx, *, access_token, **_more):
        return known.get(access_token)

    house.resolve_actor = resolve
    return known


@pytest.fixture
async def town(database, clock, people, channel):
    """One taxpayer with one return filed in time that asks for ¥1,000.00 and ¥35.00."""
    async with database.transaction() as tx:
        await make_taxpayer(tx)
        return await charge(tx, taxes(100_000, 3_500), booked_at=datetime(2026, 10, 20, 2, tzinfo=UTC), due_on=DUE_ON)


async def make_order(client, return_id):
    answer = await client.post("/api/payment/orders", json={"return_id": str(return_id)}, headers=AUTH)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def open_cashier(client, order, trade="h5"):
    answer = await client.post(
        f"/api/payment/orders/{order['order_id']}/wechat", json={"trade": trade, "login_code": "c"}, headers=AUTH
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read_order(client, order):
    return (await client.get(f"/api/payment/orders/{order['order_id']}", headers=AUTH)).json()


async def standing(database, clock, return_id):
    async with database.transaction() as tx:
        return (await payment.standing(tx, TAXPAYER, [return_id], clock=clock))[return_id]


async def balanced(database):
    async with database.transaction() as tx:
        assert await payment.unbalanced(tx) == []


def notify(client, body):
    return client.post("/api/payment/wechat/notify", content=body, headers={"content-type": "application/json"})


async def test_order_carries_tax_and_late_fee_of_the_day_and_comes_back_when_asked_again(client, town, clock):
    order = await make_order(client, town)
    # 28 days late: 1000 × 0.05 % × 28 = 14.00; 35 × … = 0.49 < 1 yuan → 0
    assert [(i["tax_type_code"], i["amount_fen"], i["late_fee_fen"]) for i in order["items"]] == [
        ("urban_construction", 3_500, 0),
        ("vat_small_scale", 100_000, 1_400),
    ]
    assert order["amount_fen"] == 104_900
    assert order["state"] == "created"
    assert len(order["order_no"]) <= 32
    assert order["order_no"].isalnum()
    clock.move(minutes=30)
    assert (await make_order(client, town))["order_id"] == order["order_id"]


async def test_order_of_yesterday_is_replaced_by_one_with_todays_late_fee(client, town, clock):
    first = await make_order(client, town)
    assert first["expires_at"] < "2026-11-23T16:00:00"  # the Beijing day ends then
    clock.move(days=1)
    second = await make_order(client, town)
    assert second["order_id"] != first["order_id"]
    assert second["amount_fen"] == 104_950
    assert (await read_order(client, first))["state"] == "expired"


async def test_late_in_the_evening_an_order_ends_with_the_beijing_day(client, town, clock):
    clock.at = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 23:30 in Beijing
    assert (await make_order(client, town))["expires_at"] == "2026-11-23T15:59:59Z"


async def test_notice_settles_once_and_every_fen_is_booked(client, town, database, clock, channel):
    order = await make_order(client, town)
    cashier = await open_cashier(client, order)
    assert cashier["h5_url"].startswith("https://")
    trade = channel.pay(order["order_no"])
    assert (await notify(client, channel.notice(trade))).status_code == 204
    paid = await read_order(client, order)
    assert (paid["state"], paid["way"], paid["channel_trade_no"]) == ("paid", "wechat", trade.transaction_id)
    # an honest repeat has another nonce: taken, nothing changes; the very same message is a replay
    assert (await notify(client, channel.notice(trade, nonce="x-2"))).status_code == 204
    replay = await notify(client, channel.notice(trade))
    assert (replay.status_code, replay.json()["code"]) == (400, "FAIL")
    now = await standing(database, clock, town)
    assert (now.charged_fen, now.paid_fen, now.open_fen, now.state) == (103_500, 103_500, 0, "paid")
    ledger = (await client.get("/api/payment/ledger", headers=AUTH)).json()
    assert ledger["owed_fen"] == 0
    assert (
        sum(x["debit_fen"] for x in ledger["lines"])
        == sum(x["credit_fen"] for x in ledger["lines"])
        == 2 * 103_500 + 2 * 1_400
    )
    assert {x["account"] for x in ledger["lines"]} == {
        "receivable",
        "treasury.vat_small_scale",
        "treasury.urban_construction",
        "late_fee",
        "wechat_clearing",
    }
    assert len((await client.get("/api/payment/orders", headers=AUTH)).json()) == 1
    await balanced(database)


async def test_forged_and_misfit_notices_change_nothing(client, town, database, clock, channel):
    order = await make_order(client, town)
    await open_cashier(client, order)
    forged = await notify(
        client, b'{"seal":"bad","id":"1","nonce":"1","out_trade_no":"' + order["order_no"].encode() + b'"}'
    )
    assert (forged.status_code, forged.json()) == (401, {"code": "FAIL", "message": "signature"})
    assert (await notify(client, b"\xff\x00")).status_code == 401
    unknown = await notify(client, b'{"seal":"good","id":"1","nonce":"1","out_trade_no":"PTNOTHERE"}')
    assert unknown.json() == {"code": "FAIL", "message": "order"}
    trade = channel.pay(order["order_no"], total_fen=1)
    wrong = await notify(client, channel.notice(trade))
    assert (wrong.status_code, wrong.json()) == (400, {"code": "FAIL", "message": "amount"})
    assert (await read_order(client, order))["state"] == "paying"
    assert (await standing(database, clock, town)).paid_fen == 0
    # the refused notice was not kept: when it comes right, it is taken
    channel.trades[order["order_no"]] = channel.trades[order["order_no"]].__class__(
        order["order_no"], "SUCCESS", order["amount_fen"], trade.transaction_id, None, clock.now(), None
    )
    assert (await notify(client, channel.notice(channel.trades[order["order_no"]]))).status_code == 204


async def test_keys_that_cannot_be_fetched_ask_for_the_notice_again(client, town, channel):
    order = await make_order(client, town)
    await open_cashier(client, order)
    body = channel.notice(channel.pay(order["order_no"]))
    channel.is_away = True
    assert (await notify(client, body)).status_code == 503
    channel.is_away = False
    assert (await notify(client, body)).status_code == 204


async def test_missing_notice_is_healed_by_the_task_and_by_the_route(client, town, channel, task_context, database):
    order = await make_order(client, town)
    await open_cashier(client, order)
    assert (await client.post(f"/api/payment/orders/{order['order_id']}/query", headers=AUTH)).json()[
        "state"
    ] == "paying"
    channel.pay(order["order_no"])
    place = {"taxpayer_id": TAXPAYER, "order_id": order["order_id"], "step": 0}
    await tasks.query_order(task_context, place)
    await tasks.query_order(task_context, place)
    assert (await read_order(client, order))["state"] == "paid"
    assert (await client.post(f"/api/payment/orders/{order['order_id']}/query", headers=AUTH)).json()["state"] == "paid"
    await balanced(database)


async def test_asking_goes_on_while_the_channel_is_away(client, town, channel, task_context, database):
    order = await make_order(client, town)
    await open_cashier(client, order)
    channel.is_away = True
    await tasks.query_order(task_context, {"taxpayer_id": TAXPAYER, "order_id": order["order_id"], "step": 0})
    asked = await client.post(f"/api/payment/orders/{order['order_id']}/query", headers=AUTH)
    assert (asked.status_code, asked.json()["code"]) == (503, "payment.cashier_away")
    async with database.transaction() as tx:
        waiting = await tx.fetchval("select count(*) from pgqueuer where entrypoint = 'payment.query_order'")
    assert waiting == 2


async def test_unpaid_order_is_closed_at_the_channel_before_it_expires(client, town, clock, channel, task_context):
    order = await make_order(client, town)
    await open_cashier(client, order)
    clock.move(hours=3)
    channel.is_away = True
    await tasks.expire_orders(task_context, {})
    with pytest.raises(CashierAway):
        await drain(task_context)
    assert (await read_order(client, order))["state"] == "paying"  # not expired while the channel may still take money
    channel.is_away = False
    await tasks.expire_orders(task_context, {})
    await drain(task_context)
    assert (await read_order(client, order))["state"] == "expired"
    assert channel.trades[order["order_no"]].state == "CLOSED"
    refused = await client.post(f"/api/payment/orders/{order['order_id']}/wechat", json={"trade": "h5"}, headers=AUTH)
    assert (refused.status_code, refused.json()["code"]) == (409, "payment.order_ended")


async def test_money_found_when_the_time_is_over_is_booked_not_lost(
    client, town, clock, channel, task_context, database
):
    order = await make_order(client, town)
    await open_cashier(client, order)
    channel.pay(order["order_no"])
    clock.move(hours=3)
    await tasks.expire_orders(task_context, {})
    await drain(task_context)
    assert (await read_order(client, order))["state"] == "paid"
    await balanced(database)


async def test_order_never_shown_to_a_payer_expires_without_the_channel(client, town, clock, channel, task_context):
    order = await make_order(client, town)
    clock.move(hours=3)
    channel.is_away = True
    await tasks.expire_orders(task_context, {})
    await drain(task_context)
    assert (await read_order(client, order))["state"] == "expired"


async def test_money_for_an_expired_order_goes_back(client, town, database, clock, channel, task_context):
    order = await make_order(client, town)
    await open_cashier(client, order)
    async with database.transaction() as tx:
        await tx.execute("update payment_order set state = 'expired'")
    trade = channel.pay(order["order_no"])
    channel.refund_state = "PROCESSING"
    assert (await notify(client, channel.notice(trade))).status_code == 204
    await balanced(database)
    await drain(task_context)
    seen = await read_order(client, order)
    assert [(r["amount_fen"], r["state"]) for r in seen["refunds"]] == [(104_900, "asked")]
    clock.move(minutes=10)
    channel.refund_state = "SUCCESS"
    await tasks.ask_about_refunds(task_context, {})
    await drain(task_context)
    seen = await read_order(client, order)
    assert [(r["amount_fen"], r["state"]) for r in seen["refunds"]] == [(104_900, "done")]
    assert seen["state"] == "expired"
    assert (await standing(database, clock, town)).state == "unpaid"
    assert len(channel.refunds) == 1
    await balanced(database)


async def test_paid_on_the_next_day_goes_back_because_the_late_fee_would_be_wrong(
    client, town, clock, channel, database
):
    order = await make_order(client, town)
    await open_cashier(client, order)
    clock.move(days=1)
    assert (await notify(client, channel.notice(channel.pay(order["order_no"])))).status_code == 204
    seen = await read_order(client, order)
    assert (seen["state"], seen["refunds"][0]["reason_en"]) == ("expired", "Money arrived after the order had ended")
    await balanced(database)


async def test_refused_refund_is_kept_for_a_person(client, town, channel, task_context, database, clock):
    order = await make_order(client, town)
    await open_cashier(client, order)
    async with database.transaction() as tx:
        await tx.execute("update payment_order set state = 'expired'")
    await notify(client, channel.notice(channel.pay(order["order_no"])))
    channel.refund_state = "ABNORMAL"
    await drain(task_context)
    assert (await read_order(client, order))["refunds"][0]["state"] == "failed"
    assert (await standing(database, clock, town)).state == "refund_due"
    await balanced(database)


async def test_refund_notice_finishes_the_refund(client, town, channel, task_context, database):
    order = await make_order(client, town)
    await open_cashier(client, order)
    async with database.transaction() as tx:
        await tx.execute("update payment_order set state = 'expired'")
    await notify(client, channel.notice(channel.pay(order["order_no"])))
    channel.refund_state = "PROCESSING"
    await drain(task_context)
    number = next(iter(channel.refunds))
    outcome = channel.refunds[number]
    channel.refunds[order["order_no"]] = outcome.__class__(
        outcome.out_refund_no, outcome.out_trade_no, outcome.refund_id, "SUCCESS", outcome.refund_fen, None
    )
    body = b'{"seal":"good","id":"r-1","nonce":"r","out_trade_no":"' + order["order_no"].encode() + b'"}'
    assert (await notify(client, body)).status_code == 204
    assert (await read_order(client, order))["refunds"][0]["state"] == "done"
    await balanced(database)


async def test_another_payer_gets_a_new_trade_of_the_same_order(client, town, channel, people, database):
    order = await make_order(client, town)
    await open_cashier(client, order)
    people["other"] = make_payer(person_id=12)
    answer = await client.post(
        f"/api/payment/orders/{order['order_id']}/wechat",
        json={"trade": "h5"},
        headers={"authorization": "Bearer other"},
    )
    assert answer.status_code == 200, answer.text
    assert channel.trades[order["order_no"]].state == "CLOSED"
    second = order["order_no"] + "R1"
    assert (await notify(client, channel.notice(channel.pay(second)))).status_code == 204
    assert (await read_order(client, order))["state"] == "paid"
    await balanced(database)


async def test_payer_whose_address_changed_gets_a_new_trade(client, town, channel, database):
    order = await make_order(client, town)
    await open_cashier(client, order)
    channel.openids[order["order_no"]] = (None, "203.0.113.9")  # the phone was in another network
    assert (await open_cashier(client, order))["h5_url"].endswith("R1")
    assert channel.trades[order["order_no"]].state == "CLOSED"
    await notify(client, channel.notice(channel.pay(order["order_no"] + "R1")))
    assert (await read_order(client, order))["state"] == "paid"
    await balanced(database)


async def test_cashier_asked_for_after_paying_finds_the_money(client, town, channel, database):
    order = await make_order(client, town)
    await open_cashier(client, order)
    channel.pay(order["order_no"])  # its notice is lost
    again = await client.post(f"/api/payment/orders/{order['order_id']}/wechat", json={"trade": "h5"}, headers=AUTH)
    assert (again.status_code, again.json()["code"]) == (409, "payment.order_paid")
    assert (await read_order(client, order))["state"] == "paid"
    await balanced(database)


async def test_refused_or_silent_cashier_is_a_clear_sentence_and_the_order_stays(client, town, channel):
    order = await make_order(client, town)
    channel.is_away = True
    away = await client.post(f"/api/payment/orders/{order['order_id']}/wechat", json={"trade": "h5"}, headers=AUTH)
    assert (away.status_code, away.json()["code"]) == (503, "payment.cashier_away")
    channel.is_away = False
    needed = await client.post(f"/api/payment/orders/{order['order_id']}/wechat", json={"trade": "jsapi"}, headers=AUTH)
    assert (needed.status_code, needed.json()["code"]) == (409, "payment.wechat_needed")


async def test_login_code_proves_the_payer_inside_wechat(client, town, channel, outside):
    class WeChat:
        async def sign_in(self, js_code):
            assert js_code == "c"
            return type("Who", (), {"openid": "o-77"})()

    outside["wechat"] = WeChat()
    order = await make_order(client, town)
    made = await open_cashier(client, order, "jsapi")
    assert (made["app_id"], made["package"]) == ("wxapp", f"prepay_id=wx{order['order_no']}")
    assert channel.openids[order["order_no"]] == ("o-77", None)
    assert await open_cashier(client, order, "jsapi") == made
    assert channel.calls.count("create_jsapi") == 1


async def test_nothing_due_unknown_and_foreign_returns_are_refused(client, town, channel, people, database, clock):
    people["stranger"] = make_payer(taxpayer_id=9_999)
    unknown = await client.post("/api/payment/orders", json={"return_id": str(uuid7())}, headers=AUTH)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "payment.return_unknown")
    stranger = {"authorization": "Bearer stranger"}
    foreign = await client.post("/api/payment/orders", json={"return_id": str(town)}, headers=stranger)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "payment.return_unknown")
    order = await make_order(client, town)
    for path, method in (("", "get"), ("/query", "post")):
        hidden = await client.request(method, f"/api/payment/orders/{order['order_id']}{path}", headers=stranger)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "payment.order_unknown")
    async with database.transaction() as tx:
        await charge(tx, taxes(-100_000, -3_500), booked_at=clock.now(), return_id=town)
    void = await client.post("/api/payment/orders", json={"return_id": str(town)}, headers=AUTH)
    assert (void.status_code, void.json()["code"]) == (409, "payment.nothing_due")
    assert (await standing(database, clock, town)).state == "nothing_due"


async def test_hats_without_the_scope_and_nobody_are_refused(client, town, people):
    people["reader"] = make_payer(scopes=frozenset({"payment.read"}))
    ask = {"return_id": str(town)}
    reader = await client.post("/api/payment/orders", json=ask, headers={"authorization": "Bearer reader"})
    officer = await client.post("/api/payment/orders", json=ask, headers=OFFICER)
    nobody = await client.post("/api/payment/orders", json=ask)
    assert [reader.status_code, officer.status_code, nobody.status_code] == [403, 403, 401]
    body = {
        "taxpayer_id": TAXPAYER,
        "order_id": str(uuid7()),
        "amount_fen": 1,
        "bank_reference": "B001",
        "received_on": "2026-11-23",
    }
    assert (await client.post("/api/payment/transfers", json=body, headers=AUTH)).status_code == 403


async def test_two_asks_at_once_give_one_order(client, town, database):
    made = await asyncio.gather(*(make_order(client, town) for _ in range(8)))
    assert len({order["order_id"] for order in made}) == 1
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from payment_order") == 1


async def test_twenty_notices_and_queries_at_once_book_once(client, town, channel, database):
    order = await make_order(client, town)
    await open_cashier(client, order)
    trade = channel.pay(order["order_no"])
    calls = [notify(client, channel.notice(trade, nonce=f"x-{n}")) for n in range(10)]
    calls += [client.post(f"/api/payment/orders/{order['order_id']}/query", headers=AUTH) for _ in range(10)]
    answers = await asyncio.gather(*calls)
    assert {a.status_code for a in answers} <= {200, 204}
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from payment_entry where kind = 'settlement'") == 1
        assert await tx.fetchval("select count(*) from payment_refund") == 0
        assert await tx.fetchval("select count(*) from evidence_entry where act = 'payment.settled'") == 1
    await balanced(database)


def transfer_of(order, **changes):
    body = {
        "taxpayer_id": TAXPAYER, "order_id": order["order_id"], "amount_fen": order["amount_fen"],
        "bank_reference": "ICBC20261123001", "received_on": "2026-11-23",
    }  # fmt: skip
    return body | changes


def register(client, body, key="key-00001", *, who="officer"):
    headers = {"authorization": f"Bearer {who}", "idempotency-key": key}
    return client.post("/api/payment/transfers", json=body, headers=headers)


async def test_transfer_settles_the_order_and_the_same_key_gives_the_same_answer(client, town, database, clock):
    order = await make_order(client, town)
    done = await register(client, transfer_of(order))
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["way"], done.json()["channel_trade_no"]) == (
        "paid",
        "bank_transfer",
        "ICBC20261123001",
    )
    assert (await register(client, transfer_of(order))).json() == done.json()
    other = await register(client, transfer_of(order, bank_reference="OTHER123"))
    assert (other.status_code, other.json()["code"]) == (422, "payment.key_reused")
    again = await register(client, transfer_of(order), key="key-00002")
    assert (again.status_code, again.json()["code"]) == (409, "payment.bank_reference_used")
    paid = await register(client, transfer_of(order, bank_reference="OTHER123"), key="key-00002")
    assert (paid.status_code, paid.json()["code"]) == (409, "payment.order_paid")
    missing = await client.post("/api/payment/transfers", json=transfer_of(order), headers=OFFICER)
    assert (missing.status_code, missing.json()["code"]) == (422, "payment.key_needed")
    await balanced(database)


@pytest.mark.parametrize(("change", "which"), [(1, "多 0.01"), (-104_899, "少 1,048.99")])
async def test_transfer_of_another_amount_is_refused_with_the_difference(client, town, change, which):
    order = await make_order(client, town)
    refused = await register(client, transfer_of(order, amount_fen=order["amount_fen"] + change))
    assert (refused.status_code, refused.json()["code"]) == (409, "payment.transfer_amount_differs")
    assert which in refused.json()["text"]
    assert (await read_order(client, order))["state"] == "created"


async def test_transfer_counts_to_the_day_it_arrived_even_for_an_expired_order(
    client, town, clock, task_context, database
):
    order = await make_order(client, town)
    clock.move(days=2)
    await tasks.expire_orders(task_context, {})
    await drain(task_context)
    assert (await read_order(client, order))["state"] == "expired"
    # arrived on Tuesday 2026-11-24: 29 days → 14.50
    done = await register(client, transfer_of(order, amount_fen=104_950, received_on="2026-11-24"))
    assert done.status_code == 200, done.text
    assert done.json()["paid_at"] == "2026-11-24T15:59:59Z"
    assert sum(i["late_fee_fen"] for i in done.json()["items"]) == 1_450
    await balanced(database)


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 10, 19)])
async def test_transfer_of_an_impossible_day_is_refused(client, town, day):
    order = await make_order(client, town)
    refused = await register(client, transfer_of(order, received_on=day.isoformat()))
    assert (refused.status_code, refused.json()["code"]) == (409, "payment.transfer_day_impossible")


async def test_officers_of_other_offices_are_refused_and_of_the_office_above_are_not(client, town, people):
    order = await make_order(client, town)
    people["far"] = make_officer("14403060000", 92)
    people["city"] = make_officer("14403000000", 93)
    people["reader"] = make_officer(OFFICE, 94, frozenset({"cases.read"}))
    far = await register(client, transfer_of(order), who="far")
    assert (far.status_code, far.json()["code"]) == (403, "payment.other_office")
    assert (await register(client, transfer_of(order), who="reader")).status_code == 403
    assert (await register(client, transfer_of(order), who="city")).status_code == 200


async def test_two_officers_at_once_settle_once(client, town, people, database):
    order = await make_order(client, town)
    people["second"] = make_officer(OFFICE, 92)
    answers = await asyncio.gather(
        *(register(client, transfer_of(order, bank_reference=f"REF{n:05d}"), f"key-{n:05d}", who=token)
          for n, token in enumerate(["officer", "second"] * 4))
    )  # fmt: skip
    assert sorted(a.status_code for a in answers) == [200] + [409] * 7
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"payment.order_paid"}
    await balanced(database)


async def test_paid_twice_by_transfer_and_wechat_gives_the_second_back(
    client, town, channel, database, task_context, clock
):
    order = await make_order(client, town)
    await open_cashier(client, order)
    assert (await register(client, transfer_of(order))).status_code == 200
    channel.pay(order["order_no"])  # before the task closes the trade
    await drain(task_context)
    await drain(task_context)
    seen = await read_order(client, order)
    assert (seen["state"], seen["way"]) == ("paid", "bank_transfer")
    assert [(r["amount_fen"], r["state"], r["reason_en"]) for r in seen["refunds"]] == [(104_900, "done", "Paid twice")]
    assert (await standing(database, clock, town)).state == "paid"
    await balanced(database)


async def test_transfer_closes_a_cashier_that_was_handed_out(client, town, channel, task_context):
    order = await make_order(client, town)
    await open_cashier(client, order)
    assert (await register(client, transfer_of(order))).status_code == 200
    await drain(task_context)
    assert channel.trades[order["order_no"]].state == "CLOSED"


async def test_transfer_after_wechat_is_refused(client, town, channel):
    order = await make_order(client, town)
    await open_cashier(client, order)
    await notify(client, channel.notice(channel.pay(order["order_no"])))
    refused = await register(client, transfer_of(order))
    assert (refused.status_code, refused.json()["code"]) == (409, "payment.order_paid")


async def pay_all(client, channel, return_id, notice_id="n-1"):
    order = await make_order(client, return_id)
    await open_cashier(client, order)
    assert (
        await notify(client, channel.notice(channel.pay(order["order_no"]), notice_id=notice_id))
    ).status_code == 204
    return order


async def test_amendment_downward_after_payment_refunds_the_difference(
    client, town, channel, database, clock, task_context
):
    order = await pay_all(client, channel, town)
    async with database.transaction() as tx:
        amending = await charge(tx, taxes(-20_000, -700), booked_at=clock.now(), relates_to=town)
    assert (await standing(database, clock, amending)).state == "refund_due"
    await drain(task_context)
    await drain(task_context)
    now = await standing(database, clock, amending)
    assert (now.charged_fen, now.paid_fen, now.open_fen, now.state) == (82_800, 82_800, 0, "paid")
    assert now == await standing(database, clock, town)
    assert [r["amount_fen"] for r in (await read_order(client, order))["refunds"]] == [20_700]
    assert next(iter(channel.refunds.values())).refund_fen == 20_700
    await balanced(database)


async def test_what_a_correction_leaves_overpaid_stays_when_the_payer_wants_it_so(
    client, town, channel, database, clock, task_context
):
    await pay_all(client, channel, town, "n-1")
    async with database.transaction() as tx:
        amending = await charge(tx, taxes(-20_000), booked_at=clock.now(), relates_to=town, keeps_overpaid=True)
    await drain(task_context)
    now = await standing(database, clock, amending)
    assert (now.open_fen, now.refunding_fen) == (-20_000, 0)
    assert channel.refunds == {}


async def test_amendment_upward_after_payment_asks_for_the_difference_with_its_late_fee(
    client, town, channel, database, clock
):
    await pay_all(client, channel, town)
    async with database.transaction() as tx:
        amending = await charge(tx, taxes(50_000), booked_at=clock.now(), relates_to=town)
    now = await standing(database, clock, amending)
    assert (now.open_fen, now.late_fee_fen, now.state) == (50_000, 700, "unpaid")
    order = await pay_all(client, channel, amending, "n-2")
    assert order["amount_fen"] == 50_700
    assert (await standing(database, clock, town)).state == "paid"
    await balanced(database)


async def test_amendment_downward_withdraws_an_order_that_asks_too_much(
    client, town, channel, database, clock, task_context
):
    first = await make_order(client, town)
    await open_cashier(client, first)
    async with database.transaction() as tx:
        amending = await charge(tx, taxes(-20_000), booked_at=clock.now(), relates_to=town)
    await drain(task_context)
    await drain(task_context)
    assert (await read_order(client, first))["state"] == "cancelled"
    second = await make_order(client, amending)
    assert [i["amount_fen"] for i in second["items"]] == [3_500, 80_000]


async def test_order_paid_just_as_the_amendment_came_is_refunded_in_part(
    client, town, channel, database, clock, task_context
):
    first = await make_order(client, town)
    await open_cashier(client, first)
    async with database.transaction() as tx:
        amending = await charge(tx, taxes(-20_000), booked_at=clock.now(), relates_to=town)
    await notify(client, channel.notice(channel.pay(first["order_no"])))
    await drain(task_context)
    await drain(task_context)
    assert (await standing(database, clock, amending)).state == "paid"
    assert [r["amount_fen"] for r in (await read_order(client, first))["refunds"]] == [20_000]
    await balanced(database)


async def test_transfer_overpaid_by_an_amendment_waits_for_an_officer(client, town, database, clock, task_context):
    order = await make_order(client, town)
    assert (await register(client, transfer_of(order))).status_code == 200
    async with database.transaction() as tx:
        await charge(tx, taxes(-20_000), booked_at=clock.now(), relates_to=town)
    await drain(task_context)
    assert (await standing(database, clock, town)).state == "refund_due"
    assert [(r["amount_fen"], r["state"]) for r in (await read_order(client, order))["refunds"]] == [(20_000, "asked")]
    await balanced(database)


async def test_owed_and_ledger_pages(client, town, database, clock):
    async with database.transaction() as tx:
        assert await payment.owed(tx, [TAXPAYER, 5]) == {TAXPAYER: 103_500, 5: 0}
        for _ in range(5):
            await charge(tx, taxes(100), booked_at=clock.now())
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/payment/ledger", params=query, headers=AUTH)).json()
        seen += [x["entry_id"] for x in page["lines"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(set(seen)) == 6
    assert page["owed_fen"] == 104_000
    assert (await client.get("/api/payment/ledger", params={"cursor": "nonsense"}, headers=AUTH)).status_code == 200
