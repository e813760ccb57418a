"""The pool: by hand, found again, page by page, with sums over all matches."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import uuid4

import pytest
from filing.make import NEIGHBOUR, SHOP, STRANGER, a_key, make_invoice, picture, put_invoices, sign_in

LINE = {"item": "餐费", "levy_rate": "0.01", "amount_fen": 100_050}
GIVEN = {
    "kind": "ordinary", "invoice_no": "26440000000000000001", "issued_on": "2026-09-01",
    "counterparty_name": "云山学校", "lines": [LINE],
}  # fmt: skip


async def test_an_invoice_typed_by_hand_gets_its_tax_and_is_there_once(owner, database):
    key = a_key()
    made = await owner.ok("POST", "/invoice/invoices", GIVEN, key=key)
    assert (made["tax_fen"], made["total_fen"], made["source"], made["is_red"]) == (1_001, 101_051, "hand", False)
    before = await picture(database)
    again = await owner("POST", "/invoice/invoices", GIVEN, key=key)
    assert (again.status_code, again.json()) == (200, made)
    await owner.refused(
        422, "invoice.key_reused", "POST", "/invoice/invoices", {**GIVEN, "counterparty_name": "别人"}, key=key
    )
    await owner.refused(409, "invoice.duplicate", "POST", "/invoice/invoices", GIVEN, key=a_key())
    await owner.refused(422, "invoice.key_missing", "POST", "/invoice/invoices", GIVEN)
    assert await picture(database) == before


async def test_eight_taps_enter_one_invoice(owner, database):
    key = a_key()
    answers = await asyncio.gather(*(owner("POST", "/invoice/invoices", GIVEN, key=key) for _ in range(8)))
    assert sorted(a.status_code for a in answers) == [200] * 7 + [201]
    assert len({a.json()["invoice_id"] for a in answers}) == 1


async def test_income_without_invoice_gets_a_number_of_our_own(owner):
    given = {**GIVEN, "kind": "none", "invoice_no": None, "lines": [{**LINE, "amount_fen": -500}]}
    made = await owner.ok("POST", "/invoice/invoices", given, key=a_key())
    assert (made["is_red"], made["amount_fen"], made["tax_fen"]) == (True, -500, -5)
    assert len(made["invoice_no"]) == 20
    assert made["invoice_no"].startswith("00")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"invoice_no": None}, 422, "invoice.number_needed"),
        ({"kind": "none"}, 422, "invoice.number_needed"),
        ({"issued_on": "2026-11-24"}, 422, "invoice.date_impossible"),
        ({"issued_on": "1993-12-31"}, 422, "invoice.date_impossible"),
        ({"issued_on": "2026-02-30"}, 422, "plumbing.malformed"),
        ({"lines": []}, 422, "plumbing.malformed"),
        ({"lines": [{**LINE, "levy_rate": "0.02"}]}, 422, "plumbing.malformed"),
        ({"lines": [{**LINE, "amount_fen": 2**53}]}, 422, "plumbing.malformed"),
        ({"lines": [{**LINE, "amount_fen": 1.5}]}, 422, "plumbing.malformed"),
        ({"lines": [{**LINE, "item": "a\u0000"}]}, 422, "plumbing.malformed"),
        ({"lines": [{**LINE, "tax_fen": 1_003}]}, 422, "invoice.tax_mismatch"),
        ({"lines": [{**LINE, "amount_fen": 2**53 - 1}]}, 422, "invoice.amount_too_large"),
        ({"lines": [{**LINE, "amount_fen": -1}]}, 422, "invoice.red_without_original"),
        ({"red_of_invoice_no": "26440000000000000009"}, 422, "invoice.original_of_positive"),
        ({"invoice_no": "2.6E19"}, 422, "plumbing.malformed"),
        ({"nonsense": 1}, 422, "plumbing.malformed"),
    ],
)
async def test_an_invoice_that_cannot_be_is_refused_and_changes_nothing(owner, database, change, status, code):
    before = await picture(database)
    await owner.refused(status, code, "POST", "/invoice/invoices", {**GIVEN, **change}, key=a_key())
    assert await picture(database) == before


async def test_a_red_letter_fits_what_is_left_of_its_original(owner, database):
    await owner.ok("POST", "/invoice/invoices", GIVEN, key=a_key())

    def red(number, amount, original="26440000000000000001"):
        return {
            **GIVEN, "invoice_no": f"2644000000000000{number:04d}", "red_of_invoice_no": original,
            "lines": [{**LINE, "amount_fen": amount}],
        }  # fmt: skip

    await owner.ok("POST", "/invoice/invoices", red(2, -100_000), key=a_key())
    before = await picture(database)
    refusal = await owner.refused(
        409, "invoice.red_beyond_original", "POST", "/invoice/invoices", red(3, -51), key=a_key()
    )
    assert refusal["fields"]["left"] == "0.50"
    await owner.refused(
        409, "invoice.red_of_red", "POST", "/invoice/invoices", red(4, -1, "26440000000000000002"), key=a_key()
    )
    await owner.refused(
        409, "invoice.red_of_red", "POST", "/invoice/invoices", red(5, -1, "26440000000000000005"), key=a_key()
    )
    assert await picture(database) == before
    await owner.ok("POST", "/invoice/invoices", red(3, -50), key=a_key())
    await owner.ok("POST", "/invoice/invoices", red(6, -7, "19000000000000000001"), key=a_key())


async def test_pages_follow_each_other_and_sums_are_over_all(owner, database, clock):
    days = [date(2026, 7 + n % 4, 1 + n % 9) for n in range(25)]
    await put_invoices(database, clock, SHOP, *(make_invoice(n, 100 + n, on=day) for n, day in enumerate(days)))
    seen, cursor = [], ""
    while cursor is not None:
        page = await owner.ok("GET", f"/invoice/invoices?limit=7{cursor}")
        assert (page["count"], page["amount_fen"]) == (25, 2_800)
        seen += [(i["issued_on"], i["invoice_id"]) for i in page["invoices"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert len(seen) == 25
    assert seen == sorted(set(seen), reverse=True)
    third = await owner.ok("GET", "/invoice/invoices?period=2026Q3")
    assert third["count"] == sum(day.month < 10 for day in days)
    october = await owner.ok("GET", "/invoice/invoices?period=2026-10")
    assert third["count"] + october["count"] == 25


async def test_filters(owner, database, clock):
    await put_invoices(
        database, clock, SHOP, make_invoice(1, 100), make_invoice(2, 200, rate="0.03", kind="special"),
        make_invoice(3, 400, rate="0.05", real_estate=True),
    )  # fmt: skip

    async def amount(query):
        return (await owner.ok("GET", f"/invoice/invoices?{query}"))["amount_fen"]

    assert await amount("kind=special") == 200
    assert await amount("levy_rate=0.05") == 400
    assert await amount("levy_rate=0.05,0.01") == 500
    assert await amount("is_real_estate=false") == 300
    assert await amount("special=false") == 500
    assert await amount("q=000000000002") == 200
    assert await amount("q=云山") == 700
    assert await amount("q=%25") == 0
    assert await amount("q=_") == 0
    assert await amount("direction=received") == 0
    for bad in ("period=2026Q7", "cursor=x", "cursor=AAAA", "levy_rate=2", "levy_rate=0.01,"):
        await owner.refused(422, "invoice.query_malformed", "GET", f"/invoice/invoices?{bad}")
    for bad in ("limit=0", "limit=101", "kind=x", "q=%00"):
        await owner.refused(422, "plumbing.malformed", "GET", f"/invoice/invoices?{bad}")


async def test_invoices_belong_to_their_taxpayer(owner, client, database, clock):
    made = await owner.ok("POST", "/invoice/invoices", GIVEN, key=a_key())
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    await stranger.refused(404, "invoice.unknown", "GET", f"/invoice/invoices/{made['invoice_id']}")
    await owner.refused(404, "invoice.unknown", "GET", f"/invoice/invoices/{uuid4()}")
    assert (await stranger.ok("GET", "/invoice/invoices"))["count"] == 0
    # the same number with another taxpayer is another invoice
    assert (await stranger("POST", "/invoice/invoices", GIVEN, key=a_key())).status_code == 201
