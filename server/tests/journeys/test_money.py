"""Money that comes late, twice, not at all, forged, after the end, by bank, and that goes back."""

from __future__ import annotations

from datetime import date

import pytest
from journeys.place import OTHER_DISTRICT, THURSDAY
from journeys.steps import (
    a_key,
    cashier,
    correct,
    entries,
    filed,
    order,
    owed,
    paid,
    read_order,
    submit,
    tap_pay,
    wait_for,
)

DUE = 424_000
"""400,000.00 of sales: 4,000.00 VAT, 140.00 urban maintenance, 60.00 and 40.00 education surcharges, fen."""


def notices(place, shop):
    """How many genuine notices were taken for a shop."""
    [row] = place.fetch("select count(*) n from payment_notice where taxpayer_id = $1", shop.taxpayer_id)
    return row["n"]


def later(place, task):
    """The waits of a job are over."""
    place.fetch(
        "update pgqueuer set execute_after = now() where entrypoint = $1 and status = 'queued' returning id", task
    )


def transfer(shop, ordered, amount_fen, on=THURSDAY, reference="BANK-0001"):
    return {
        "taxpayer_id": shop.taxpayer_id, "order_id": ordered["order_id"], "amount_fen": amount_fen,
        "bank_reference": reference, "received_on": on.isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["forged", "probe", "tampered", "stale"])
def test_a_notice_that_is_not_genuine_changes_nothing_and_the_true_one_settles_once(place, kind):
    shop, phone, made = filed(place)
    place.fault("pay_notice", kind)
    assert paid(place, phone, made)["amount_fen"] == DUE
    assert entries(place, shop) == [("charge", DUE), ("settlement", DUE)]
    assert notices(place, shop) == 1


def test_a_double_notice_is_taken_twice_and_booked_once(place):
    shop, phone, made = filed(place)
    place.fault("pay_notice", "double")
    ordered = paid(place, phone, made)
    place.until(lambda: notices(place, shop) == 2)
    assert entries(place, shop) == [("charge", DUE), ("settlement", DUE)]
    place.sandboxes.post("/pay/sandbox/resend", json={"out_trade_no": ordered["order_no"]})
    place.until(lambda: notices(place, shop) == 3)
    assert (read_order(phone, ordered)["state"], entries(place, shop)[1:]) == ("paid", [("settlement", DUE)])


def test_a_missing_notice_is_healed_when_the_payer_comes_back_and_asks(place):
    shop, phone, made = filed(place)
    place.fault("pay_notice", "missing")
    ordered = order(phone, made)
    parameters = cashier(phone, ordered)
    assert phone.ok("POST", f"/payment/orders/{ordered['order_id']}/query")["state"] == "paying"
    assert tap_pay(place, parameters).status_code == 200
    assert read_order(phone, ordered)["state"] == "paying"
    assert phone.ok("POST", f"/payment/orders/{ordered['order_id']}/query")["state"] == "paid"
    assert (notices(place, shop), entries(place, shop)) == (0, [("charge", DUE), ("settlement", DUE)])


def test_a_missing_notice_is_healed_by_the_worker_alone(place):
    shop, phone, made = filed(place)
    place.fault("pay_notice", "missing")
    ordered = order(phone, made)
    assert tap_pay(place, cashier(phone, ordered)).status_code == 200
    later(place, "payment.query_order")
    wait_for(place, phone, ordered, "paid")
    assert (notices(place, shop), entries(place, shop)) == (0, [("charge", DUE), ("settlement", DUE)])


def test_a_late_notice_finds_the_order_already_paid_and_changes_nothing(place):
    shop, phone, made = filed(place)
    place.fault("pay_notice", "late", seconds=1)
    ordered = order(phone, made)
    assert tap_pay(place, cashier(phone, ordered)).status_code == 200
    assert phone.ok("POST", f"/payment/orders/{ordered['order_id']}/query")["state"] == "paid"
    place.until(lambda: notices(place, shop) == 1)
    assert entries(place, shop) == [("charge", DUE), ("settlement", DUE)]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\x00", b'{"id":"x","resource":{"ciphertext":"x"}}', b"null"])
