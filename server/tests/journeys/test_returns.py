"""Returns that are tapped twice, begun on one channel and ended on another, voided, late, or nothing at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from journeys.steps import (
    a_key,
    as_seen,
    begin,
    cashier,
    correct,
    entries,
    filed,
    order,
    owed,
    paid,
    sell,
    submit,
    tap_pay,
    wait_for,
)


def at_once(count, work):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def test_a_hundred_taps_with_one_key_leave_one_return(place):
    shop = place.shop()
    phone = place.by_wechat(shop.owner)
    sell(phone, 40_000_000)
    body, key = as_seen(begin(phone)), a_key()

    def tap(_):
        return phone("POST", "/filing/returns", body, key=key)

    answers = at_once(25, tap) + at_once(25, tap) + at_once(25, tap) + at_once(25, tap)
    assert sorted(a.status_code for a in answers) == [200] * 99 + [201]
    assert len({a.json()["return_id"] for a in answers}) == 1
    assert len(phone.ok("GET", "/filing/returns")["returns"]) == 1
    assert entries(place, shop) == [("charge", 424_000)]


def test_two_phones_that_submit_at_once_leave_one_return(place):
    shop = place.shop()
    phone, tablet = place.by_wechat(shop.owner), place.by_sms(shop.owner, "app")
    sell(phone, 40_000_000)
    body = as_seen(begin(phone))
    answers = at_once(20, lambda n: (phone, tablet)[n % 2]("POST", "/filing/returns", body, key=a_key()))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 19
    refused = {a.json()["code"] for a in answers if a.status_code == 409}
    assert refused <= {"filing.already_filed", "filing.draft_submitted"}
    assert entries(place, shop) == [("charge", 424_000)]


def test_twenty_orders_asked_at_once_are_one_order(place):
    shop, phone, made = filed(place)
    answers = at_once(20, lambda _: phone("POST", "/payment/orders", {"return_id": made["return_id"]}))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["order_id"] for a in answers}) == 1
    assert len(phone.ok("GET", "/payment/orders")) == 1
    assert owed(phone) == 424_000
    assert entries(place, shop) == [("charge", 424_000)]


def test_twenty_certificates_asked_at_once_are_one_certificate(place):
    _, phone, made = filed(place)
    ordered = paid(place, phone, made)
    answers = at_once(8, lambda _: phone("POST", "/certificates", {"order_id": ordered["order_id"]}))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["certificate_no"] for a in answers}) == 1
    assert len(phone.ok("GET", "/certificates")) == 1


def test_a_draft_goes_on_where_another_channel_left_it(place):
    shop = place.shop()
    phone, browser = place.by_wechat(shop.owner), place.by_sms(shop.owner)
    sell(phone, 31_000_000)
    draft = begin(phone)
    assert (draft["started_channel"], draft["last_channel"], draft["version"]) == ("miniprogram", "miniprogram", 1)
    there = begin(browser)
    assert there["draft_id"] == draft["draft_id"]
    there = correct(browser, there, 32_000_000)
    assert (there["started_channel"], there["last_channel"], there["version"]) == ("miniprogram", "h5", 2)
    # the phone still shows version 1: it may neither change nor submit over what the browser did
    stale = {"version": 1, "corrections": [{"field": "ordinary_sales", "value_fen": 31_500_000, "reason": "x"}]}
    told = phone.refused(409, "filing.draft_changed", "PATCH", f"/filing/drafts/{draft['draft_id']}", stale)
    assert (told["fields"]["version"], told["fields"]["values"]["ordinary_sales"]) == (2, 32_000_000)
    phone.refused(409, "filing.draft_changed", "POST", "/filing/returns", as_seen(draft), key=a_key())
    assert phone.ok("GET", "/filing/home")["first"]["state"] == "draft"
    made = submit(phone, phone.ok("GET", f"/filing/drafts/{draft['draft_id']}"))
    assert (made["filed_channel"], made["result"]["due_now_fen"]) == ("miniprogram", 339_200)
    browser.refused(409, "filing.draft_submitted", "PATCH", f"/filing/drafts/{draft['draft_id']}", stale)
    desk = place.by_sms(place.officer(), "workbench")
    told = desk.ok("GET", f"/cases/taxpayers/{shop.taxpayer_id}/timeline")["entries"]
    assert [(e["act"], e["channel"]) for e in told] == [
        ("filing.return_submitted", "miniprogram"), ("invoice.entered_by_hand", "miniprogram"),
    ]  # fmt: skip


def test_an_officer_sees_a_draft_field_by_field_before_it_is_submitted(place):
    shop = place.shop()
    phone = place.by_wechat(shop.owner)
    sell(phone, 31_000_000)
    draft = correct(phone, begin(phone), 32_000_000, "现金收入")
    desk = place.by_sms(place.officer(), "workbench")
    [seen] = desk.ok("GET", f"/cases/taxpayers/{shop.taxpayer_id}/drafts")
    assert seen == draft
    field = next(f for f in seen["fields"] if f["code"] == "ordinary_sales")
    assert (field["value_fen"], field["prefilled_fen"], field["reason"]) == (32_000_000, 31_000_000, "现金收入")


def test_an_unpaid_return_is_voided_and_the_period_is_open_again(place):
    shop, phone, made = filed(place)
    ordered = order(phone, made)
    path = f"/filing/returns/{made['return_id']}/void"
    key = a_key()
    voided = phone.ok("POST", path, {"reason": "重复申报"}, key=key)
    assert (voided["state"], voided["void_reason"], voided["may_void"]) == ("void", "重复申报", False)
    assert phone.ok("POST", path, {"reason": "重复申报"}, key=key) == voided
    phone.refused(422, "filing.key_reused", "POST", path, {"reason": "另一个理由"}, key=key)
    assert (owed(phone), entries(place, shop)) == (0, [("charge", 424_000), ("charge", 424_000)])
    place.until(lambda: phone.ok("GET", f"/payment/orders/{ordered['order_id']}")["state"] == "cancelled")
    assert phone.ok("GET", "/filing/home")["first"]["state"] == "open"
    again = submit(phone, begin(phone))
    assert (again["kind"], again["state"], owed(phone)) == ("original", "accepted", 424_000)
    states = {r["return_id"]: r["state"] for r in phone.ok("GET", "/filing/returns")["returns"]}
    assert states == {made["return_id"]: "void", again["return_id"]: "accepted"}


def test_a_return_whose_cashier_is_open_or_that_is_paid_cannot_be_voided(place):
    _, phone, made = filed(place)
    ordered = order(phone, made)
    parameters = cashier(phone, ordered)
    path = f"/filing/returns/{made['return_id']}/void"
    phone.refused(409, "filing.payment_running", "POST", path, {"reason": "重复申报"}, key=a_key())
    assert tap_pay(place, parameters).status_code == 200
    wait_for(place, phone, ordered, "paid")
    phone.refused(409, "filing.already_paid", "POST", path, {"reason": "重复申报"}, key=a_key())
    assert phone.ok("GET", f"/filing/returns/{made['return_id']}")["state"] == "accepted"


def test_below_the_threshold_nothing_is_due_and_home_is_quiet(place):
    shop, phone, made = filed(place, 29_999_999)
    assert (made["payment_state"], made["result"]["is_exempt"], made["result"]["due_now_fen"]) == (
        "nothing_due",
        True,
        0,
    )
    phone.refused(404, "payment.return_unknown", "POST", "/payment/orders", {"return_id": made["return_id"]})
    home = phone.ok("GET", "/filing/home")
    assert (home["first"], home["waiting"], home["next_quiet"]["period"]) == (None, [], "2026Q4")
    assert entries(place, shop) == []


def test_a_nil_return_takes_two_taps(place):
    shop = place.shop()
    phone = place.by_wechat(shop.owner)
    made = submit(phone, begin(phone))
    assert (made["result"]["is_zero"], made["result"]["due_now_fen"], made["state"]) == (True, 0, "accepted")


def test_home_counts_down_and_then_says_how_late(place):
    shop = place.shop()
    phone = place.by_wechat(shop.owner)
    sell(phone, 40_000_000)
    seen = []
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 26), date(2026, 10, 27), date(2026, 11, 5)):
        place.clock.put(day)
        phone = place.by_wechat(shop.owner)
        home = phone.ok("GET", "/filing/home")
        one = home["first"] or home["next_quiet"]
        seen.append((one["state"], one["days_left"], one["estimate_fen"], one["late_fee_fen"]))
    assert seen == [
        ("not_open", 26, 424_000, 0), ("open", 25, 424_000, 0), ("open", 0, 424_000, 0),
        ("overdue", -1, 424_000, 200), ("overdue", -10, 424_000, 2_000),
    ]  # fmt: skip


def test_an_invoice_that_arrives_after_the_draft_was_seen_stops_the_submission(place):
    shop = place.shop()
    phone = place.by_wechat(shop.owner)
    sell(phone, 40_000_000)
    draft = begin(phone)
    sell(phone, 1_000_000)
    told = phone.refused(409, "filing.amount_changed", "POST", "/filing/returns", as_seen(draft), key=a_key())
    assert told["fields"]["due_now_fen"] == 434_600
    assert phone.ok("GET", "/filing/returns")["returns"] == []
    assert submit(phone, phone.ok("GET", f"/filing/drafts/{draft['draft_id']}"))["result"]["due_now_fen"] == 434_600
    assert entries(place, shop) == [("charge", 434_600)]