def test_a_stranger_cannot_tell_us_that_an_order_is_paid(place, body):
    answer = place.http.post("/api/payment/wechat/notify", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "FAIL")


def test_an_order_that_nobody_paid_expires_and_its_cashier_is_closed(place):
    shop, phone, made = filed(place)
    ordered = order(phone, made)
    parameters = cashier(phone, ordered)
    place.clock.move(minutes=116)
    place.tick("payment.expire_orders")
    wait_for(place, phone, ordered, "expired")
    refused = tap_pay(place, parameters)
    assert (refused.status_code, entries(place, shop)) == (409, [("charge", DUE)])
    phone.refused(
        409, "payment.order_ended", "POST", f"/payment/orders/{ordered['order_id']}/wechat", {"trade": "jsapi"}
    )
    again = order(phone, made)
    assert (again["state"], again["amount_fen"], again["order_id"] != ordered["order_id"]) == ("created", DUE, True)


def test_money_for_an_order_of_yesterday_goes_back_and_the_tax_stays_owed(place):
    shop, phone, made = filed(place)
    place.fault("pay_notice", "missing")
    ordered = order(phone, made)
    parameters = cashier(phone, ordered)
    place.clock.move(days=1)
    assert tap_pay(place, parameters).status_code == 200
    place.tick("payment.expire_orders")
    ended = wait_for(place, phone, ordered, "expired")
    ended = place.until(lambda: (o := read_order(phone, ordered))["refunds"][:1] and o)
    place.tick("payment.ask_about_refunds")
    ended = place.until(lambda: (o := read_order(phone, ordered))["refunds"][0]["state"] == "done" and o)
    assert [(r["amount_fen"], r["reason"]) for r in ended["refunds"]] == [(DUE, "订单已失效后到账，退回")]
    assert owed(phone) == DUE
    assert sorted(entries(place, shop)) == [("charge", DUE), ("overpayment", DUE), ("refund", DUE)]


def test_paying_by_bank_and_by_wechat_gives_the_second_payment_back(place):
    shop, phone, made = filed(place)
    place.fault("pay_notice", "missing")
    ordered = order(phone, made)
    assert tap_pay(place, cashier(phone, ordered)).status_code == 200
    desk = place.by_sms(place.officer(), "workbench")
    settled = desk.ok("POST", "/payment/transfers", transfer(shop, ordered, DUE), key=a_key())
    assert (settled["state"], settled["way"]) == ("paid", "bank_transfer")
    both = place.until(lambda: (o := read_order(phone, ordered))["refunds"] and o)
    assert [(r["amount_fen"], r["reason_en"]) for r in both["refunds"]] == [(DUE, "Paid twice")]
    place.until(lambda: read_order(phone, ordered)["refunds"][0]["state"] == "done")
    assert owed(phone) == 0
    assert sorted(entries(place, shop)) == [("charge", DUE), ("overpayment", DUE), ("refund", DUE), ("settlement", DUE)]


def test_an_officer_registers_a_bank_transfer_to_the_fen_and_once(place):
    shop, phone, made = filed(place)
    ordered = order(phone, made)
    desk = place.by_sms(place.officer(), "workbench")
    right, key = transfer(shop, ordered, DUE), a_key()
    short = desk.refused(
        409,
        "payment.transfer_amount_differs",
        "POST",
        "/payment/transfers",
        right | {"amount_fen": DUE - 1},
        key=a_key(),
    )
    assert (short["fields"]["due"], short["fields"]["difference"]) == ("4,240.00", "0.01")
    tomorrow = right | {"received_on": "2026-10-16"}
    desk.refused(409, "payment.transfer_day_impossible", "POST", "/payment/transfers", tomorrow, key=a_key())
    desk.refused(422, "payment.key_needed", "POST", "/payment/transfers", right)
    assert desk.ok("POST", "/payment/transfers", right, key=key)["state"] == "paid"
    assert desk.ok("POST", "/payment/transfers", right, key=key)["state"] == "paid"
    desk.refused(
        422, "payment.key_reused", "POST", "/payment/transfers", right | {"bank_reference": "OTHER-1"}, key=key
    )
    desk.refused(
        409, "payment.order_paid", "POST", "/payment/transfers", right | {"bank_reference": "X-12"}, key=a_key()
    )
    assert entries(place, shop) == [("charge", DUE), ("settlement", DUE)]
    told = desk.ok("GET", f"/cases/taxpayers/{shop.taxpayer_id}/timeline")["entries"]
    assert [(e["act"], e["channel"], e["summary_en"]) for e in told if e["act"] == "payment.settled"] == [
        ("payment.settled", "workbench", "period 2026Q3 · ¥4,240.00 · bank transfer")
    ]
    # neither the taxpayer nor an officer of another district may do it
    phone.refused(403, "plumbing.not_allowed", "POST", "/payment/transfers", right, key=a_key())
    other = place.by_sms(place.officer(office_code=OTHER_DISTRICT), "workbench")
    other.refused(403, "payment.other_office", "POST", "/payment/transfers", right, key=a_key())
    approver = place.by_sms(place.officer("approver"), "workbench")
    approver.refused(403, "plumbing.not_allowed", "POST", "/payment/transfers", right, key=a_key())


def test_an_overdue_return_costs_its_late_fee_to_the_day_of_payment(place):
    place.clock.put(date(2026, 11, 5))  # Thursday, ten days late
    shop, phone, made = filed(place)
    # 4,000.00 × 0.05 % × 10 = 20.00; on 140.00, 60.00 and 40.00 it stays below one yuan: nothing
    assert (made["result"]["late_days"], made["result"]["late_fee_fen"], made["result"]["due_now_fen"]) == (
        10,
        2_000,
        DUE + 2_000,
    )
    first = order(phone, made)
    assert first["amount_fen"] == DUE + 2_000
    place.clock.put(date(2026, 11, 25))  # Wednesday, thirty days late: 60.00 and 140.00 × 1.5 % = 2.10
    second = order(phone, made)
    assert (second["amount_fen"], second["order_id"] != first["order_id"]) == (DUE + 6_210, True)
    assert {i["tax_type_code"]: i["late_fee_fen"] for i in second["items"]} == {
        "vat_small_scale": 6_000, "urban_construction": 210, "education_surcharge": 0, "local_education_surcharge": 0,
    }  # fmt: skip
    assert tap_pay(place, cashier(phone, second)).status_code == 200
    wait_for(place, phone, second, "paid")
    assert (read_order(phone, first)["state"], owed(phone)) == ("expired", 0)
    assert sum(fen for kind, fen in entries(place, shop) if kind == "settlement") == DUE + 2 * 6_210


def test_lowering_a_paid_return_gives_the_difference_back_and_replaces_the_certificate(place):
    shop, phone, made = filed(place)
    ordered = paid(place, phone, made)
    old = phone.ok("POST", "/certificates", {"order_id": ordered["order_id"]})
    draft = phone.ok("POST", f"/filing/returns/{made['return_id']}/amendment")
    draft = correct(phone, draft, 35_000_000, "多报一笔")
    # 3,500.00 + 122.50 + 52.50 + 35.00 = 3,710.00: 530.00 less
    assert (draft["result"]["payable_fen"], draft["result"]["due_now_fen"]) == (371_000, -53_000)
    newer = submit(phone, draft)
    assert (newer["kind"], newer["amends_return_id"]) == ("amendment", made["return_id"])
    back = place.until(
        lambda: (o := read_order(phone, ordered))["refunds"] and o["refunds"][0]["state"] == "done" and o
    )
    assert [r["amount_fen"] for r in back["refunds"]] == [53_000]
    assert owed(phone) == 0
    older = phone.ok("GET", f"/filing/returns/{made['return_id']}")
    assert (older["state"], older["superseded_by_return_id"]) == ("superseded", newer["return_id"])
    place.until(lambda: place.http.get(f"/api/verify/{old['verify_code']}").json()["state"] == "superseded")
    place.idle()
    new = phone.ok("POST", "/certificates", {"order_id": ordered["order_id"]})
    assert (new["total_fen"], new["state"]) == (371_000, "valid")
    verdict = place.http.get(f"/api/verify/{old['verify_code']}").json()
    assert (verdict["state"], verdict["superseded_by_no"]) == ("superseded", new["certificate_no"])
    rows = place.fetch(
        "select debit_account, credit_account, sum(amount_fen)::bigint fen from payment_line where taxpayer_id = $1"
        " group by 1, 2", shop.taxpayer_id,
    )  # fmt: skip
    saldo: dict[str, int] = {}
    for row in rows:
        saldo[row["debit_account"]] = saldo.get(row["debit_account"], 0) + row["fen"]
        saldo[row["credit_account"]] = saldo.get(row["credit_account"], 0) - row["fen"]
    assert (sum(saldo.values()), saldo["receivable"], saldo["refunds_payable"], saldo["treasury"]) == (
        0,
        0,
        0,
        -371_000,
    )


def test_raising_a_paid_return_asks_for_the_difference_only(place):
    shop, phone, made = filed(place)
    paid(place, phone, made)
    draft = phone.ok("POST", f"/filing/returns/{made['return_id']}/amendment")
    newer = submit(phone, correct(phone, draft, 50_000_000))
    assert newer["payment_state"] == "unpaid"
    second = order(phone, newer)
    assert second["amount_fen"] == 106_000
    assert tap_pay(place, cashier(phone, second)).status_code == 200
    wait_for(place, phone, second, "paid")
    assert (owed(phone), phone.ok("GET", "/filing/home")["first"]) == (0, None)
    assert entries(place, shop) == [("charge", DUE), ("settlement", DUE), ("charge", 106_000), ("settlement", 106_000)]


def test_the_cashier_of_a_browser_opens_a_page_and_settles_too(place):
    _, phone, made = filed(place)
    browser = place.by_sms(phone.person)
    ordered = order(browser, made)
    browser.refused(409, "payment.wechat_needed", "POST", f"/payment/orders/{ordered['order_id']}/wechat",
                    {"trade": "jsapi", "login_code": "nobody"})  # fmt: skip
    page = cashier(browser, ordered, "h5")
    assert (page["h5_url"].startswith(place.sandboxes.url), page["pay_sign"]) == (True, None)
    prepay_id = page["h5_url"].partition("prepay_id=")[2].partition("&")[0]
    assert place.sandboxes.get(page["h5_url"].removeprefix(place.sandboxes.url)).status_code == 200
    assert place.sandboxes.post("/pay/sandbox/pay", json={"prepay_id": prepay_id}).status_code == 200
    assert wait_for(place, browser, ordered, "paid")["way"] == "wechat"


def test_a_refused_bank_card_leaves_the_order_open_and_a_second_try_pays(place):
    shop, phone, made = filed(place)
    ordered = order(phone, made)
    parameters = cashier(phone, ordered)
    place.fault("pay", "bank_refuses")
    assert tap_pay(place, parameters).status_code == 402
    assert read_order(phone, ordered)["state"] == "paying"
    assert tap_pay(place, cashier(phone, ordered)).status_code == 200
    wait_for(place, phone, ordered, "paid")
    assert entries(place, shop) == [("charge", DUE), ("settlement", DUE)]


@pytest.mark.parametrize("kind", ["error", "garbage", "drop_before", "drop_after", "forged_answer", "unsigned_answer"])
def test_a_cashier_that_fails_is_told_as_such_and_works_at_the_next_try(place, kind):
    _, phone, made = filed(place)
    ordered = order(phone, made)
    place.fault("pay", kind, count=5)
    path = f"/payment/orders/{ordered['order_id']}/wechat"
    phone.refused(503, "payment.cashier_away", "POST", path, {"trade": "jsapi"})
    place.sandboxes.delete("/sandbox/faults")
    assert tap_pay(place, cashier(phone, ordered)).status_code == 200
    wait_for(place, phone, ordered, "paid")
